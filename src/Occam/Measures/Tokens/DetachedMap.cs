using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Tokens;

/// <summary>
/// A language model at one text as the linear map that it equals there (Golden 2025): attention weights, gates and the scales of
/// normalizations are held at the values that they have, and what is left is a map with f(e) = J⁺ e where the model has no biases, as
/// Llama's family has none. So each logit is a sum over the tokens, z = Σ_t ⟨J⁺_t, e_t⟩.
/// <para>
/// Held are the outputs of softmax, sigmoid, erf, tanh, square root and reciprocal, and gates that multiply another value (SwiGLU), in
/// the graph as the file has it; where the exporter
/// wrote whole functions (an attention, a gate or a normalization as one node), these aren't held, and the map isn't the model's. How
/// well f(e) = J⁺ e holds is <see cref="Residual"/>: what has biases, or other nodes that bend, has a large one, and then the sums mean
/// nothing.
/// </para>
/// </summary>
/// <param name="Residual">‖J⁺ e − f(e)‖₂/‖f(e)‖₂ over all logits.</param>
/// <param name="Position">The position whose logit is taken apart: the last.</param>
/// <param name="Class">The class of the logit: the largest there.</param>
/// <param name="Logit">The logit.</param>
/// <param name="Contributions">⟨J⁺_t, e_t⟩ of this logit, by token t.</param>
public sealed record DetachedMap(double Residual, int Position, int Class, double Logit, ImmutableArray<double> Contributions)
{
    private const double RoundingSteps = 1e4;

    private static readonly ImmutableHashSet<string> s_held = ["Softmax", "Sigmoid", "Erf", "Tanh", "Sqrt", "Reciprocal"];

    private const int GateDepth = 4;
    private static readonly ImmutableHashSet<string> s_gates = ["Sigmoid", "Erf", "Tanh"];
    private static readonly ImmutableHashSet<string> s_arithmetic = ["Mul", "Add", "Sub", "Div"];

    /// <summary>The residual up to which the map is the model's, in a precision: some thousand roundings.</summary>
    public static double Tolerance(ScalarType type) =>
        RoundingSteps * (type == ScalarType.Float64 ? Math.BitIncrement(1.0) - 1 : MathF.BitIncrement(1) - 1);

    /// <summary>Takes a network apart at one text.</summary>
    /// <param name="context">The network and the data.</param>
    /// <param name="example">The text's number.</param>
    /// <param name="asWritten">The same function with every node as the file has it, in the type that is measured in.</param>
    internal static DetachedMap Measure(MeasureContext context, int example, Network asWritten)
    {
        using var scope = Libtorch.NewDisposeScope();
        var batch = context.Batch([example]);
        var e = batch.Inputs;
        var function = new Detached(batch.Holding(asWritten)!, e);
        var f = function.Forward(e).Reshape(-1);
        var image = new InputJacobian(function, context.Inputs, context.Outputs).Push(e, e).Reshape(-1);
        var residual = (image - f).To(ScalarType.Float64).Norm().Item() / f.To(ScalarType.Float64).Norm().Item();

        using var grad = Libtorch.EnableGrad();
        var leaf = e.Detach().RequireGrad();
        var output = function.Forward(leaf);
        var rows = context.OutputShape.Length == 2 ? output.Reshape(context.OutputShape) : output.Reshape(1, -1);
        var last = rows.Select(0, rows.Size(0) - 1);
        var chosen = (int)last.Detach().ArgMax(0).ToArray<long>()[0];
        var logit = last.Select(0, chosen);
        var row = Autograd.Grad(logit, leaf, Tensor.OnesLike(logit));
        var parts = (row * e).To(ScalarType.Float64).Reshape(e.Size(1), -1).Sum([1]);
        return new DetachedMap(
            residual, (int)rows.Size(0) - 1, chosen, logit.Detach().To(ScalarType.Float64).Item(), [.. parts.ToArray<double>()]);
    }

    /// <summary>The network with the values of some nodes as they are at one input.</summary>
    private sealed class Detached : IFunction
    {
        private readonly Network _network;
        private readonly IReadOnlyDictionary<string, Tensor> _held;

        public Detached(Network network, Tensor at)
        {
            _network = network;
            string[] names = [.. HeldValues(network.Graph)];
            using var grad = Libtorch.NoGrad();
            _held = names.Length == 0 ? new Dictionary<string, Tensor>() : network.Run(at, names);
        }

        public ImmutableArray<long?> ExampleShape => _network.ExampleShape;

        public ScalarType Type => _network.Type;

        public Device Device => _network.Device;

        // A product of two values that vary is a gate times what it lets through, as in SwiGLU: the gate is held.
        private static HashSet<string> HeldValues(Graph graph)
        {
            var held = graph.Nodes.Where(node => s_held.Contains(node.OperatorType)).Select(node => node.Outputs[0])
                .Where(graph.Varying.Contains).ToHashSet();
            foreach (var node in graph.Nodes.Where(node => node.OperatorType == "Mul"))
            {
                if (node.Inputs.All(name => graph.Varying.Contains(name) && !held.Contains(name))
                    && node.Inputs.Where(name => IsGate(graph, name, GateDepth)).Distinct().ToArray() is [var gate])
                {
                    held.Add(gate);
                }
            }

            return held;
        }

        // Whether a value is made of a sigmoid or the like by products and sums alone: x σ(x), x (1 + erf(x/√2))/2.
        private static bool IsGate(Graph graph, string value, int depth) =>
            graph.Producers.TryGetValue(value, out var node)
            && (s_gates.Contains(node.OperatorType)
                || (depth > 0 && s_arithmetic.Contains(node.OperatorType)
                    && node.Inputs.Any(input => IsGate(graph, input, depth - 1))));

        public Tensor Forward(Tensor input) => _network.Run(
            new Dictionary<string, Tensor>(_held) { [_network.Graph.Input.Name] = input }, [_network.Output])[_network.Output].AsRows();
    }
}
