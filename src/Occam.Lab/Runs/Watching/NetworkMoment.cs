using System.Globalization;
using System.Text.RegularExpressions;

namespace Occam.Lab.Runs.Watching;

/// <summary>When in a training a network was written, as far as its file's name says.</summary>
/// <param name="Step">The step; null where the name has no number.</param>
/// <param name="Epoch">The epoch; null where the name doesn't say.</param>
internal readonly partial record struct NetworkMoment(long? Step, long? Epoch)
{
    /// <summary>
    /// Reads a name: the number after <c>step</c>, or else after <c>epoch</c>, or else the last one. So <c>epoch=3-step=1200.onnx</c>,
    /// <c>net-1200.onnx</c> and <c>checkpoint_001200.onnx</c> are all of step 1,200.
    /// </summary>
    /// <param name="name">The file's name, without its folder.</param>
    public static NetworkMoment OfName(string name)
    {
        var stem = Path.GetFileNameWithoutExtension(name);
        var epoch = Number(EpochPattern().Match(stem));
        return new NetworkMoment(Number(StepPattern().Match(stem)) ?? epoch ?? Number(LastPattern().Match(stem)), epoch);
    }

    private static long? Number(Match match) =>
        match.Success && long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    [GeneratedRegex(@"(?:step|iter(?:ation)?)[-_=]?(\d+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StepPattern();

    [GeneratedRegex(@"epoch[-_=]?(\d+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EpochPattern();

    [GeneratedRegex(@"(\d+)\D*$", RegexOptions.CultureInvariant)]
    private static partial Regex LastPattern();
}
