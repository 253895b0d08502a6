using System.Globalization;

namespace Occam.Measures.Sharpness;

/// <summary>
/// Expected sharpness E_ν[L̂(w + ν)] − L̂(w), the second term of the PAC-Bayes bound (Neyshabur et al. 2017, eq. 5), for
/// ν_i ~ N(0, (α(10|w_i| + 1))²) as in their Appendix A: 1,000 draws of ν, each on a mini-batch of 64. The value is that at
/// one α; the others of the grid are among the details.
/// <para>
/// A mini-batch's loss at w + ν is compared with its loss at w, which leaves the mean as it is and takes from its error what
/// the examples differ by. All sizes share their noise. Weights: batch normalization folded, biases too; evaluation mode.
/// </para>
/// </summary>
/// <param name="Alpha">The size α of the perturbations that the value is of.</param>
/// <param name="Grid">The sizes α of the curve; 1e-4, 2e-4, 5e-4, … 0.1 when left out.</param>
/// <param name="Draws">Random perturbations, each on a mini-batch of its own.</param>
/// <param name="StandardError">Draw no more once every standard error is as small as this; all are drawn when left out.</param>
/// <param name="Batch">Examples of a mini-batch.</param>
public sealed record ExpectedSharpness(
    double Alpha = 0.005, ValueList<double>? Grid = null, int Draws = 1000, double? StandardError = null, int Batch = 64)
    : SharpnessMeasure(
    "expected-sharpness", "Expected sharpness", "Neyshabur et al. 2017, App. A",
    "$E_ν[L(w + ν)] − L(w)$, $ν_i ~ N(0, (α(10|w_i| + 1))²)$, over a grid of $α$")
{
    /// <summary>A size as it stands in a detail's name, where a point would begin another part: 0.0025 is 25e-4.</summary>
    internal static string SizeName(double size)
    {
        var parts = size.ToString("E5", CultureInfo.InvariantCulture).Split('E');
        var digits = parts[0].Replace(".", "").TrimEnd('0');
        return $"{digits}e{int.Parse(parts[1], CultureInfo.InvariantCulture) - digits.Length + 1}";
    }

    /// <summary>Expected sharpness at each size of the grid, from the details of a result of this measure.</summary>
    /// <param name="result">What <see cref="Measure.Measurement"/> gave.</param>
    public IEnumerable<(double Size, Uncertain Increase)> Curve(MeasureResult result) =>
        (Grid ?? NoiseCurve.UsualGrid).Select(size => (size, result.Estimate($"alpha={SizeName(size)}")));

    /// <inheritdoc/>
    public override string Meaning =>
        "How much the loss rises, on average, where the weights are moved at random: small at a flat minimum.";

    /// <inheritdoc/>
    public override string? Problem() =>
        PerturbationProblems.OfAlpha(Alpha) ?? PerturbationProblems.OfGrid(Grid) ?? PerturbationProblems.OfDraws(Draws)
        ?? PerturbationProblems.OfStandardError(StandardError) ?? PerturbationProblems.OfBatch(Batch);

    private protected override MeasureResult Compute(MeasureContext context, LossSurface surface)
    {
        var curve = NoiseCurve.Of(context, surface, Alpha, Grid, Draws, StandardError, Batch);
        var chosen = curve.At(Alpha);
        return Blank with
        {
            Quantity = chosen.Increase,
            Details =
            [
                new("alpha", chosen.Size), new("loss", curve.Loss), new("draws", chosen.Draws),
                .. curve.Points.SelectMany(point => UncertainDetails.Named($"alpha={SizeName(point.Size)}", point.Increase)),
            ],
            Notes = [$"{chosen.Draws} perturbations, each on {Math.Min(Batch, surface.Examples)} examples (seed {context.Options.Seed})"],
        };
    }
}
