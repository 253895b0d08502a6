using System.Collections.Immutable;
using System.Text.Json;
using Occam.Lab.Text;

namespace Occam.Lab.Measuring;

/// <summary>
/// What another measurement found, against which a network is steep or flat: the same network at initialization, one trained on random
/// labels, last week's.
/// </summary>
/// <param name="Name">What it is called: the file it was read from, or "at initialization".</param>
/// <param name="Network">The network's file, without its folder.</param>
/// <param name="Data">The data it was measured on.</param>
/// <param name="Examples">How many examples of them.</param>
/// <param name="Values">The values of its measures, by their names.</param>
public sealed record Baseline(string Name, string Network, string Data, long Examples, ImmutableDictionary<string, double> Values)
{
    private const long MostBytes = 64 << 20;
    private static readonly string[] s_parts = ["network", "data", "measures"];

    /// <summary>What was measured, as a baseline.</summary>
    public static Baseline Of(MeasuredNetwork measured, string name) => new(
        name, measured.Name, measured.Data.Name, measured.Data.Count,
        measured.Results.Where(result => result.Value is { } value && double.IsFinite(value))
            .ToImmutableDictionary(result => result.Name, result => result.Value!.Value));

    /// <summary>Reads what <c>occam measure --json</c> wrote.</summary>
    /// <exception cref="OccamException">It can't be read, or is something else.</exception>
    public static Baseline Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(PlainFile.ReadAllBytes(path, MostBytes));
            var (root, values) = (document.RootElement, ImmutableDictionary.CreateBuilder<string, double>());
            string[] missing = [.. s_parts.Where(part => !root.TryGetProperty(part, out _)).Select(part => $"\"{part}\"")];
            if (missing.Length > 0)
            {
                throw new FormatException($"it has no {string.Join(", no ", missing)}");
            }

            foreach (var measure in root.GetProperty("measures").EnumerateArray())
            {
                if (measure.GetProperty("value") is { ValueKind: JsonValueKind.Number } value)
                {
                    values[NameOf(measure)] = value.GetDouble();
                }
            }

            var data = root.GetProperty("data");
            return new Baseline(
                Path.GetFileName(path), Text(root.GetProperty("network")), Text(data), data.GetProperty("count").GetInt64(),
                values.ToImmutable());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"can't read the baseline {path}: {e.Message}");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            var what = e is KeyNotFoundException ? "a part of it lacks what it should have" : PrintableText.Short(e.Message);
            throw new OccamException($"the baseline {path} is not what 'occam measure --json' writes: {what}");
        }
    }

    /// <summary>How a network is against it, a sentence each; none where they have no slope or margins in common.</summary>
    public ImmutableArray<string> Against(MeasuredNetwork measured)
    {
        var here = Of(measured, "");
        string?[] sentences =
        [
            Slope(here.Values, Values, Phrase), Steepest(here.Values, Values), Margins(here.Values, Values),
        ];
        string[] told = [.. sentences.OfType<string>()];
        return told.Length == 0 || (here.Data == Data && here.Examples == Examples)
            ? [.. told]
            : [.. told, $"That was measured on {Counted.Of(Examples, "example")} of {PrintableText.Short(Data)}: part of the "
                + "difference may be theirs."];
    }

    private string Phrase => $"{PrintableText.Short(Network)} ({PrintableText.Short(Name)})";

    private static string? Slope(ImmutableDictionary<string, double> here, ImmutableDictionary<string, double> there, string other)
    {
        if (!here.TryGetValue("geometric-complexity", out var own) || !there.TryGetValue("geometric-complexity", out var its)
            || own <= 0 || its <= 0)
        {
            return null;
        }

        var values = $"its geometric complexity is {Numbers.Format(own, 3)}, there it is {Numbers.Format(its, 3)}";
        return own == its
            ? $"It is as steep as {other} by its mean squared slope: its geometric complexity is {Numbers.Format(own, 3)}, too."
            : own > its ? $"Against {other} it is {NumberText.Times(own / its)} as steep by its mean squared slope: {values}."
            : $"Against {other} it is flatter, {NumberText.Times(its / own)} less steep by its mean squared slope: {values}.";
    }

    private static string? Steepest(ImmutableDictionary<string, double> here, ImmutableDictionary<string, double> there) =>
        here.TryGetValue("local-lipschitz", out var own) && there.TryGetValue("local-lipschitz", out var its)
            ? $"In its steepest direction its slope is {Numbers.Format(own, 3)} on average, there {Numbers.Format(its, 3)}."
            : null;

    private static string? Margins(ImmutableDictionary<string, double> here, ImmutableDictionary<string, double> there) =>
        here.TryGetValue("margin", out var own) && there.TryGetValue("margin", out var its)
            ? $"The 5th percentile of its margins is {Numbers.Format(own, 3)}, there {Numbers.Format(its, 3)}"
                + (own == its ? "." : own > its ? "; larger is safer." : "; smaller is less safe.")
            : null;

    private static string Text(JsonElement named) => named.GetProperty("name").GetString() ?? "";

    // With the parameters in their order, as measures are called.
    private static string NameOf(JsonElement measure)
    {
        var id = measure.GetProperty("id").GetString() ?? "";
        return measure.TryGetProperty("parameters", out var parameters) && parameters.EnumerateObject().Any()
            ? $"{id}({string.Join(", ", parameters.EnumerateObject().Select(one => $"{one.Name}={one.Value.GetString()}"))})"
            : id;
    }
}
