using System.Collections.Immutable;
using System.Diagnostics;
using MathNet.Numerics.Statistics;

namespace Occam.Measures.Certificates;

/// <summary>
/// Certified radii: how far an example may be moved, in any direction, without another class being chosen (Tsuzuku et al. 2018, in its
/// local form). The largest radius r that a search finds with f_y − f_j > 0 in all of B(x, r) for all j ≠ y, from lower bounds of these
/// differences: their value at x minus the norm of their row of linear bounds and what bent functions add to it, so that no √2 L(B(x, r)) r
/// is needed in place of a row's own. 0 where the example is classified wrongly. The value is the mean.
/// <para>
/// Sound, not complete: nothing within its radius changes the class, and beyond it something may or may not. Enclosures as in
/// <c>local-lipschitz-upper</c>, in float64 with rounding on the safe side.
/// </para>
/// </summary>
/// <param name="Epsilon">The radius at which the share of certified examples is told.</param>
/// <param name="Norm">The ball's norm: <c>l2</c> or <c>linf</c>.</param>
public sealed record CertifiedRadius(double Epsilon = 0.1, BallNorm Norm = BallNorm.L2) : Measure(
    "certified-radius", "Certified radius, mean", "Tsuzuku et al. 2018",
    "$1/|D| Σ_{x∈D} r(x)$, $f_y(z) > f_j(z)$ for all $j ≠ y$ and all $z$ with $‖z − x‖ ≤ r(x)$",
    MeasureNeeds.Data | MeasureNeeds.Labels | MeasureNeeds.Between | MeasureNeeds.Graph)
{
    // A radius is found to this part of it.
    private const double Tolerance = 0.01;
    private const int MostSteps = 60;

    /// <inheritdoc/>
    public override string Meaning => "How far an input may be moved, in any direction, with proof that its class stays the same.";

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <inheritdoc/>
    public override string? Problem() => Unless(Epsilon >= 0 && double.IsFinite(Epsilon), $"a radius of {Epsilon}", "a number from 0 on");

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        if (context.HasPositions)
        {
            return Blank with { NotApplicable = "is of one answer an example, and the network gives one for each position" };
        }

        var labels = context.Data!.RequireLabels((int)Math.Max(2, context.Outputs));
        var enclosures = LocalEnclosures.Of(context);
        var why = "";
        var found = context.ByExample($"certified-radius-{Norm}", batch =>
        {
            var (radii, margins) = (new double[batch.Count], new double[batch.Count]);
            for (var i = 0; i < radii.Length; i++)
            {
                var clock = Stopwatch.StartNew();
                var search = new RadiusSearch(
                    enclosures, batch.Inputs.Narrow(0, i, 1), labels[batch.Indices[i]], Norm, context.Options.Cancellation);
                (radii[i], margins[i]) = search.Find(Tolerance, MostSteps);
                why = why.Length > 0 || search.Why.Length == 0 ? why : $"at example {batch.Indices[i]}, {search.Why}";
                ExampleTime.Tell(context, this, batch.Indices[i], clock.Elapsed);
                batch.Progress((i + 1.0) / radii.Length);
            }

            return [radii, margins];
        });
        var (radii, margins) = (found[0], found[1]);
        if (radii.Any(double.IsNaN))
        {
            return Blank with { NotApplicable = why.Length > 0 ? why : "no finite bound at an example" };
        }

        double Quantile(double p) => Statistics.QuantileCustom(radii, p, QuantileDefinition.R7);
        return Blank with
        {
            Quantity = Uncertain.LowerBound(radii.Mean()),
            Details =
            [
                new("certified", Share(radii, Epsilon)), new("accuracy", margins.Count(margin => margin > 0) / (double)margins.Length),
                new("p5", Quantile(0.05)), new("median", Quantile(0.5)), new("p95", Quantile(0.95)), new("maximum", radii.Max()),
                .. ByGlobalBound(context, margins),
            ],
            PerExample = [.. radii],
            IsMeanOfExamples = true,
            Curve = Curve(radii),
            Notes =
            [
                $"radii in {(Norm == BallNorm.L2 ? "ℓ2" : "ℓ∞")}, in units of the network’s input; certified: the share of all examples "
                    + $"whose radius is at least {Epsilon} and whose class is right; accuracy: the share whose class is right",
                "sound, not complete: within its radius nothing changes an example’s class, and beyond it something may or may not",
            ],
        };
    }

    // Tsuzuku et al.'s own: the margin over √2 L with the global bound.
    private IEnumerable<KeyValuePair<string, double>> ByGlobalBound(MeasureContext context, double[] margins)
    {
        if (Norm == BallNorm.L2 && LeastGlobalBound.Of(context) is > 0 and < double.PositiveInfinity and var bound)
        {
            var slope = context.Outputs == 1 ? bound : Math.Sqrt(2) * bound;
            yield return new("byGlobalBound", margins.Average(margin => Math.Max(0, margin) / slope));
        }
    }

    private static double Share(double[] radii, double least) =>
        radii.Count(radius => radius > 0 && radius >= least) / (double)radii.Length;

    private static MeasureCurve Curve(double[] radii)
    {
        ImmutableArray<double> steps = [.. radii.Where(radius => radius > 0).Append(0).Distinct().Order()];
        return new MeasureCurve("radius", "certified share", steps, [.. steps.Select(step => (Uncertain)Share(radii, step))]);
    }
}
