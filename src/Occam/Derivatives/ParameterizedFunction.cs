using System.Collections.Immutable;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Operators;
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

    /// <summary>
    /// The same by some of the parameters at a time: a gradient by all of them is as large as the network. Each is a function of the next
    /// parameters, of as many as hold no more numbers than given, and of at least one.
    /// </summary>
    /// <param name="network">The graph.</param>
    /// <param name="frozen">The names of the parameters that don't move.</param>
    /// <param name="fixedBatch">The number of examples that the graph takes at a time, where it takes no other.</param>
    /// <param name="most">How many numbers the parameters of one may hold.</param>
    public static ImmutableArray<ParameterizedFunction> InParts(
        Network network, IReadOnlyCollection<string> frozen, long? fixedBatch, long most)
    {
        var moving = network.Parameters.Where(parameter => !frozen.Contains(parameter.Name)).ToArray();
        var parts = ImmutableArray.CreateBuilder<ParameterizedFunction>();
        for (int first = 0, next; first < moving.Length; first = next)
        {
            var numbers = moving[first].Value.Elements;
            for (next = first + 1; next < moving.Length && numbers + moving[next].Value.Elements <= most; next++)
            {
                numbers += moving[next].Value.Elements;
            }

            var others = network.Parameters.Select(parameter => parameter.Name).Except(moving[first..next].Select(one => one.Name));
            parts.Add(Of(network, [.. others], fixedBatch)!);
        }

        return parts.ToImmutable();
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

        // What the examples' own gradients are taken of needs no other pass for their sum.
        var whole = recording.TakenWhole;
        int[] others = [.. Enumerable.Range(0, Parameters.Length).Where(i => !whole.Contains(Names[i]))];
        var gradients = Autograd.Grad(
            [recording.Logits], [.. others.Select(i => Parameters[i]), .. recording.Outputs], [slope(recording.Logits)]);
        using var grad = Libtorch.NoGrad();
        recording.ReleaseOutputs();
        var sums = new Dictionary<string, Tensor>();
        if (recording.Squares([gradients[others.Length..]], sums) is not { } squares)
        {
            return null;
        }

        var sum = Array.ConvertAll([.. Names], sums.GetValueOrDefault);
        foreach (var (i, other) in others.Index())
        {
            sum[other] = gradients[i];
        }

        return (sum, squares);
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

        // The last one: whatever it shared with those before it would show.
        var last = squares.Length - 1;
        var logits = Holding(_held.ToDictionary(pair => pair.Key, pair => pair.Value.Narrow(0, last, 1))).Forward(x.Narrow(0, last, 1));
        var alone = Autograd.Grad([logits], Parameters, [Slope(logits)])
            .OfType<Tensor>()
            .Sum(SumOfSquares.Of);
        return Math.Abs(squares[last] - alone) <= RuleTolerance * alone;
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

        private Dictionary<string, long[]> Shapes { get; } = Nodes.ToDictionary(node => node.Output, node => Values[node.Output].Shape);

        /// <summary>Lets go of the values that no rule reads, once their cotangents are known.</summary>
        public void ReleaseOutputs()
        {
            foreach (var name in Shapes.Keys.Except(Nodes.SelectMany(node => node.Inputs)).Where(Values.ContainsKey))
            {
                Values.Remove(name, out var value);
                value!.Dispose();
            }
        }

        /// <summary>The parameters whose examples' gradients are taken whole.</summary>
        public ImmutableHashSet<string> TakenWhole => [.. Uses.Where(TakesWhole).Select(use => use.Node.Inputs[use.Input])];

        /// <summary>Σ_c ‖∂/∂θ‖² of each example, over passes c that gave a cotangent for each node; null where a rule is missing.</summary>
        /// <param name="passes">The cotangents by pass and node.</param>
        /// <param name="sums">Receives the gradients' sums over the examples where they are taken whole.</param>
        public double[]? Squares(Tensor?[][] passes, Dictionary<string, Tensor>? sums = null)
        {
            // Side by side, a thread each: most of it is many small products.
            var parts = new Part?[Uses.Length];
            Workers.Run(Uses.Length, Libtorch.Threads, CancellationToken.None, (i, _) => parts[i] = At(Uses[i], passes, sums is not null));
            var squares = new double[Values[Network.Graph.Input.Name].Size(0)];
            foreach (var ((node, input), part) in Uses.Zip(parts))
            {
                if (part?.Sum is { } sum)
                {
                    sums![node.Inputs[input]] = sum.Alias();
                    sum.Dispose();
                }

                for (var i = 0; i < part?.Squares.Length; i++)
                {
                    squares[i] += part.Squares[i];
                }
            }

            return parts.Contains(null) ? null : squares;
        }

        private Part? At(ParameterUse use, Tensor?[][] passes, bool withSum)
        {
            using var grad = Libtorch.NoGrad();
            var (node, input) = use;
            var place = Array.FindIndex(Nodes, other => NodeIdentity.Comparer.Equals(other, node));
            var cotangents = passes.Select(pass => pass[place]).OfType<Tensor>().ToArray();
            if (cotangents.Length == 0)
            {
                return new Part([], null);
            }

            var examples = Values[Network.Graph.Input.Name].Size(0);
            if (cotangents.Any(cotangent => cotangent.Dimensions < 2 || cotangent.Size(0) != examples))
            {
                return null;
            }

            var (op, call) = (Network.Operators[node], Network.Call(node, Values));
            if (!withSum || !TakesWhole(use))
            {
                return op.SquaredGradientsByExample(call, input, cotangents) is { } squares ? new Part(Numbers(squares), null) : null;
            }

            var sum = Tensor.Zeros(call[input].Shape, call[input].ScalarType, call[input].Device);
            var part = ExampleGradients.InParts(op, call, input, cotangents[0], gradients =>
            {
                sum.AddInPlace(gradients.Sum([0]));
                return ExampleGradients.SquaresOf(gradients);
            });
            return new Part(Numbers(part), sum.DetachFromDisposeScope());
        }

        private static double[] Numbers(Tensor tensor) => tensor.To(ScalarType.Float64).To(Device.Cpu).ToArray<double>();

        private bool TakesWhole(ParameterUse use) => Network.Operators[use.Node].TakesGradientByExample(
            Network.Call(use.Node, Values), use.Input, Shapes[use.Node.Output]);

        /// <summary>
        /// The squares by example of a parameter, none where nothing depends on it, and the sum of the gradients where it was taken.
        /// </summary>
        private sealed record Part(double[] Squares, Tensor? Sum);
    }
}
