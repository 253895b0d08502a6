namespace Occam.Measures.Slope;

/// <summary>
/// Geometric complexity ⟨f, D⟩_G = 1/|D| Σ_{x∈D} ‖∇_x f(x)‖_F² (Dherin et al. 2022, Definition 2.1, eq. 1): the
/// discrete Dirichlet energy of the logit network f over the data D, without the factor ½ of Dherin et al. 2021.
/// <para>
/// Logits, evaluation mode, batch normalization folded (the same function). Exact: k reverse passes, or d
/// forward-mode passes where d &lt; k, or as many as features where the last layer has fewer inputs than outputs.
/// With directions: for random unit cotangents v, k ‖vᵀJ‖² is unbiased for
/// ‖J‖_F² (for tangents u, d ‖J u‖² where d &lt; k); an example's directions are orthogonal to each other, and never more than
/// make the value exact. The standard error is that of the probing, from the spread
/// between an example's directions, and is not about which examples are in D.
/// </para>
/// <para>
/// When layers are asked for, also on the probabilities (exact, for up to 256 outputs), and by layer: the same quantity of each inner
/// layer's output as a function of the input, estimated by random tangents, one forward-mode pass a direction for all layers at once.
/// </para>
/// </summary>
public sealed record GeometricComplexity() : Measure(
    "geometric-complexity", "Geometric complexity", "Dherin et al. 2022, Def. 2.1, eq. 1",
    "$1/|D| Σ_{x∈D} ‖J(x)‖_F²$, $J$ the Jacobian of the logits by the input",
    MeasureNeeds.Data | MeasureNeeds.Derivative, inDefaultSet: true)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How much the outputs change when the inputs move a little, as a mean square over the data: a flat, simple "
            + "function has little of it.";

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
            Notes =
            [
                .. norms.Notes, .. context.CutWays, .. Staircase.Notes(context, norms.Mean.Value), .. Rounding.Notes(context),
            ],
        };
    }

    private static SampledMean Many(MeasureContext context)
    {
        var estimate = Estimated(context, Forecast.DefaultDirections);
        return estimate with
        {
            Notes =
            [
                $"{Numbers.Format(context.Passes)} rows of every example's Jacobian are too many to compute without being "
                    + "asked (--exact)",
                .. estimate.Notes,
            ],
        };
    }

    private static SampledMean Exact(MeasureContext context)
    {
        return SampledMean.Exact(ExactJacobians.NormsOf(context)) with { Notes = ExactJacobians.Notes(context) };
    }

    private static SampledMean Estimated(MeasureContext context, int directions)
    {
        directions = SampledMean.Directions(directions, context.WholeCount());
        if (directions >= context.Passes)
        {
            // As many directions as there are dimensions, at right angles to each other, are the Jacobian itself.
            var exact = Exact(context);
            return exact with
            {
                Notes =
                [
                    context.Passes == 1 ? "exact: with one row or column, nothing is left to chance"
                        : $"exact: {context.Passes} passes give the Jacobian itself, and so many directions were asked for",
                    .. exact.Notes,
                ],
            };
        }

        var estimates = context.ByExample("squared-norm-estimates", batch =>
        {
            using var generator = context.Generator(batch);
            return batch.Jacobian.SquaredNormEstimates(batch.Inputs, directions, generator, batch.Progress);
        });
        double[][] samples = [.. Enumerable.Range(0, context.Data!.Count).Select(i => Array.ConvertAll(estimates, one => one[i]))];
        var jacobian = context.Jacobian;
        var side = !jacobian.ByRows ? $"unit tangents, d = {context.Inputs}"
            : jacobian.ReversePasses < context.Outputs ? $"unit cotangents of the {jacobian.ReversePasses} features before the last layer"
            : $"unit cotangents, k = {context.Outputs}";
        var orthogonal = directions > 1 ? ", orthogonal to each other at each example" : "";
        return SampledMean.WithoutReplacement(samples, jacobian.Passes, $"estimated with {directions} random {side}{orthogonal}");
    }

    private readonly record struct JacobianNorms;
}
