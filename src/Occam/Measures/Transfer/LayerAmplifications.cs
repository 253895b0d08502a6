using System.Collections.Immutable;

namespace Occam.Measures.Transfer;

/// <summary>
/// A_i(x) = σ_max(W_i) σ_max(h_i′(x)) of the layers z_i = W_i h_i + b_i (Dherin et al. 2021, eq. 8): while they are small, implicit
/// gradient regularization presses on the Dirichlet energy. The value is the mean over the data of the largest of an
/// example; by layer the mean. Conventions of <c>transfer-functions</c>.
/// </summary>
public sealed record LayerAmplifications() : Measure(
    "layer-amplifications", "Layer amplifications A_i, largest", "Dherin et al. 2021, eq. 8",
    "$1/|D| Σ_{x∈D} max_i A_i(x)$, $A_i = σ_max(W_i) σ_max(h_i′(x))$", MeasureNeeds.Data | MeasureNeeds.Derivative | MeasureNeeds.Graph)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How much a layer’s weights and all that comes before amplify a change of the input, at the layer that does so "
            + "most.";

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

        var examples = Enumerable.Range(0, context.Data!.Count);
        ImmutableArray<double> largest =
            [.. examples.Select(n => Enumerable.Range(0, found.Layers.Length).Max(i => found.Amplification(i, n)))];
        return Blank with
        {
            Value = largest.Average(),
            PerExample = largest,
            IsMeanOfExamples = true,
            Layers =
            [
                .. found.Layers.Select((layer, i) => new LayerValue(layer.Node.Name, examples.Average(n => found.Amplification(i, n)))),
            ],
            Skipped = found.Skipped,
        };
    }
}
