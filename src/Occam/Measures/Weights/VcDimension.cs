using Occam.Networks;

namespace Occam.Measures.Weights;

/// <summary>
/// The VC dimension of networks of this shape with ReLU, up to constants and logarithms: d · dim(w) (Neyshabur et al.
/// 2017, eq. 1). d is the depth: the most layers with weights on any way from the input to the output.
/// </summary>
public sealed record VcDimension() : Measure(
    "vc-dimension", "VC dimension, up to logarithms", "Neyshabur et al. 2017, eq. 1",
    "$depth · dim(w)$, without the logarithmic factors", MeasureNeeds.Graph)
{
    /// <inheritdoc/>
    public override string Meaning => "How many examples the network could label in every way, by counting weights and layers.";

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var network = context.Subject.Folded!;
        var layers = context.WeightLayers;
        var isLayer = layers.All.Select(layer => layer.Node).ToHashSet(NodeIdentity.Comparer);
        var depths = new Dictionary<string, int>();
        foreach (var node in network.ActiveNodes)
        {
            var depth =
                node.Inputs.Select(name => depths.GetValueOrDefault(name)).DefaultIfEmpty().Max() + (isLayer.Contains(node) ? 1 : 0);
            foreach (var output in node.Outputs.Where(name => name.Length > 0))
            {
                depths[output] = depth;
            }
        }

        var deepest = depths.GetValueOrDefault(network.Output);
        return Blank with
        {
            Value = (double)deepest * network.ParameterCount,
            Details = [new("depth", deepest), new("parameters", network.ParameterCount)],
            Skipped = layers.Skipped,
        };
    }
}
