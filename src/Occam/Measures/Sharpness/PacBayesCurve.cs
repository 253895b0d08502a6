namespace Occam.Measures.Sharpness;

/// <summary>
/// The curve that Neyshabur et al. 2017 plot (fig. 2): the KL divergence, α⁻² Σ (w_i/(10|w_i| + 1))², against expected
/// sharpness, as the size α of the perturbations varies. The value is the divergence at an expected sharpness of 0.05, the
/// level that they compare networks at (§2.4): the smaller, the simpler. Between the points of the grid ln KL is
/// interpolated linearly in the expected sharpness; it has no value where the grid doesn't reach the level.
/// </summary>
/// <param name="Alpha">A size α beside the grid's.</param>
/// <param name="Grid">The sizes α of the curve; 1e-4, 2e-4, 5e-4, … 0.1 when left out.</param>
/// <param name="Draws">Random perturbations, each on a mini-batch of its own.</param>
/// <param name="StandardError">Draw no more once every standard error is as small as this; all are drawn when left out.</param>
/// <param name="Batch">Examples of a mini-batch.</param>
public sealed record PacBayesCurve(
    double Alpha = 0.005, ValueList<double>? Grid = null, int Draws = 1000, double? StandardError = null, int Batch = 64)
    : SharpnessMeasure(
    "pac-bayes-curve", "KL divergence at sharpness 0.05", "Neyshabur et al. 2017, fig. 2",
    "$KL$ at the $α$ where $E_ν[L(w + ν)] − L(w) = 0.05$, from the curve of both over $α$")
{
    private const double Level = 0.05;

    /// <summary>
    /// ln KL at a level, how much it changes with the sharpness there, and the index of the point above the level; null where the points
    /// don't surround it.
    /// </summary>
    /// <param name="points">Expected sharpness with its KL, in the order of α.</param>
    /// <param name="level">The expected sharpness.</param>
    public static (double LogKl, double Slope, int Above)? Interpolate(IReadOnlyList<(double Sharpness, double Kl)> points, double level)
    {
        // From the largest perturbations down: noise at the smallest could cross the level by chance.
        for (var i = points.Count - 1; i > 0; i--)
        {
            var ((below, klBelow), (above, klAbove)) = (points[i - 1], points[i]);
            if (below <= level && level <= above && above > below)
            {
                var slope = (Math.Log(klAbove) - Math.Log(klBelow)) / (above - below);
                return (Math.Log(klBelow) + (slope * (level - below)), slope, i);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string Meaning => "What a bound on the error pays where random moves of the weights raise the loss by 0.05.";

    /// <inheritdoc/>
    public override string? Problem() =>
        PerturbationProblems.OfAlpha(Alpha) ?? PerturbationProblems.OfGrid(Grid) ?? PerturbationProblems.OfDraws(Draws)
        ?? PerturbationProblems.OfStandardError(StandardError) ?? PerturbationProblems.OfBatch(Batch);

    private protected override MeasureResult Compute(MeasureContext context, LossSurface surface)
    {
        var norm = KlDivergence.WeightedNorm(surface.Weights);
        if (norm == 0)
        {
            return Blank with { NotApplicable = "is defined for weights that aren't all zero" };
        }

        var points = NoiseCurve.Of(context, surface, Alpha, Grid, Draws, StandardError, Batch).Points;
        double Kl(NoisePoint point) => norm / (point.Size * point.Size);
        if (Interpolate([.. points.Select(point => (point.Increase.Value, Kl(point)))], Level) is not { } found)
        {
            return Blank with
            {
                NotApplicable = $"needs an expected sharpness of {Level} on its grid, and α from {Numbers.Format(points[0].Size, 4)} to "
                    + $"{Numbers.Format(points[^1].Size, 4)} gives {Numbers.Format(points.Min(point => point.Increase.Value), 4)} to "
                        + $"{Numbers.Format(points.Max(point => point.Increase.Value), 4)}",
            };
        }

        var value = Math.Exp(found.LogKl);
        return Blank with
        {
            Quantity = Quantity(points[found.Above - 1].Increase, points[found.Above].Increase, found.LogKl, found.Slope),
            Details =
            [
                new("sharpness", Level), new("alpha", Math.Sqrt(norm / value)),
                .. points.SelectMany(point => new KeyValuePair<string, double>[]
                {
                    new($"alpha={ExpectedSharpness.SizeName(point.Size)}.sharpness", point.Increase.Value),
                    new($"alpha={ExpectedSharpness.SizeName(point.Size)}.standardError", point.Increase.StandardError),
                    new($"alpha={ExpectedSharpness.SizeName(point.Size)}.kl", Kl(point)),
                }),
            ],
            Notes = [$"{points[found.Above].Draws} perturbations (seed {context.Options.Seed}), the same for every α; the standard error "
                + "is that of the points on either side of the level, carried over"],
        };
    }

    // The points' noise is shared, so that their errors add as they are. By logarithms, of which the value is the interpolation.
    private static Uncertain Quantity(Uncertain below, Uncertain above, double logKl, double slope)
    {
        var part = (Level - below.Value) / (above.Value - below.Value);
        var error = Math.Abs(slope) * (((1 - part) * below.StandardError) + (part * above.StandardError));
        var logarithm = new Uncertain(logKl, error, Math.Min(below.Samples, above.Samples));
        return logarithm.Through(Math.Exp(logKl), Math.Exp(logKl)) with
        {
            Interval95 = logarithm.Interval95 is { } ends ? new Interval(Math.Exp(ends.Low), Math.Exp(ends.High)) : null,
        };
    }
}
