using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// A PAC-Bayes bound on the expected error of the randomly perturbed network, E_ν[L(w + ν)] with ν ~ N(0, σ²) and L the share of
/// errors, by Neyshabur et al. 2017, eq. 5 and 6: E_ν[L̂(w + ν)] + √((‖w‖²/(2σ²) + ln(2m/δ′))/m) with the prior N(0, σ²),
/// the least over σ = 2⁰, 2⁻¹, …, 2⁻¹².
/// <para>
/// It is a bound: with probability 1 − δ over the m examples and the draws, for networks trained on
/// these examples and no others. Half of δ goes to eq. 5, divided over all priors that were tried (a union bound); half to the expected
/// error on the examples, which is estimated from the draws and raised to its upper Chernoff bound. It is the
/// perturbed network's error that is bounded, not that of w. Above 1 it says nothing. Batch normalization folded.
/// </para>
/// <para>
/// Eq. 6 is printed with ln(1/δ) in place of eq. 5's ln(2m/δ), and holds in that form only where KL + ln(1/δ) is
/// at least ln(2√m): the detail <c>eq6</c> has it as printed, without the union and without the error of the draws.
/// With the weights at initialization, <c>fromInitialization</c> is the same with the prior there: ‖w − w⁰‖² for ‖w‖².
/// The magnitude-aware form perturbs by s_i = α(10|w_i| + 1), α over the grid, with priors N(0, λ²), λ = 2¹, …, 2⁻¹².
/// </para>
/// </summary>
/// <param name="Delta">The probability δ with which the bound may fail.</param>
/// <param name="Grid">The sizes α of the magnitude-aware perturbations; 1e-4, 2e-4, 5e-4, … 0.1 when left out.</param>
/// <param name="Draws">Random perturbations, each on a mini-batch of its own.</param>
/// <param name="Batch">Examples of a mini-batch.</param>
public sealed record PacBayesBound(double Delta = 0.05, ValueList<double>? Grid = null, int Draws = 1000, int Batch = 64)
    : SharpnessMeasure(
    "pac-bayes-bound", "PAC-Bayes bound", "Neyshabur et al. 2017, eq. 5, 6",
    "$min_σ (E_ν[L(w + ν)] + √{{‖w‖²/(2σ²) + ln(2m/δ)}/m})$, $ν ~ N(0, σ²)$: a bound on the error of $w + ν$")
{
    private static readonly ImmutableArray<double> s_deviations = [.. Enumerable.Range(0, 13).Select(k => Math.Pow(2, k - 12))];
    private static readonly ImmutableArray<double> s_priors = [.. Enumerable.Range(0, 14).Select(k => Math.Pow(2, k - 12))];

    /// <inheritdoc/>
    public override string Meaning => "An error that the network with slightly random weights will hardly exceed on new data.";

    /// <inheritdoc/>
    public override string? Problem() =>
        Unless(Delta is > 0 and < 1, $"a bound that fails with probability {Delta}", "a number between 0 and 1")
        ?? PerturbationProblems.OfGrid(Grid) ?? PerturbationProblems.OfDraws(Draws) ?? PerturbationProblems.OfBatch(Batch);

    private protected override MeasureResult Compute(MeasureContext context, LossSurface surface)
    {
        var sums = ScaledWeights.Of(surface.Weights);
        using var noise = new GaussianNoise(context, surface, scale: null);
        var curve = noise.Curve(s_deviations, Draws, Batch, target: null, share: 0.5);
        var spherical = Spherical(surface, curve, sums.Squares);
        var initial = context.Subject.Initial is { } before
            ? Spherical(surface, curve, surface.Weights.SumFrom(before, v => v.Square()))
            : null;
        var aware = MagnitudeAware(context, surface, sums);
        var m = surface.Examples;
        var sigma = spherical.Size;
        return Blank with
        {
            Quantity = Uncertain.WithoutError(spherical.Value) with { Side = BoundSide.Upper },
            Details =
            [
                new("sigma", sigma), new("delta", Delta), new("examples", m),
                new("trainingError", surface.Errors.Average()), new("perturbedError", spherical.Error),
                new("perturbedError.atMost", spherical.ErrorAtMost), new("kl", spherical.Kl),
                new("eq6", spherical.Error + Math.Sqrt((spherical.Kl + Math.Log(1 / Delta)) / m)),
                .. initial is null ? [] : new KeyValuePair<string, double>[] { new("fromInitialization", initial.Value), new(
                    "fromInitialization.sigma", initial.Size), new("fromInitialization.kl", initial.Kl) },
                new("magnitudeAware", aware.Value), new("magnitudeAware.alpha", aware.Size), new("magnitudeAware.priorDeviation",
                    aware.Prior), new("magnitudeAware.kl", aware.Kl), new("magnitudeAware.perturbedError", aware.Error),
            ],
            Notes =
            [
                $"bounds the error of the network with random weights w + ν, not that of w, with probability "
                    + $"{Numbers.Format(1 - Delta, 4)}, if the {m} examples are all that it was trained on",
                $"{Draws} perturbations (seed {context.Options.Seed}); their Chernoff bound and the search over σ are in the value",
                .. spherical.Value >= 1 ? ["it is 1 or more, and says nothing"] : (string[])[],
            ],
        };
    }

    /// <param name="surface">The surface.</param>
    /// <param name="curve">The errors over σ.</param>
    /// <param name="squared">The squared norm of the weights' displacement from the prior's mean.</param>
    private Found Spherical(LossSurface surface, NoiseCurve curve, double squared) =>
        Least(surface, curve, 1, point => [(point.Size, squared / (2 * point.Size * point.Size))]);

    private Found MagnitudeAware(MeasureContext context, LossSurface surface, ScaledWeights sums)
    {
        using var noise = new GaussianNoise(
            context, surface, w => GaussianNoise.MagnitudeScale(w.To(ScalarType.Float64)).To(surface.Weights.Type));
        var curve = noise.Curve([.. Grid ?? NoiseCurve.UsualGrid], Draws, Batch, target: null, share: 0.5, done: 0.5);
        return Least(
            surface, curve, s_priors.Length,
            point => s_priors.Select(lambda => (lambda, sums.Divergence(point.Size, lambda).Total)));
    }

    /// <summary>The least bound over the points of a curve and the priors of each.</summary>
    private Found Least(
        LossSurface surface, NoiseCurve curve, int priors, Func<NoisePoint, IEnumerable<(double Prior, double Kl)>> divergences)
    {
        var half = Delta / 2;
        IEnumerable<Found> At(NoisePoint point)
        {
            var error = PacBayes.MeanAtMost(point.Error, point.Draws, half / curve.Points.Length);
            return divergences(point).Select(choice => new Found(
                PacBayes.Bound(error, choice.Kl, surface.Examples, half / (curve.Points.Length * priors)), point.Size, choice.Prior,
                choice.Kl, point.Error, error));
        }

        return curve.Points.SelectMany(At).MinBy(found => found.Value)!;
    }

    private sealed record Found(double Value, double Size, double Prior, double Kl, double Error, double ErrorAtMost);
}
