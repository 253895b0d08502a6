using System.Collections.Immutable;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>A function together with parameters that it can be differentiated by.</summary>
internal sealed class ParameterizedFunction
{
    // Rules take the first dimension for the examples; should a graph keep something else there, this shows it.
    // Wide enough for bfloat16.
    private const double RuleTolerance = 5e-2;

    // Numbers of cotangents that are held at once, for the outputs that are taken together.
    private const long CotangentBudget = 128L << 20;

    private readonly IFunction _function;
    private readonly Network? _network;
    private readonly ImmutableArray<ParameterUse>? _uses;
    private readonly IReadOnlyDictionary<string, Tensor> _held = ImmutableDictionary<string, Tensor>.Empty;

    private ParameterizedFunction(
        ParameterizedFunction other, Network network, IFunction function, IReadOnlyDictionary<string, Tensor> held)
    {
        _held = held;
        Names = other.Names;
        Parameters = other.Parameters;
        _uses = other._uses;
        _network = network;
        _function = function;
    }

    private ParameterizedFunction(ImmutableArray<string> names, Tensor[] parameters, IFunction function, Network? network)
    {
        Names = names;
        Parameters = parameters;
        _function = function;
        _network = network;
        _uses = network is null ? null : ParameterUse.Of(network, names);
    }

    /// <summary>The parameters' names.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The parameters, as leaves that require a gradient.</summary>
    public Tensor[] Parameters { get; }

    /// <summary>A function of the parameters of a graph; null when none of them moves.</summary>
    /// <param name="network">The graph.</param>
    /// <param name="frozen">The names of the parameters that don't move.</param>
    /// <param name="fixedBatch">The number of examples that the graph takes at a time, where it takes no other.</param>
    public static ParameterizedFunction? Of(Network network, IReadOnlyCollection<string> frozen, long? fixedBatch)
    {
        var leaves = network.Parameters.Where(parameter => !frozen.Contains(parameter.Name))
            .ToDictionary(parameter => parameter.Name, parameter => parameter.Value.Detach().RequireGrad());
        if (leaves.Count == 0)
        {
            return null;
        }

        var given = new GivenParameters(network, leaves);
        return fixedBatch is { } batch && network.Graph.Held.IsEmpty
            ? new ParameterizedFunction([.. leaves.Keys], [.. leaves.Values], new BatchedFunction(given, batch), null)
            : new ParameterizedFunction([.. leaves.Keys], [.. leaves.Values], given, network);
    }

    /// <summary>A function of the parameters of a script; null when it has none.</summary>
    public static ParameterizedFunction? Of(ScriptFunction function)
    {
        Tensor[] leaves = [.. function.Parameters.Select(parameter => parameter.RequireGrad())];
        return leaves.Length == 0
            ? null
            : new ParameterizedFunction([.. leaves.Select((_, i) => $"parameter {i}")], leaves, function, null);
    }

    /// <summary>The same function at given values of the network's other inputs.</summary>
    public ParameterizedFunction Holding(IReadOnlyDictionary<string, Tensor> held)
    {
        if (held.Count == 0 || _function is not GivenParameters given)
        {
            return this;
        }

        var holding = given.Holding(held);
        return new ParameterizedFunction(this, holding.Network, holding, held);
    }

    /// <summary>The function's value, recorded for differentiation by its parameters.</summary>
    public Tensor Forward(Tensor x) => _function.Forward(x);

    /// <summary>
    /// For a batch with the losses L_i: Σ ∂L_i/∂θ by parameter (null where nothing depends on it), and ‖∂L_i/∂θ‖² of
    /// each example over all parameters, from one reverse pass over the batch. Null where an operator has no rule
    /// for its part, or a parameter enters at several places.
    /// </summary>
    /// <param name="x">The examples, which the function must not mix.</param>
    /// <param name="slope">∂L_i/∂logits for the logits it is given, both batch × k.</param>
    public (Tensor?[] Sum, double[] Squares)? GradientSumAndSquares(Tensor x, Func<Tensor, Tensor> slope)
    {
        if (Record(x) is not { } recording)
        {
            return null;
        }

        var gradients = Autograd.Grad([recording.Logits], [.. Parameters, .. recording.Outputs], [slope(recording.Logits)]);
        using var grad = Libtorch.NoGrad();
        return recording.Squares([gradients[Parameters.Length..]]) is { } squares ? (gradients[..Parameters.Length], squares) : null;
    }

    /// <summary>
    /// As <see cref="GradientSumAndSquares"/>, and in addition Σ_j ‖g_j ∂f_j/∂θ‖² of each example over the outputs f_j, with g its
    /// slope by the logits: from one reverse pass an output, without the gradients of the weights.
    /// </summary>
    /// <inheritdoc cref="GradientSumAndSquares"/>
    public (Tensor?[] Sum, double[] Squares, double[] ByOutput)? GradientSumAndSquaresByOutput(Tensor x, Func<Tensor, Tensor> slope)
    {
        if (Record(x) is not { } recording)
        {
            return null;
        }

        var logits = recording.Logits;
        var (g, k) = (slope(logits), (int)logits.Size(1));
        var byOutput = new double[x.Size(0)];
        var passesAtOnce = (int)Math.Clamp(CotangentBudget / Math.Max(recording.Outputs.Sum(output => output.Elements), 1), 1, k);
        for (var first = 0; first < k; first += passesAtOnce)
        {
            using var scope = Libtorch.NewDisposeScope();
            Tensor?[][] passes =
            [
                .. Enumerable.Range(first, Math.Min(passesAtOnce, k - first))
                    .Select(j => Autograd.Grad([logits], recording.Outputs, [OnlyColumn(g, j)], retainGraph: true)),
            ];
            using var grad = Libtorch.NoGrad();
            if (recording.Squares(passes) is not { } part)
            {
                return null;
            }

            for (var i = 0; i < part.Length; i++)
            {
                byOutput[i] += part[i];
            }
        }

        var gradients = Autograd.Grad([logits], [.. Parameters, .. recording.Outputs], [g]);
        using var still = Libtorch.NoGrad();
        return (gradients[..Parameters.Length], recording.Squares([gradients[Parameters.Length..]])!, byOutput);
    }

    /// <summary>
    /// Whether every parameter has a rule for its examples' gradients, and on these examples the rules agree with one at a time.
    /// </summary>
    public bool RulesHold(Tensor x)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.EnableGrad();

        // Other than a constant: a network whose outputs sum to one would have no gradient.
        static Tensor Slope(Tensor logits) =>
            (Tensor.ZerosLike(logits) + Tensor.Arange(1, logits.Size(1) + 1, 1, logits.ScalarType, logits.Device)).Detach();
        double[] squares;
        using (Libtorch.NewDisposeScope())
        {
            if (GradientSumAndSquares(x, Slope) is not var (_, found))
            {
                return false;
            }

            squares = found;
        }

        for (var i = 0; i < squares.Length; i++)
        {
            using var one = Libtorch.NewDisposeScope();
            var logits = Holding(_held.ToDictionary(pair => pair.Key, pair => pair.Value.Narrow(0, i, 1))).Forward(x.Narrow(0, i, 1));
            var alone = Autograd.Grad([logits], Parameters, [Slope(logits)])
                .OfType<Tensor>()
                .Sum(gradient => InputJacobian.SquaredNormByExample(gradient.Unsqueeze(0)).Item());
            if (!(Math.Abs(squares[i] - alone) <= RuleTolerance * alone))
            {
                return false;
            }
        }

        return true;
    }

    private static Tensor OnlyColumn(Tensor tensor, int column)
    {
        var one = Tensor.ZerosLike(tensor);
        one.Select(1, column).CopyInPlace(tensor.Select(1, column));
        return one;
    }

    /// <summary>A forward pass over a batch that keeps what the rules for examples' gradients need; null where there are none.</summary>
    private Recording? Record(Tensor x)
    {
        if (_network is not { } network || _uses is not { Length: > 0 } uses)
        {
            return null;
        }

        var nodes = uses.Select(use => use.Node).Distinct(NodeIdentity.Comparer).ToArray();
        var inner = nodes
            .SelectMany(node => node.Inputs)
            .Where(name => name != network.Graph.Input.Name && network.Graph.Varying.Contains(name));
        string[] wanted = [.. nodes.Select(node => node.Output).Concat(inner).Append(network.Output).Distinct()];
        var values = ((GivenParameters)_function).Run(x, wanted);
        var known = new Dictionary<string, Tensor>(values) { [network.Graph.Input.Name] = x };
        return new Recording(network, uses, nodes, values[network.Output].AsRows(), known);
    }

    private sealed record Recording(
        Network Network, ImmutableArray<ParameterUse> Uses, Node[] Nodes, Tensor Logits, Dictionary<string, Tensor> Values)
    {
        public Tensor[] Outputs { get; } = Array.ConvertAll(Nodes, node => Values[node.Output]);

        /// <summary>Σ_c ‖∂/∂θ‖² of each example, over passes c that gave a cotangent for each node; null where a rule is missing.</summary>
        public double[]? Squares(Tensor?[][] passes)
        {
            var examples = Values[Network.Graph.Input.Name].Size(0);
            var squares = new double[examples];
            var places = Nodes.Index().ToDictionary(pair => pair.Item, pair => pair.Index, NodeIdentity.Comparer);
            foreach (var (node, input) in Uses)
            {
                using var scope = Libtorch.NewDisposeScope();
                var cotangents = passes.Select(pass => pass[places[node]]).OfType<Tensor>().ToArray();
                if (cotangents.Length == 0)
                {
                    continue;
                }

                if (cotangents.Any(cotangent => cotangent.Dimensions < 2 || cotangent.Size(0) != examples)
                    || Network.Operators[node].SquaredGradientsByExample(Network.Call(node, Values), input, cotangents) is not { } part)
                {
                    return null;
                }

                var numbers = part.To(ScalarType.Float64).To(Device.Cpu).ToArray<double>();
                for (var i = 0; i < squares.Length; i++)
                {
                    squares[i] += numbers[i];
                }
            }

            return squares;
        }
    }
}
