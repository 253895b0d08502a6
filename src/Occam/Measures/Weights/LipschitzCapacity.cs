using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Weights;

/// <summary>
/// ln ((C/γ)^n diam), the capacity of functions with Lipschitz constant C on data of n dimensions (Neyshabur et al. 2017, §2.3).
/// C is the bound of <c>lipschitz-upper</c>, for layers that follow one another Π ‖W_i‖_2; γ the margin's 5th percentile;
/// diam an upper bound of the data's diameter, twice the largest distance from their mean. Its natural logarithm, for it
/// is exponential in n.
/// </summary>
public sealed record LipschitzCapacity() : Measure(
    "lipschitz-capacity", "Lipschitz capacity, logarithm", "Neyshabur et al. 2017, §2.3",
    "$ln((C/γ)^n diam)$, $C$ the Lipschitz bound, $n$ the input dimensions, diam the data’s diameter",
    MeasureNeeds.Graph | MeasureNeeds.Data | MeasureNeeds.Labels)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How many balls of inputs a classifier of this steepness and these margins could tell apart, as a logarithm.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var margin = MarginNormalization.Margin(context);
        if (MarginNormalization.Why(margin) is { } why)
        {
            return Blank with { NotApplicable = why };
        }

        var bound = LipschitzBound.Of(context);
        if (bound.Unbounded is { } node)
        {
            return Blank with
            {
                NotApplicable = $"needs a Lipschitz bound, and no finite one passes through {node}",
                Skipped = [new SkippedNode(node, bound.Why)],
            };
        }

        var diameter = 2 * LargestDistanceFromMean(context);
        return bound.Value > 0 && diameter > 0
            ? Blank with
            {
                Quantity = bound.Quantity.Through(
                    (context.Inputs * Math.Log(bound.Value / margin!.Value)) + Math.Log(diameter), context.Inputs / bound.Value),
                Details =
                [
                    new("lipschitz", bound.Value), new("margin", margin.Value), new("inputs", context.Inputs), new("diameter", diameter),
                ],
                Notes = bound.Notes,
            }
            : Blank with
            {
                NotApplicable = "is the logarithm of 0: " + (diameter > 0 ? "the network is constant" : "all examples are the same"),
            };
    }

    private static double LargestDistanceFromMean(MeasureContext context)
    {
        using var grad = Libtorch.NoGrad();
        using var scope = Libtorch.NewDisposeScope();
        var sum = Tensor.Zeros([context.Inputs], ScalarType.Float64, context.Function.Device);
        foreach (var (x, _) in context.Batches(0.5))
        {
            sum.AddInPlace(x.Flatten(1).To(ScalarType.Float64).Sum([0]));
        }

        var mean = sum / context.Data!.Count;
        var largest = 0.0;
        foreach (var (x, _) in context.Batches(0.5, 0.5))
        {
            largest = Math.Max(largest, (x.Flatten(1).To(ScalarType.Float64) - mean).Norm([1]).AMax([0]).Item());
        }

        return largest;
    }
}
