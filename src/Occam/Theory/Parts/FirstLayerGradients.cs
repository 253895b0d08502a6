using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// The two gradients that Loukas et al. 2021 relate, at each example, in float64, of f as the paper means it: the
/// network's one output, after the sigmoid where there is one.
/// </summary>
/// <param name="Layer">The first layer.</param>
/// <param name="Lipschitz">λ(R_x) = ‖∇_x f‖ of each example.</param>
/// <param name="BiasSteps">‖∂f/∂b_1‖ of each example: the normalized step that plain SGD takes on it.</param>
/// <param name="Outputs">f of each example.</param>
internal sealed record FirstLayerGradients(
    EntryLayer Layer, ImmutableArray<double> Lipschitz, ImmutableArray<double> BiasSteps, ImmutableArray<double> Outputs)
{
    /// <summary>Those of the network under test, computed once.</summary>
    public static FirstLayerGradients Of(TheoryContext context) => context.Measures.Shared(() => Of(context, context.Network));

    /// <summary>Computes them for a network on the context's data.</summary>
    public static FirstLayerGradients Of(TheoryContext context, Networks.Network network)
    {
        var layer = EntryLayer.Of(network)
            ?? throw new OccamException("the network's first layer isn't one dense layer or shift with biases of its own");
        var measures = context.Measures;
        var jacobian = new InputJacobian(network, measures.Inputs, 1);
        var lipschitz = new double[context.Data.Count];
        var steps = new double[lipschitz.Length];
        var outputs = new double[lipschitz.Length];
        foreach (var (x, start) in measures.Batches())
        {
            using var grad = Libtorch.NoGrad();
            var logits = network.Forward(x).ToArray<double>();
            var gradients = jacobian.SquaredNorms(x);
            var biases = SumOfSquares.ByExample(layer.BiasGradients(x));
            for (var i = 0; i < logits.Length; i++)
            {
                var (f, slope) = context.Output(logits[i]);
                outputs[start + i] = f;
                lipschitz[start + i] = slope * Math.Sqrt(gradients[i]);
                steps[start + i] = slope * Math.Sqrt(biases[i]);
            }
        }

        return new FirstLayerGradients(layer, [.. lipschitz], [.. steps], [.. outputs]);
    }
}
