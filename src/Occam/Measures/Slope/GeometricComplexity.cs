using Occam.Derivatives;

namespace Occam.Measures.Slope;

/// <summary>
/// Geometric complexity ⟨f, D⟩_G = 1/|D| Σ_{x∈D} ‖∇_x f(x)‖_F² (Dherin et al. 2022, Definition 2.1, eq. 1): the
/// discrete Dirichlet energy of the logit network f over the data D, without the factor ½ of Dherin et al. 2021.
/// <para>
/// Logits, evaluation mode, batch normalization folded (the same function). Exact: k reverse passes, or d
/// forward-mode passes where d &lt; k. With directions: for random unit cotangents v, k ‖vᵀJ‖² is unbiased for
/// ‖J‖_F² (for tangents u, d ‖J u‖² where d &lt; k); the standard error is that of the probing, from the spread
/// between an example's directions, and is not about which examples are in D.
/// </para>
/// <para>
/// When layers are asked for, also on the probabilities (exact, for up to 256 outputs), and by layer: the same quantity of each inner
/// layer's output as a function of the input, estimated by random tangents, one forward-mode pass a direction for all layers at once.
/// </para>
/// </summary>
public sealed record GeometricComplexity() : Measure(
    "geometric-complexity", "Geometric complexity", "Dherin et al. 2022, Def. 2.1, eq. 1",
    "1/|D| Σ ‖J(x)‖_F², J the Jacobian of the logits by the input", MeasureNeeds.Data | MeasureNeeds.Derivative, inDefaultSet: true)
{
    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <summary>‖J(x)‖_F² of every example, exact or estimated as the options ask, computed once a run.</summary>
    internal static SampledMean SquaredNorms(MeasureContext context) =>
        context.Shared(
            default(JacobianNorms),
            () => context.Options.Directions is { } directions ? Estimated(context, directions)
                : context.HasManyRows && !context.Options.Exact ? Many(context)
                : Exact(context));

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var norms = SquaredNorms(context);
        return Blank.WithMean(norms) with
        {
            Details = context.Options.Layers && Probabilities.AreFew(context)
                ? [new("probabilities", Probabilities.GeometricComplexity(context))]
                : [],
            Layers = context.Options.Layers ? LayerComplexity.ByLayer(context) : [],
            Notes = [.. norms.Notes, .. context.CutWays, .. Rounding.Notes(context)],
        };
    }

    private static SampledMean Many(MeasureContext context)
    {
        var estimate = Estimated(context, Forecast.DefaultDirections);
        return estimate with
        {
            Notes =
            [
                $"{Math.Min(context.Inputs, context.Outputs):N0} rows of every example's Jacobian are too many to compute without being "
                    + "asked (--exact)",
                .. estimate.Notes,
            ],
        };
    }

    private static SampledMean Exact(MeasureContext context)
    {
        Forecast.Tell(context);
        return SampledMean.Exact(context.ByExample(
            "squared-norms", batch => [batch.Jacobian.SquaredNorms(batch.Inputs, batch.Progress)])[0]);
    }

    private static SampledMean Estimated(MeasureContext context, int directions)
    {
        if (Math.Min(context.Inputs, context.Outputs) == 1)
        {
            // A unit vector in one dimension is ±1: one direction is the Jacobian itself.
            return Exact(context) with { Notes = ["exact: with one row or column, nothing is left to chance"] };
        }

        directions = SampledMean.Directions(directions, context.WholeCount());
        var estimates = context.ByExample("squared-norm-estimates", batch =>
        {
            using var generator = context.Generator(batch);
            return [.. Enumerable.Range(0, directions).Select(_ => batch.Jacobian.SquaredNormEstimate(batch.Inputs, generator))];
        });
        double[][] samples = [.. Enumerable.Range(0, context.Data!.Count).Select(i => Array.ConvertAll(estimates, one => one[i]))];
        var side = InputJacobian.IsByRows(context.Function, context.Inputs, context.Outputs)
            ? $"unit cotangents, k = {context.Outputs}"
            : $"unit tangents, d = {context.Inputs}";
        return SampledMean.Estimated(samples, $"estimated with {directions} random {side}");
    }

    private readonly record struct JacobianNorms;
}
