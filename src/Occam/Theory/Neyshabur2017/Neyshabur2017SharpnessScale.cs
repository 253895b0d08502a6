using Occam.Measures;
using Occam.Measures.Sharpness;
using Occam.Networks;
using Occam.Theory.Parts;
using Occam.Torch;

namespace Occam.Theory.Neyshabur2017;

/// <summary>
/// §2.4 of Neyshabur et al. 2017: maximum sharpness (eq. 4) depends on the scale of the weights, and can be raised by it though the
/// function stays the same. The first layer is multiplied by 10, 100 and 1000 and the last divided by it: a node-wise rescaling where
/// there are two layers, and of ReLU networks without biases the same function where there are more. One of the three at
/// least doubles the sharpness that an ascent of 50 steps finds. The paper says so and doesn't prove it, so it counts as suggested.
/// </summary>
public sealed class Neyshabur2017SharpnessScale() : Theorem(
    "eg-sharpness-scale",
    "Sharpness changes with the scale of the weights",
    "Neyshabur et al. 2017, §2.4",
    "f_{w′} = f_w, and ζ_α(w′) ≥ 2ζ_α(w) for a rescaling w′ of w")
{
    private const double Rounding = 1e-9;
    private const int Steps = 50;
    private static readonly double[] s_factors = [10, 100, 1000];

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        if (LayerChain.Of(context, out var why) is not { } chain)
        {
            return Blank with { NotApplicable = why };
        }

        if (chain.HasBiases || chain.Depth < 2)
        {
            return Blank with { NotApplicable = "is checked of two or more layers without biases" };
        }

        if (chain.Labels(context.Data.Count) is null)
        {
            return Blank with { NotApplicable = "needs class labels that the outputs are for" };
        }

        var layers = context.Measures.WeightLayers.All;
        if (layers.Select(layer => layer.Tensors).Distinct().Count() < layers.Length
            || layers.Any(layer => !context.Network.Graph.Initializers.ContainsKey(layer.Tensors)))
        {
            return Blank with { NotApplicable = "is checked of layers with a stored matrix each" };
        }

        using var grad = Libtorch.NoGrad();
        var own = Sharpness(context, context.Network);
        if (own.NotApplicable is { } missing)
        {
            return Blank with { NotApplicable = missing };
        }

        var x = context.Measures.Examples(0, Math.Min(64, context.Data.Count));
        var f = context.Network.Forward(x);
        Network[] rescaled = [.. s_factors.Select(factor => Rescaled(context.Network, layers[0].Tensors, layers[^1].Tensors, factor))];
        MeasureResult[] found = [.. rescaled.Select(network => Sharpness(context, network))];
        if (found.Select(result => result.NotApplicable).OfType<string>().FirstOrDefault() is { } unknown)
        {
            return Blank with { NotApplicable = $"of rescaled weights, sharpness {unknown}" };
        }

        double[] sharpness = [.. found.Select(result => result.Value!.Value)];
        return Blank with
        {
            Inequalities =
            [
                Inequality.AtMost(
                    "largest change of f", rescaled.Max(network => (network.Forward(x) - f).Norm().Item()), Rounding * f.Norm().Item()),
                Inequality.AtMost("2 × sharpness ≤ largest rescaled sharpness", 2 * own.Value!.Value, sharpness.Max()).AsSuggested(),
            ],
            Details =
            [
                new("sharpness", own.Value.Value),
                .. s_factors.Zip(sharpness, (factor, value) => new KeyValuePair<string, double>($"sharpness.{factor}", value)),
            ],
            Notes = [$"sharpness by {Steps} steps of ascent (seed {context.Measures.Options.Seed}), a lower bound of the maximum"],
        };
    }

    private static MeasureResult Sharpness(TheoryContext context, Network network) => new MaxSharpness(Steps: Steps).Measurement(
        new MeasureContext(new Subject(network), context.Data, context.Measures.Options));

    private static Network Rescaled(Network network, string first, string last, double factor) => network.WithInitializers(
    [
        KeyValuePair.Create(first, network.Graph.Initializers[first] * factor),
        KeyValuePair.Create(last, network.Graph.Initializers[last] / factor),
    ]);
}
