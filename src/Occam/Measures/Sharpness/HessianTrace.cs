using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// The trace of the Hessian ∇²_w L of the mean cross-entropy over all data, by Hutch++ (Meyer et al. 2021) from exact
/// Hessian-vector products; beside it Hutchinson's estimate (1990) from a third of them. Of a
/// piecewise-linear network it is the Hessian inside the linear piece that holds the weights. Batch normalization folded;
/// evaluation mode; in the network's precision.
/// </summary>
/// <param name="Products">The most Hessian-vector products.</param>
public sealed record HessianTrace(int Products = 30) : SharpnessMeasure(
    "hessian-trace", "Hessian trace", "Hutchinson 1990; Meyer et al. 2021",
    "$tr ∇_w² L$, $L$ the mean cross-entropy over the data", MeasureNeeds.WeightDerivative)
{
    /// <inheritdoc/>
    public override string Meaning => "How much the loss bends over all directions of the weights together.";

    /// <inheritdoc/>
    public override string? Problem() => Unless(Products >= 6, $"a trace from {Products} products", "at least 6");

    private protected override WeightUse Use => WeightUse.Fixed;

    private protected override int Vectors(long size) => (Products / 3) + 5;

    private protected override MeasureResult Compute(MeasureContext context, LossSurface surface)
    {
        using var generator = new Generator(context.Options.RandomSeed, context.Function.Device);
        using var hessian = surface.Hessian(Products);
        var found = HutchPlusPlus.Of(hessian, surface.Weights.Like, Products, generator);
        return Blank with
        {
            Quantity = found.Trace,
            Details =
            [
                .. UncertainDetails.Named("hutchinson", found.Hutchinson),
                new("meanEigenvalue", found.Trace.Value / surface.Weights.Size), new("products", found.Products),
            ],
            Notes = [$"{found.Products} Hessian-vector products over all data (seed {context.Options.Seed})"],
        };
    }
}
