using System.Collections.Frozen;
using Occam.Data;
using Occam.Networks.Builders;
using Occam.Training;

namespace Occam.Lab.Runs.Configuration;

/// <summary>How values that aren't numbers, words or mappings are written in a configuration.</summary>
/// <param name="Expected">What to write, for messages and the reference.</param>
/// <param name="Parse">Reads a text.</param>
/// <param name="Write">Writes a value so that it can be read again.</param>
internal sealed record TextForm(string Expected, Func<string, object> Parse, Func<object, string> Write)
{
    /// <summary>The types that have one.</summary>
    public static FrozenDictionary<Type, TextForm> All { get; } = new Dictionary<Type, TextForm>
    {
        [typeof(Cadence)] = Of(CadenceText.Expected, CadenceText.Parse, CadenceText.Write),
        [typeof(CheckpointPlan)] = Of(CheckpointPlan.Expected, CheckpointPlan.Parse, plan => plan.ToString()),
        [typeof(NormalizationChoice)] = Of(
            "`default`, `none`, `MEAN,STD` or `MEAN,MEAN,MEAN/STD,STD,STD`", NormalizationChoice.Parse, WriteNormalization),
        [typeof(PictureSize)] = Of("`HEIGHTxWIDTH`, such as `32x32`", PictureSize.Parse, size => $"{size.Height}x{size.Width}"),
        [typeof(InitializationScheme)] = Of(
            string.Join(", ", InitializationScheme.All.Select(scheme => $"`{scheme.Id}`")), InitializationScheme.Parse,
            scheme => scheme.Id),
        [typeof(Precision)] = Of(string.Join(", ", Precisions.NamesOf(Precisions.OfNetworks).Select(name => $"`{name}`")),
            text => Precision.Parse(text, Precisions.OfNetworks), precision => precision.Name),
    }.ToFrozenDictionary();

    private static TextForm Of<T>(string expected, Func<string, T> parse, Func<T, string> write)
        where T : notnull => new(expected, text => parse(text), value => write((T)value));

    private static string WriteNormalization(NormalizationChoice choice) =>
        choice.UsesDefault ? "default"
        : choice.Given is { } given ? $"{WriteNumbers(given.Mean)}/{WriteNumbers(given.StandardDeviation)}"
        : "none";

    private static string WriteNumbers(IEnumerable<double> numbers) =>
        string.Join(',', numbers.Select(number => ConfigurationText.Write(number)));
}
