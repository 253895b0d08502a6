using System.Collections.Immutable;

namespace Occam.Measures.Transfer;

/// <summary>
/// The transfer functions T_i²(x) = (1 + ‖h_i(x)‖²) / (min(d, k) σ_max(W_i)² σ_max(h_i′(x))²) of the layers z_i = W_i h_i + b_i, and
/// their sum, which is how much of ‖∇_θ f‖_F² bounds ‖∇_x f‖_F² (Dherin et al. 2022, eq. 10). The value is the mean of Σ_i T_i²
/// over the data; by layer the mean of T_i². The bound holds without the factor 1/min(d, k) too; the sum without it is
/// <c>withoutDimensions</c>.
/// <para>
/// W_i and b_i as they were trained: batch normalization not folded, evaluation mode. σ_max(h_i′(x)) by Lanczos iteration to 1e-11
/// (1e-5 in single precision). A layer without biases has no 1. A convolution takes part with its operator norm at its
/// input size: there T_i² is a diagnostic, and bounds nothing.
/// </para>
/// </summary>
public sealed record TransferFunctions() : Measure(
    "transfer-functions", "Transfer functions, sum of squares", "Dherin et al. 2022, eq. 10",
    "$1/|D| Σ_{x∈D} Σ_i T_i²$, $T_i² = (1 + ‖h_i‖²)/(min(d, k) σ_max(W_i)² σ_max(h_i′)²)$",
    MeasureNeeds.Data | MeasureNeeds.Derivative | MeasureNeeds.Graph)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How much of a pressure on the gradients by the weights is handed on to the gradients by the input.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var found = TransferQuantities.Of(context, slopes: false);
        if (found.NoLayers is { } why)
        {
            return Blank with { NotApplicable = why };
        }

        var dimensions = (double)Math.Min(context.Inputs, context.Outputs);
        var examples = Enumerable.Range(0, context.Data!.Count);
        ImmutableArray<double> sums =
            [.. examples.Select(n => Enumerable.Range(0, found.Layers.Length).Sum(i => found.SquaredTransfer(i, n)) / dimensions)];
        if (sums.Count(double.IsPositiveInfinity) is > 0 and var dead)
        {
            return Blank with
            {
                NotApplicable = $"at {Numbers.Format(dead)} of {Numbers.Format(sums.Length)} examples a layer lets nothing of the "
                    + "input through, and its T is infinite",
            };
        }

        return Blank with
        {
            Value = sums.Average(),
            PerExample = sums,
            IsMeanOfExamples = true,
            Layers = [.. found.Layers.Select(
                (layer, i) => new LayerValue(layer.Node.Name, examples.Average(n => found.SquaredTransfer(i, n)) / dimensions))],
            Details = [new("withoutDimensions", sums.Average() * dimensions)],
            Skipped = found.Skipped,
            Notes = found.Layers.All(layer => layer.IsDense && layer.IsBottleneck)
                ? []
                : ["some layers are convolutions, or have a way around them: there it is a diagnostic, and bounds nothing"],
        };
    }
}
