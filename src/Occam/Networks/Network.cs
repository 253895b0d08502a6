using System.Collections.Concurrent;
using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// An ONNX graph that can be run. Immutable: changing weights, precision, output or structure gives a new
/// network. One network may be run from several threads at once.
/// </summary>
public sealed class Network : IFunction
{
    // Numbers: 128 MiB in single precision.
    private const long Large = 1L << 25;

    private readonly ConcurrentDictionary<string, ExecutionPlan> _plans = new();
    private readonly Lazy<ImmutableDictionary<string, Tensor>> _constants;
    private bool? _isLarge;
    private readonly ImmutableDictionary<string, Tensor> _held = ImmutableDictionary<string, Tensor>.Empty;

    /// <summary>Makes a graph runnable.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="output">The value that is the function's output; by default the graph's first output.</param>
    /// <exception cref="OccamException">An operator or the output is unknown.</exception>
    public Network(Graph graph, string? output = null)
        : this(graph, output, graph.Input.Type, Device.Cpu)
    {
    }

    // The type and the device are the weights'; those given stand for a graph without any.
    internal Network(Graph graph, string? output, ScalarType type, Device device)
    {
        Graph = graph;
        Output = output ?? graph.Outputs[0].Name;
        if (!graph.Has(Output))
        {
            throw new OccamException(
                $"the network has no value '{Output}': its nodes compute {string.Join(", ", graph.Producers.Keys.Order().Take(40))}");
        }

        Operators = graph.Nodes.ToImmutableDictionary(node => node, OperatorCatalogue.For, NodeIdentity.Comparer);
        foreach (var (node, found) in Operators)
        {
            for (var i = 0; i < found.LeastInputs; i++)
            {
                if (!node.HasInput(i))
                {
                    throw new OccamException($"{node} has no input {i}: {node.OperatorType} needs {found.LeastInputs}");
                }
            }
        }

        foreach (var subgraph in graph.Nodes.SelectMany(Subgraph.Of))
        {
            subgraph.In(ScalarType.Float32, Device.Cpu);
        }

        var weight = graph.Initializers.Values.FirstOrDefault(tensor => tensor.IsFloatingPoint);
        Type = weight?.ScalarType ?? (IsComputedIn(type) ? type : ScalarType.Float32);
        Device = weight?.Device ?? device;
        _constants = new Lazy<ImmutableDictionary<string, Tensor>>(ComputeConstants);
    }

    // The same network with values of its other inputs: what was found out about it is shared.
    private Network(Network other, ImmutableDictionary<string, Tensor> held)
    {
        Graph = other.Graph;
        Output = other.Output;
        Operators = other.Operators;
        Type = other.Type;
        Device = other.Device;
        _plans = other._plans;
        _constants = other._constants;
        _held = held;
    }

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    /// <summary>The value that is the function's output.</summary>
    public string Output { get; }

    /// <summary>What each node's operator means.</summary>
    internal ImmutableDictionary<Node, Operator> Operators { get; }

    /// <inheritdoc/>
    public ImmutableArray<long?> ExampleShape => Graph.Input.ExampleShape;

    /// <inheritdoc/>
    public ScalarType Type { get; }

    /// <inheritdoc/>
    public Device Device { get; }

    /// <summary>
    /// The parameters in the order of their first use: stored floating-point tensors with at least one
    /// dimension that an operator trains. Running statistics and constants of the export are not among them.
    /// </summary>
    public ImmutableArray<Parameter> Parameters => field.IsDefault ? field = FindParameters() : field;

    /// <summary>Whether its tensors are so large that a second copy of them, for speed, would count for memory.</summary>
    internal bool IsLarge => _isLarge ??= Graph.Initializers.Values.Sum(tensor => tensor.Elements) > Large;

    /// <summary>How many numbers the parameters hold.</summary>
    public long ParameterCount => Parameters.Sum(parameter => parameter.Value.Elements);

    /// <inheritdoc/>
    public Tensor Forward(Tensor input) => Run(input, [Output])[Output].AsRows();

    /// <summary>Runs the network on an input for the values of the given names.</summary>
    /// <inheritdoc cref="Run(IReadOnlyDictionary{string, Tensor}, IReadOnlyCollection{string}, RunOptions)"/>
    public IReadOnlyDictionary<string, Tensor> Run(Tensor input, IReadOnlyCollection<string> wanted, RunOptions? options = null) =>
        Run(new Dictionary<string, Tensor> { [Graph.Input.Name] = input }, wanted, options);

    /// <summary>
    /// Computes the wanted values from the given ones. Any value may be given: the input, an inner value (then
    /// what comes before it isn't run), or a parameter in place of the stored one. Only the nodes between are run.
    /// </summary>
    /// <param name="given">Values by name.</param>
    /// <param name="wanted">Names of values.</param>
    /// <param name="options">Evaluation mode when left out.</param>
    /// <exception cref="OccamException">A value is unknown, or an operator refuses: the node is named.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(
        IReadOnlyDictionary<string, Tensor> given, IReadOnlyCollection<string> wanted, RunOptions? options = null)
    {
        if (!_held.IsEmpty)
        {
            given = _held.SetItems(given);
        }

        return Execute(given, [], wanted, options ?? RunOptions.Evaluation);
    }

    /// <summary>The same, of which some values are made as they are needed (<see cref="RunOptions.Make"/>).</summary>
    internal IReadOnlyDictionary<string, Tensor> RunMaking(
        Tensor input, IReadOnlyCollection<string> made, Func<string, Tensor?> make, IReadOnlyCollection<string> wanted) =>
        Execute(_held.SetItem(Graph.Input.Name, input), made, wanted, RunOptions.Evaluation with { Make = make });

    private IReadOnlyDictionary<string, Tensor> Execute(
        IReadOnlyDictionary<string, Tensor> given, IReadOnlyCollection<string> made, IReadOnlyCollection<string> wanted, RunOptions options)
    {
        string[] names = [.. given.Keys, .. made];
        var key = string.Join('\n', names.Order(StringComparer.Ordinal)) + "\n>\n" + string.Join('\n', wanted);
        var plan = _plans.GetOrAdd(key, _ => ExecutionPlan.Make(this, [.. names], wanted));
        return plan.Execute(given, _constants.Value, options);
    }

    /// <summary>
    /// The value of a constant of the network (stored, or computed from stored ones), or null for what varies with the input.
    /// </summary>
    public Tensor? Constant(string name) => _constants.Value.GetValueOrDefault(name);

    /// <summary>The nodes that the output depends on and that change with the input, in order.</summary>
    public IEnumerable<Node> ActiveNodes
    {
        get
        {
            var needed = new HashSet<string> { Output };
            var active = new Stack<Node>();
            foreach (var node in Graph.Nodes.Reverse())
            {
                if (node.Outputs.Any(needed.Contains) && node.Outputs.Any(Graph.Varying.Contains))
                {
                    active.Push(node);
                    needed.UnionWith(node.Inputs.Where(name => name.Length > 0));
                }
            }

            return active;
        }
    }

    /// <summary>
    /// The first node that is neither affine nor piecewise affine in the data, or null for a piecewise-linear
    /// network. A product counts as affine while only one factor varies.
    /// </summary>
    internal Node? FirstCurvedNode() => ActiveNodes.FirstOrDefault(node => LinearityOf(node) is Linearity.Curved or Linearity.Step);

    /// <summary>The same in words, "Tanh 'a' is curved" or "Sign 's' is a step"; null for a piecewise-linear network.</summary>
    internal string? WhyNotPiecewiseLinear() => FirstCurvedNode() is not { } node ? null
        : $"{node} is {(LinearityOf(node) == Linearity.Step ? "a step" : "curved")}";

    /// <summary>
    /// The same network at given values of its other inputs, batch first, with as many rows as the inputs that it will be run on.
    /// </summary>
    public Network Holding(IReadOnlyDictionary<string, Tensor> held) => new(this, held.ToImmutableDictionary());

    /// <summary>The values that it holds of its other inputs.</summary>
    internal IReadOnlyDictionary<string, Tensor> Held => _held;

    /// <summary>The same network at some rows of the values that it holds.</summary>
    internal Network HoldingRows(int start, int count) => _held.IsEmpty ? this
        : Holding(_held.ToDictionary(pair => pair.Key, pair => pair.Value.Narrow(0, start, count)));

    /// <summary>The same network with another value as its output.</summary>
    public Network WithOutput(string output) => new(Graph, output, Type, Device);

    /// <summary>Another graph with the same output, type and device.</summary>
    internal Network WithGraph(Graph graph) => new(graph, Output, Type, Device);

    /// <summary>The same network with other stored tensors in place of those of the same names.</summary>
    public Network WithInitializers(IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        new(Graph with { Initializers = Graph.Initializers.SetItems(tensors) }, Output, Type, Device);

    /// <summary>
    /// The same network computing in another precision, which it declares, or on another device. Whole numbers and truth values
    /// stay on the CPU; an operator that needs them beside its data moves them.
    /// </summary>
    public Network To(ScalarType type, Device device)
    {
        if (type == Type && device == Device)
        {
            return this;
        }

        using var grad = Libtorch.NoGrad();

        // In bfloat16 convolutions are faster by a tenth and more with the channels side by side.
        var moved = Graph.Initializers.ToImmutableDictionary(
            pair => pair.Key,
            pair => (pair.Value.IsFloatingPoint
                ? LaidOut(pair.Value.To(type).To(device), ScalarType.BFloat16)
                : pair.Value.Alias()).DetachFromDisposeScope());
        ValueInfo Declared(ValueInfo value) => value.Declaring(type);
        return new Network(
            Graph with
            {
                Initializers = moved,
                Input = Declared(Graph.Input),
                Held = [.. Graph.Held.Select(Declared)],
                Outputs = [.. Graph.Outputs.Select(Declared)],
                Nodes = [.. Graph.Nodes.Select(node => Subgraph.Declared(node, type))],
            },
            Output, type, device);
    }

    /// <summary>
    /// The same network, its weights with the channels side by side in memory where convolutions' gradients by their inputs are then
    /// taken by Winograd's algorithm: in single precision on a CPU, with windows of 3×3 and 32 channels or more.
    /// </summary>
    internal Network LaidOutForGradients() =>
        Type == ScalarType.Float32 && Device.IsCpu && Vectors.ArePossible && Graph.Initializers.Values.Any(TakesWinograd)
            ? WithInitializers(Graph.Initializers.Where(pair => pair.Value.Dimensions == 4).Select(
                pair => KeyValuePair.Create(pair.Key, LaidOut(pair.Value, ScalarType.Float32).DetachFromDisposeScope())))
            : this;

    private static bool TakesWinograd(Tensor weight) =>
        weight is { Dimensions: 4, ScalarType: ScalarType.Float32 } && weight.Size(2) == 3 && weight.Size(3) == 3
            && Math.Min(weight.Size(0), weight.Size(1)) >= 32 && weight.Size(0) % 16 == 0 && weight.Size(1) % 16 == 0;

    /// <summary>
    /// A tensor with the channels side by side in memory, where it may be a convolution's weight on a CPU and is of the
    /// given type: a convolution takes its layout from its weight.
    /// </summary>
    internal static Tensor LaidOut(Tensor weight, ScalarType type) =>
        weight.Dimensions == 4 && weight.ScalarType == type && weight.Device.IsCpu ? weight.ChannelsLast() : weight;

    /// <summary>
    /// How a node bends as a function of the network's input: an operator's own <see cref="Operator.Linearity"/>
    /// made sharper by which of the node's inputs are constants. A node that depends on none of its numbers
    /// counts as structural; one that rounds them (a cast to whole numbers) is a step, as any rounding, unless they stand on
    /// stairs already.
    /// </summary>
    internal Linearity LinearityOf(Node node)
    {
        bool[] dependent = [.. node.Inputs.Select(DependsOnData.Contains)];
        var op = Operators[node];
        var linearity = dependent.Contains(true) ? op.LinearityIn(node, dependent) : Linearity.Structural;
        var isStep = linearity switch
        {
            Linearity.Structural => node.HasInput(0) && Differentiable.Contains(node.Inputs[0]) && op.IsStep(node, 0, 0),

            // One that derivatives pass straight through jumps all the same.
            Linearity.Curved => op.Straight(node) is not null || node.Outputs.Index().All(output => output.Item.Length == 0
                || dependent.Index().All(input => !input.Item || op.IsStep(node, input.Index, output.Index))),
            _ => false,
        };
        return isStep ? Linearity.Step : linearity;
    }

    /// <summary>
    /// The values that change with the numbers in the network's input. Unlike <see cref="Graph.Varying"/> it
    /// leaves out what depends on the input's shape only.
    /// </summary>
    internal ImmutableHashSet<string> DependsOnData => field ??= FindDependsOnData();

    /// <summary>
    /// The values that a derivative by the network's input reaches: those of <see cref="DependsOnData"/> to which some path
    /// leads without a step (<see cref="Operator.IsStep"/>). None where the input is no floating-point tensor.
    /// </summary>
    public ImmutableHashSet<string> Differentiable => field ??= FindDifferentiable();

    private ImmutableHashSet<string> FindDifferentiable()
    {
        return Graph.Input.IsFloatingPoint ? DifferentiableFrom([Graph.Input.Name]) : [];
    }

    /// <summary>The values that a derivative by some others reaches.</summary>
    internal ImmutableHashSet<string> DifferentiableFrom(IEnumerable<string> names)
    {
        var found = names.ToImmutableHashSet().ToBuilder();
        foreach (var node in Graph.Nodes.Where(node => Operators[node].ReadsValues))
        {
            int[] from = [.. Enumerable.Range(0, node.Inputs.Length).Where(i => found.Contains(node.Inputs[i]))];
            found.UnionWith(node.Outputs.Where((name, to) =>
                name.Length > 0 && from.Any(i => !Operators[node].IsStep(node, i, to))));
        }

        return found.ToImmutable();
    }

    private ImmutableHashSet<string> FindDependsOnData()
    {
        var found = ImmutableHashSet.CreateBuilder<string>();
        found.Add(Graph.Input.Name);
        foreach (var node in Graph.Nodes.Where(node => Operators[node].ReadsValues && node.Inputs.Any(found.Contains)))
        {
            found.UnionWith(node.Outputs.Where(name => name.Length > 0));
        }

        return found.ToImmutable();
    }

    private static bool IsComputedIn(ScalarType type) => type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    internal NodeCall Call(Node node, Tensor?[] inputs, RunOptions options) =>
        new(node, inputs, Graph.Opset, Type, Device, Graph.Varying, options.Training, options.Generator, options.DropoutAfterForward)
        {
            IsOfLargeNetwork = IsLarge,
        };

    internal NodeCall Call(Node node, IReadOnlyDictionary<string, Tensor> values) =>
        Call(node, [.. node.Inputs.Select(name => name.Length == 0 ? null
            : values.TryGetValue(name, out var value) ? value
            : _constants.Value[name])], RunOptions.Evaluation);

    private ImmutableDictionary<string, Tensor> ComputeConstants()
    {
        var known = Graph.Initializers.ToBuilder();
        using var loading = LoadingScope.Begin(Graph.StoredNumbers);
        using var grad = Libtorch.NoGrad();
        foreach (var node in Graph.Nodes.Where(node => !node.Outputs.Any(Graph.Varying.Contains)))
        {
            var inputs = node.Inputs
                .Select(name => name.Length > 0 ? known.GetValueOrDefault(name) ?? throw ExecutionPlan.Missing(this, name) : null)
                .ToArray();
            var outputs = ExecutionPlan.RunNode(this, node, inputs, RunOptions.Evaluation);
            for (var i = 0; i < outputs.Length && i < node.Outputs.Length; i++)
            {
                known[node.Outputs[i]] = outputs[i].DetachFromDisposeScope();
            }
        }

        return known.ToImmutable();
    }

    // The values that come to nothing but whole numbers before they meet the data: an exporter may reckon with sizes in floating point.
    private HashSet<string> FindWhole()
    {
        var whole = new HashSet<string>();
        var outputs = Graph.Outputs.Select(output => output.Name).Append(Output).ToHashSet();
        bool Keeps(Node node) => !(node.OperatorType == "Cast" && Operators[node].IsStep(node, 0, 0))
            && node.Outputs.Any(made => made.Length > 0 && !whole.Contains(made));
        foreach (var name in Graph.Nodes.Reverse().SelectMany(node => node.Outputs).Concat(Graph.Initializers.Keys))
        {
            if (name.Length > 0 && !DependsOnData.Contains(name) && !outputs.Contains(name)
                && Graph.Consumers[name].Any() && !Graph.Consumers[name].Any(Keeps))
            {
                whole.Add(name);
            }
        }

        return whole;
    }

    // The values apart from the data that no consumer trains: one that only arranges them, as the copies of an initial state for a batch,
    // says nothing of that itself.
    private HashSet<string> FindUntrained()
    {
        var untrained = new HashSet<string>();
        var outputs = Graph.Outputs.Select(output => output.Name).Append(Output).ToHashSet();
        foreach (var name in Graph.Nodes.Reverse().SelectMany(node => node.Outputs))
        {
            if (name.Length > 0 && !DependsOnData.Contains(name) && !outputs.Contains(name) && Graph.Consumers[name].Any()
                && Graph.Consumers[name].All(node => IsArranged(node, untrained) || node.Inputs.Index().All(
                    input => input.Item != name || !Operators[node].Trains(node, input.Index))))
            {
                untrained.Add(name);
            }
        }

        return untrained;
    }

    private bool IsArranged(Node node, HashSet<string> untrained) => Operators[node].Linearity == Linearity.Structural
        && node.Outputs.All(name => name.Length == 0 || untrained.Contains(name));

    private ImmutableArray<Parameter> FindParameters()
    {
        var found = ImmutableArray.CreateBuilder<Parameter>();
        var seen = new HashSet<string>();
        var whole = new Lazy<HashSet<string>>(FindWhole);
        var untrained = new Lazy<HashSet<string>>(FindUntrained);
        foreach (var node in Graph.Nodes)
        {
            for (var i = 0; i < node.Inputs.Length; i++)
            {
                if (Graph.Initializers.TryGetValue(node.Inputs[i], out var tensor) && tensor.IsFloatingPoint
                    && tensor.Dimensions > 0 && Operators[node].Trains(node, i, tensor) && !whole.Value.Contains(node.Inputs[i])
                    && !IsArranged(node, untrained.Value) && seen.Add(node.Inputs[i]))
                {
                    found.Add(new Parameter(node.Inputs[i], tensor, node, i));
                }
            }
        }

        return found.ToImmutable();
    }
}
