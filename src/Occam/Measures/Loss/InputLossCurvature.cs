using Occam.Derivatives;
using Occam.Torch;

namespace Occam.Measures.Loss;

/// <summary>
/// How the loss bends with the input: 1/|D| Σ_x ‖∇²_x ℓ(f(x), y)‖_F² of the cross-entropy ℓ at the given label. By example it is the
/// curvature by which Garg, Ravikumar and Roy 2024 find what was memorized and mislabelled; theirs is a difference of gradients, this is
/// their limit. Estimated by ‖∇²_x ℓ v‖² for random vectors v of signs, from exact products. Of a piecewise-linear network it is
/// the Hessian inside the linear piece that holds x. Logits, evaluation mode.
/// </summary>
/// <param name="Directions">Random vectors an example.</param>
public sealed record InputLossCurvature(int Directions = 10) : Measure(
    "input-loss-curvature", "Curvature of the loss by the input", "Garg et al. 2024",
    "$1/|D| Σ_{x∈D} ‖∇²_x ℓ‖_F²$, $ℓ$ the cross-entropy at the given label",
    MeasureNeeds.Data | MeasureNeeds.Labels | MeasureNeeds.Graph | MeasureNeeds.Derivative)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How much the loss of an example bends when its input moves: large at examples that are learned by heart.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <inheritdoc/>
    public override string? Problem() => Unless(Directions >= 1, $"{Directions} directions", "at least 1");

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var answers = Answers.Of(context);
        var isExact = context.Inputs == 1;
        var directions = isExact ? 1 : SampledMean.Directions(Directions, context.WholeCount());
        var found = context.ByExample($"input-loss-curvature-{directions}", batch => Squares(context, answers, batch, directions));
        double[][] samples = [.. Enumerable.Range(0, context.Data!.Count).Select(i => Array.ConvertAll(found, one => one[i]))];
        var mean = isExact
            ? SampledMean.Exact(found[0]) with { Notes = ["exact: of one input there is nothing to draw"] }
            : SampledMean.Estimated(samples, $"from {directions} random vectors an example (seed {context.Options.Seed})");
        return Blank.WithMean(mean with { Notes = [.. mean.Notes, .. answers.Notes, .. context.CutWays] });
    }

    private static double[][] Squares(MeasureContext context, Answers answers, ExampleBatch batch, int directions)
    {
        using var grad = Libtorch.EnableGrad();
        var x = batch.Inputs.Detach().RequireGrad();
        var loss = answers.Losses(batch.Function.Forward(x), batch.Indices).Sum();
        var slope = loss.RequiresGrad ? Autograd.Grad(loss, x, createGraph: true) : Tensor.ZerosLike(x);

        // An example has random numbers of its own, whatever it is batched with.
        Tensor[] signs = [.. Enumerable.Range(0, batch.Count).Select(i =>
        {
            using var generator = context.Generator(batch.Part(i, 1));
            return Tensor.RandInt(2, [directions, .. x.Shape[1..]], generator, x.ScalarType);
        })];
        var v = (Tensor.Stack(signs, 1) * 2) - 1;
        return [.. Enumerable.Range(0, directions).Select(d =>
        {
            using var scope = Libtorch.NewDisposeScope();
            var image = slope.RequiresGrad
                ? Autograd.Grad(slope, x, v.Select(0, d), retainGraph: d < directions - 1) : Tensor.ZerosLike(x);
            batch.Progress((d + 1.0) / directions);
            return SumOfSquares.ByExample(image.Unsqueeze(1));
        })];
    }
}
