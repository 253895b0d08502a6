using System.Globalization;

namespace Occam.Measures.Sharpness;

/// <summary>
/// Expected sharpness E_ν[L̂(w + ν)] − L̂(w), the second term of the PAC-Bayes bound (Neyshabur et al. 2017, eq. 5), for
/// ν_i ~ N(0, (α(10|w_i| + 1))²) as in their Appendix A: 1,000 draws of ν, each on a mini-batch of 64. The value is that at
/// α = 0.005, or at the α of the options; the others of the grid are among the details.
/// <para>
/// A mini-batch's loss at w + ν is compared with its loss at w, which leaves the mean as it is and takes from its error what
/// the examples differ by. All sizes share their noise. Weights: batch normalization folded, biases too; evaluation mode.
/// </para>
/// </summary>
public sealed record ExpectedSharpness() : SharpnessMeasure(
    "expected-sharpness", "Expected sharpness", "Neyshabur et al. 2017, App. A",
    "E_ν[L(w + ν)] − L(w), ν_i ~ N(0, (α(10|w_i| + 1))²), over a grid of α")
{
    /// <summary>The curve over the options' grid and the α asked for, computed once a run.</summary>
    internal static NoiseCurve CurveOf(MeasureContext context, LossSurface surface)
    {
        var options = context.Options.Sharpness;
        return context.Shared("expected sharpness", () => new GaussianNoise(context, surface, GaussianNoise.MagnitudeScale(surface.Weights.Origin))
            .Curve([.. options.Grid.Append(AlphaOf(options)).Distinct().Order()], options.StandardError));
    }

    /// <summary>The α that is reported on.</summary>
    internal static double AlphaOf(SharpnessOptions options) => options.Alpha ?? SharpnessOptions.UsualAlpha;

    /// <summary>A size as it stands in a detail's name, where a point would begin another part: 0.0025 is 25e-4.</summary>
    public static string Name(double size)
    {
        var parts = size.ToString("E5", CultureInfo.InvariantCulture).Split('E');
        var digits = parts[0].Replace(".", "").TrimEnd('0');
        return $"{digits}e{int.Parse(parts[1], CultureInfo.InvariantCulture) - digits.Length + 1}";
    }

    private protected override MeasureResult Compute(MeasureContext context, LossSurface surface)
    {
        var options = context.Options.Sharpness;
        var curve = CurveOf(context, surface);
        var chosen = curve.At(AlphaOf(options));
        return Blank with
        {
            Quantity = chosen.Increase,
            Details =
            [
                new("alpha", chosen.Size), new("loss", curve.Loss), new("draws", chosen.Draws),
                .. curve.Points.SelectMany(point => new KeyValuePair<string, double>[]
                {
                    new($"alpha={Name(point.Size)}", point.Increase.Value),
                    new($"alpha={Name(point.Size)}.standardError", point.Increase.StandardError),
                }),
            ],
            Notes = [$"{chosen.Draws} perturbations, each on {Math.Min(options.Batch, surface.Examples)} examples (seed {context.Options.Seed})"],
        };
    }
}
