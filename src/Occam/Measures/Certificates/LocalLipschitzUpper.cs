using System.Collections.Immutable;
using System.Diagnostics;
using MathNet.Numerics.Statistics;

namespace Occam.Measures.Certificates;

/// <summary>
/// Upper bounds of the logits' Lipschitz constants in a ball around each example: no two points of B(x, r) are driven further apart by the
/// network, times their distance. The value is the mean.
/// <para>
/// Values are enclosed by intervals and by affine forms (an interval's radius is carried by |W|; errors of bent functions keep a column of
/// their own: Weng et al. 2018, Singh et al. 2018). They bound the slope of each bent function from both sides. The Jacobian is then
/// J + Σ_a G_a Δ_a T_a: J at the middles of all slopes, G_a what comes after node a at those middles, Δ_a what its slopes differ from them,
/// and T_a, the Jacobian before a, of which the same is known. So ‖J(x')‖ ≤ ‖J‖ + Σ_a ‖G_a R_a^{1/2}‖ ‖R_a^{1/2} T_a‖ with |Δ_a| ≤ R_a, a
/// linear relaxation as those of Zhang et al. 2019 (RecurJac) and Shi et al. 2022. Where a bound of the whole is smaller, it counts:
/// <see cref="LeastGlobalBound"/>.
/// </para>
/// <para>
/// In float64, of the function that the stored weights define. Rounding is bounded at each node and moves the bounds outwards.
/// </para>
/// </summary>
/// <param name="Radius">r, in units of the network's input.</param>
/// <param name="Norm">
/// The ball's norm and that of the constant: <c>l2</c>, or <c>linf</c> for the largest sum of the magnitudes of a row of the Jacobian.
/// </param>
public sealed record LocalLipschitzUpper(double Radius = 0.1, BallNorm Norm = BallNorm.L2) : Measure(
    "local-lipschitz-upper", "Lipschitz constant in a ball, upper bound", "Zhang et al. 2019; Shi et al. 2022",
    "$1/|D| Σ_{x∈D} L(x)$, $L(x) ≥ ‖J(z)‖$ for all $z$ with $‖z − x‖ ≤ r$",
    MeasureNeeds.Data | MeasureNeeds.Between | MeasureNeeds.Graph | MeasureNeeds.Derivative)
{
    /// <inheritdoc/>
    public override string Meaning => "How steep the network can be at most near each example: proven.";

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <inheritdoc/>
    public override string? Problem() =>
        Unless(Radius >= 0 && double.IsFinite(Radius), $"a radius of {Radius}", "a number that isn't negative");

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var why = "";
        var enclosures = LocalEnclosures.Of(context);
        var found = context.ByExample($"local-lipschitz-upper-{Radius:R}-{Norm}", batch =>
        {
            var bounds = new double[batch.Count];
            for (var i = 0; i < bounds.Length; i++)
            {
                var clock = Stopwatch.StartNew();
                var (bound, reason) = enclosures.Constant(
                    batch.Inputs.Narrow(0, i, 1), Radius, Norm == BallNorm.L2, context.Options.Cancellation);
                why = why.Length > 0 || bound is not null ? why : $"at example {batch.Indices[i]}, {reason}";
                bounds[i] = bound ?? double.PositiveInfinity;
                ExampleTime.Tell(context, this, batch.Indices[i], clock.Elapsed);
                batch.Progress((i + 1.0) / bounds.Length);
            }

            return [bounds];
        })[0];
        var global = Norm == BallNorm.L2 ? LeastGlobalBound.Of(context) : double.PositiveInfinity;
        double[] least = [.. found.Select(bound => Math.Min(bound, global))];
        return least.Any(double.IsInfinity)
            ? Blank with { NotApplicable = why.Length > 0 ? why : "no finite bound at an example" }
            : Blank with
            {
                Quantity = Uncertain.WithoutError(least.Mean()) with { Side = BoundSide.Upper },
                Details =
                [
                    new("maximum", least.Max()),
                    new("median", Statistics.QuantileCustom(least, 0.5, QuantileDefinition.R7)),
                    new("p95", Statistics.QuantileCustom(least, 0.95, QuantileDefinition.R7)),
                    new("byGlobalBound", found.Count(bound => bound > global) / (double)found.Length),
                ],
                PerExample = [.. least],
                IsMeanOfExamples = true,
                Notes = Notes(),
            };
    }

    private ImmutableArray<string> Notes() =>
    [
        $"in balls of {(Norm == BallNorm.L2 ? "ℓ2" : "ℓ∞")} radius {Radius} in units of the network’s input; the constant is of that norm",
        "in float64, of the function that the stored weights define: rounding is bounded at each node and moves the bounds outwards",
        .. Norm == BallNorm.L2
            ? ["byGlobalBound: the share of examples where a bound of the whole is smaller, and counts: lipschitz-upper, or the least of "
                + "lipschitz-certificate and lipschitz-exact where these are asked for, too"]
            : (string[])[],
    ];
}
