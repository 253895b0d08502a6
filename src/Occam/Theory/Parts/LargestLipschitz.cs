using Occam.Derivatives;
using Occam.Measures.Regions;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// λ_f of a piecewise-linear network, the supremum of ‖∇f‖ over the input domain (Loukas et al. 2021, §3.2), as far as it is seen:
/// exact in the box around data that lie on a plane, region by region, f being steepest in a region where its logit is nearest to
/// 0; otherwise the largest of those at the examples and in other regions met between them, which λ_f is at least.
/// </summary>
/// <param name="Value">The largest.</param>
/// <param name="Where">Where it was looked for.</param>
/// <param name="IsExact">Whether it is λ_f on the box, or only no more than λ_f.</param>
internal sealed record LargestLipschitz(double Value, string Where, bool IsExact)
{
    /// <summary>Finds it, once for all theorems.</summary>
    /// <exception cref="OccamException">The network doesn't begin with a layer W_1 x + b_1 of its own biases, or bends.</exception>
    public static LargestLipschitz Of(TheoryContext context) => context.Measures.Shared(() => Find(context));

    /// <summary>λ at given inputs.</summary>
    internal static double[] At(TheoryContext context, Tensor x)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var logits = context.Network.Forward(x).ToArray<double>();
        var norms = new InputJacobian(context.Network, context.Measures.Inputs, 1).SquaredNorms(x);
        return [.. logits.Zip(norms, (logit, norm) => context.Output(logit).Slope * Math.Sqrt(norm))];
    }

    private static LargestLipschitz Find(TheoryContext context)
    {
        const int AtOnce = 512;
        var onData = FirstLayerGradients.Of(context).Lipschitz.Max();
        var onTest = context.Test is { } test
            ? ExampleRows.Of(test).Chunk(AtOnce).Max(some => At(context, ExampleRows.Batch(context, some)).Max())
            : 0;
        var largest = Math.Max(onData, onTest);
        if (RegionsOfPlane.Of(context) is var (_, arrangement))
        {
            return new LargestLipschitz(
                Math.Max(largest, arrangement.Cells.Max(cell => Steepest(context, cell))),
                $"in all {arrangement.Cells.Length} regions of the box around the data on their plane", true);
        }

        var empty = EmptyRegions.Of(context);
        var elsewhere = empty.Inputs.Length > 0 ? At(context, empty.Batch(context)).Max() : 0;
        return new LargestLipschitz(
            Math.Max(largest, elsewhere),
            $"at the examples and in {empty.Inputs.Length} regions {empty.Where}: λ_f is at least that",
            false);
    }

    private static double Steepest(TheoryContext context, RegionCell cell)
    {
        var center = cell.Polygon.Centroid;
        double[] logits = [.. cell.Polygon.Corners.Select(corner => cell.Value[0] + (cell.SlopeS[0] * (corner.S - center.S))
            + (cell.SlopeT[0] * (corner.T - center.T)))];
        var nearest = logits.Min() < 0 && logits.Max() > 0 ? 0 : logits.MinBy(Math.Abs);
        return context.Output(nearest).Slope * cell.GradientNorm;
    }
}
