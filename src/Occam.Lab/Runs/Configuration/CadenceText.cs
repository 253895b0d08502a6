using System.Globalization;
using Occam.Training;

namespace Occam.Lab.Runs.Configuration;

/// <summary>Cadences as configurations write them.</summary>
internal static class CadenceText
{
    public const string Expected =
        "`100 steps`, `2 epochs`, `10 per decade` (of steps) or `ends`; before the first step and after the last in any case";

    /// <summary>Reads a cadence.</summary>
    /// <exception cref="OccamException">It isn't one.</exception>
    public static Cadence Parse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["ends"])
        {
            return Cadence.Ends;
        }

        var (count, unit) = words.Length > 0
            && long.TryParse(words[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (number, string.Join(' ', words[1..]))
            : (1, string.Join(' ', words));
        return unit switch
        {
            "step" or "steps" => Cadence.EverySteps(count),
            "epoch" or "epochs" => Cadence.EveryEpochs(count),
            "per decade" when count <= int.MaxValue => Cadence.Logarithmic((int)count),
            _ => throw new OccamException($"'{text}' is no cadence: expected {Expected.Replace("`", "'")}"),
        };
    }

    /// <summary>Writes a cadence.</summary>
    public static string Write(Cadence cadence) =>
        cadence.Steps > 0 ? $"{cadence.Steps} steps"
            : cadence.Epochs > 0 ? $"{cadence.Epochs} epochs"
            : cadence.PerDecade > 0 ? $"{cadence.PerDecade} per decade"
            : "ends";
}
