using System.Globalization;
using Occam.Lab.Runs.Configuration;

namespace Occam.Lab.Runs.Sweeps;

/// <summary>A range that values are drawn from.</summary>
/// <param name="From">The least.</param>
/// <param name="To">The largest.</param>
internal sealed record RandomRange(double From, double To)
{
    /// <summary>Whether the logarithm is uniform, not the value.</summary>
    public bool Log { get; init; }

    /// <summary>Whether only whole numbers are drawn.</summary>
    public bool Whole { get; init; }

    /// <summary>What is wrong with the range; null for nothing.</summary>
    public string? Problem =>
        !double.IsFinite(From) || !double.IsFinite(To) || From > To ? $"a range from {ConfigurationText.Write(From)} to "
            + $"{ConfigurationText.Write(To)} holds nothing: give 'from' and a larger 'to'"
        : Log && From <= 0 ? $"a logarithmic range can't begin at {ConfigurationText.Write(From)}: give a positive 'from'"
        : null;

    /// <summary>Draws a value, to six digits.</summary>
    public string Draw(SeededRandom random)
    {
        var (low, high) = Whole ? (From - 0.5, To + 0.5) : (From, To);
        var value = Log ? Math.Exp(random.NextDouble(Math.Log(Math.Max(low, From / 2)), Math.Log(high))) : random.NextDouble(low, high);
        return Whole
            ? Math.Clamp(Math.Round(value), Math.Ceiling(From), Math.Floor(To)).ToString("F0", CultureInfo.InvariantCulture)
            : Math.Clamp(value, From, To).ToString("G6", CultureInfo.InvariantCulture);
    }
}
