using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// A node that runs graphs of its own. Derivatives pass through what was run; a choice that depends on the data is a jump that they
/// don't see. After the inputs that ONNX knows stand the values that the graphs capture.
/// </summary>
internal abstract class ControlFlow : Operator
{
    /// <summary>More rounds than any model means.</summary>
    protected const long MostRounds = 1 << 16;

    public sealed override Linearity Linearity => Linearity.Curved;

    public sealed override bool Trains(Node node, int input) => Subgraph.Of(node).Any(graph => graph.Trains(input));

    /// <summary>
    /// Whether no derivative goes from the input to the output: by no path through any of the graphs, however often they run.
    /// </summary>
    public sealed override bool IsStep(Node node, int input, int output) =>
        Subgraph.Of(node).All(graph => graph.NameOf(input) is not { } name || !Reached(node, graph, [name]).Contains(output));

    /// <summary>The node's outputs that a derivative by inputs of one of its graphs, named inside, reaches.</summary>
    protected virtual IEnumerable<int> Reached(Node node, Subgraph graph, IReadOnlyList<string> inputs) => graph.Reached(inputs);

    /// <summary>The same for a graph that runs again on its own first outputs.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">Its inputs, named inside.</param>
    /// <param name="firstOutput">Its first output that is one of the node.</param>
    /// <param name="firstState">Its first input that is a state.</param>
    /// <param name="states">How many states go from round to round.</param>
    /// <param name="mayNotRun">Whether there may be no round at all, so that a state also stays as it was.</param>
    protected static IEnumerable<int> ReachedAgain(
        Subgraph graph, IEnumerable<string> inputs, int firstOutput, int firstState, int states, bool mayNotRun)
    {
        var from = inputs.ToHashSet();
        var names = graph.HandedNames.ToArray();

        // A damaged node may have fewer inputs, or its graph fewer names, than it says.
        states = Math.Max(0, Math.Min(states, names.Length - firstState));
        while (true)
        {
            int[] outputs = [.. graph.Reached(from).Select(index => index - firstOutput).Where(index => index >= 0)];
            var before = from.Count;
            from.UnionWith(outputs.Where(index => index < states).Select(index => names[firstState + index]));
            if (from.Count == before)
            {
                return outputs.Concat(
                    Enumerable.Range(0, mayNotRun ? states : 0).Where(index => from.Contains(names[firstState + index])));
            }
        }
    }

    // A choice may jump, and a loop grows with its rounds.
    protected sealed override double? Bound(LipschitzCall call) => null;

    protected static Subgraph Graph(in NodeCall call, string attribute) => call.Attributes.Subgraph(attribute)
        ?? throw new OccamException($"{call.Node} has no attribute '{attribute}': expected a graph");

    protected static bool Truth(in NodeCall call, Tensor condition) => condition.Elements == 1
        ? condition.To(ScalarType.Bool).ToArray<bool>()[0]
        : throw new OccamException($"{call.Node} has a condition of {condition.Elements} numbers: expected one");

    /// <summary>Where a round's outputs live on while all else of it is let go.</summary>
    protected static Tensor[] RunInScope(in NodeCall call, Subgraph graph, params ReadOnlySpan<Tensor> inputs)
    {
        using var scope = Libtorch.NewDisposeScope();
        return Array.ConvertAll(graph.Run(call, inputs), output => output.MoveToOuterDisposeScope());
    }

    /// <summary>Keeps what a round gave, as long as that is not too much.</summary>
    protected static void Add(in NodeCall call, List<Tensor>[] rounds, ReadOnlySpan<Tensor> outputs)
    {
        for (var i = 0; i < rounds.Length; i++)
        {
            rounds[i].Add(outputs[i]);
            Limits.CheckElements(call.Node, rounds[i].Count, outputs[i].Elements);
        }
    }

    /// <summary>What the rounds gave for an output, side by side along an axis.</summary>
    protected static Tensor Stack(in NodeCall call, List<Tensor> rounds, ValueInfo output, int axis = 0)
    {
        if (rounds.Count > 0)
        {
            return Tensor.Stack([.. rounds], axis);
        }

        long[] sizes = output.Shape.IsDefault ? [] : [.. output.Shape.Select(size => size ?? 0)];
        return Tensor.Zeros([.. sizes[..axis], 0, .. sizes[axis..]], output.Type is ScalarType.Float32 ? call.FloatType : output.Type);
    }
}

/// <summary>One of two graphs, as a condition says for the whole batch.</summary>
internal sealed class If : ControlFlow
{
    public override string Type => "If";

    public override Tensor[] Run(in NodeCall call) =>
        Graph(call, Truth(call, call[0]) ? "then_branch" : "else_branch").Run(call);
}

/// <summary>
/// A graph again and again: a number of times, or while it says so. Its states go from round to round; what else it gives is stacked.
/// </summary>
internal sealed class Loop : ControlFlow
{
    public override string Type => "Loop";

    public override int LeastInputs => 0;

    public override Tensor[] Run(in NodeCall call)
    {
        using var scope = Libtorch.NewDisposeScope();
        var body = Graph(call, "body");
        var states = new Tensor[body.Handed - 2];
        for (var i = 0; i < states.Length; i++)
        {
            states[i] = call[2 + i];
        }

        var stacked = body.Graph.Outputs.Skip(1 + states.Length).ToArray();
        var rounds = Array.ConvertAll(stacked, _ => new List<Tensor>());
        var most = call.Optional(0)?.ToArray<long>()[0] ?? long.MaxValue;
        var condition = call.Optional(1) ?? Tensor.FromArray([true]).Reshape();
        for (var round = 0L; round < most && Truth(call, condition); round++)
        {
            if (round == MostRounds)
            {
                throw new OccamException($"{call.Node} doesn't end within {MostRounds:N0} rounds");
            }

            var outputs = RunInScope(call, body, [Tensor.FromArray([round]).Reshape(), condition, .. states]);
            (condition, states) = (outputs[0], outputs[1..(1 + states.Length)]);
            Add(call, rounds, outputs.AsSpan(1 + states.Length));
        }

        var results = new Tensor[states.Length + rounds.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = i < states.Length ? states[i].Alias() : Stack(call, rounds[i - states.Length], stacked[i - states.Length]);
        }

        return Array.ConvertAll(results, result => result.MoveToOuterDisposeScope());
    }

    protected override IEnumerable<int> Reached(Node node, Subgraph graph, IReadOnlyList<string> inputs) =>
        ReachedAgain(graph, inputs, firstOutput: 1, firstState: 2, graph.Handed - 2, mayNotRun: !graph.Runs);
}

/// <summary>A graph for each part of some sequences along an axis, in order or backward, with states that go from part to part.</summary>
internal sealed class Scan : ControlFlow
{
    public override string Type => "Scan";

    public override Tensor[] Run(in NodeCall call)
    {
        using var scope = Libtorch.NewDisposeScope();
        var body = Graph(call, "body");
        var sequences = (int)call.Attributes.Int("num_scan_inputs", 0);
        var count = body.Handed - sequences;
        if (sequences < 1 || count < 0)
        {
            throw new OccamException(
                $"{call.Node} has num_scan_inputs {sequences}: expected between 1 and the {body.Handed} inputs of its graph");
        }

        var states = new Tensor[count];
        for (var i = 0; i < count; i++)
        {
            states[i] = call[i];
        }

        var inputs = Sequences(call, count, sequences);
        var parts = inputs[0].Tensor.Shape[inputs[0].Axis];
        if (inputs.FirstOrDefault(input => input.Tensor.Shape[input.Axis] != parts).Tensor is { } other)
        {
            throw new OccamException($"{call.Node} goes through sequences of {parts} parts and of another number: one is "
                + $"{string.Join("×", other.Shape)}");
        }

        var stacked = body.Graph.Outputs.Skip(count).ToArray();
        var rounds = Array.ConvertAll(stacked, _ => new List<Tensor>());
        for (var round = 0L; round < parts; round++)
        {
            var outputs = RunInScope(call, body, [.. states, .. inputs.Select(input => input.Part(round))]);
            states = outputs[..count];
            Add(call, rounds, outputs.AsSpan(count));
        }

        var results = new Tensor[count + rounds.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = i < count ? states[i].Alias() : Stacked(call, rounds[i - count], stacked[i - count], i - count);
        }

        return Array.ConvertAll(results, result => result.MoveToOuterDisposeScope());
    }

    protected override IEnumerable<int> Reached(Node node, Subgraph graph, IReadOnlyList<string> inputs) =>
        ReachedAgain(
            graph, inputs, firstOutput: 0, firstState: 0, graph.Handed - (int)node.Attributes.Int("num_scan_inputs", 0),
            mayNotRun: false);

    private static Sequence[] Sequences(in NodeCall call, int states, int count)
    {
        var axes = call.Attributes.Ints("scan_input_axes");
        var directions = call.Attributes.Ints("scan_input_directions");
        var sequences = new Sequence[count];
        for (var i = 0; i < count; i++)
        {
            var tensor = call[states + i];
            sequences[i] = new Sequence(tensor, Axes.Find(call.Node, axes?[i] ?? 0, tensor.Dimensions), directions?[i] == 1);
        }

        return sequences;
    }

    private static Tensor Stacked(in NodeCall call, List<Tensor> rounds, ValueInfo output, int index)
    {
        if (call.Attributes.Ints("scan_output_directions")?[index] == 1)
        {
            rounds.Reverse();
        }

        var dimensions = rounds.Count > 0 ? rounds[0].Dimensions : output.Shape.IsDefault ? 0 : output.Shape.Length;
        return Stack(
            call, rounds, output, Axes.Find(call.Node, call.Attributes.Ints("scan_output_axes")?[index] ?? 0, dimensions + 1));
    }

    private readonly record struct Sequence(Tensor Tensor, int Axis, bool IsBackward)
    {
        public Tensor Part(long round) => Tensor.Select(Axis, IsBackward ? Tensor.Shape[Axis] - 1 - round : round);
    }
}
