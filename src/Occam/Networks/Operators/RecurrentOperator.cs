using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// A layer that goes through a sequence and keeps a state: forward, backward or both. Inputs: the sequence (steps × batch ×
/// features, or batch × steps × features), its weights, the state's weights, biases, lengths, and the states to begin with.
/// Outputs: the states after each step, and the last ones.
/// </summary>
internal abstract class RecurrentOperator : Operator
{
    private const int Lengths = 4;
    private const int FirstState = 5;
    private const int MostStepsBounded = 4096;

    public sealed override int LeastInputs => 3;

    public sealed override Linearity Linearity => Linearity.Curved;

    /// <summary>How many blocks of rows the weights have.</summary>
    protected abstract int Gates { get; }

    /// <summary>How many states go from step to step; the first is the output.</summary>
    protected virtual int States => 1;

    /// <summary>The activations of one direction where the node names none.</summary>
    protected abstract IReadOnlyList<string> DefaultActivations { get; }

    // Stored states to begin with are mostly zeros that an exporter wrote.
    public sealed override bool Trains(int input) => input is > 0 and not Lengths and (< FirstState or > FirstState + 1);

    public sealed override bool TakesFilled(int input, Tensor filled) => Trains(input);

    public sealed override Tensor[] Run(in NodeCall call)
    {
        using var scope = Libtorch.NewDisposeScope();
        var batchFirst = call.Attributes.Int("layout", 0) != 0;
        var x = batchFirst && call[0].Dimensions == 3 ? call[0].Transpose(0, 1) : call[0];
        var backward = Directions(call.Node);
        CheckShapes(call, x, backward.Length);
        var count = DefaultActivations.Count;
        var functions = GateFunction.Read(call.Node, DefaultActivations, backward.Length);
        var masks = Masks(call, x);
        List<Tensor> sequences = [];
        var last = Enumerable.Range(0, States).Select(_ => new List<Tensor>()).ToArray();
        for (var d = 0; d < backward.Length; d++)
        {
            var cell = new RecurrentCell(call, d, Gates, functions[(d * count)..((d + 1) * count)]);
            var states = new Tensor[States];
            for (var i = 0; i < States; i++)
            {
                states[i] = InitialState(call, FirstState + i, d, batchFirst, x, cell.Units);
            }

            var fromInputs = cell.FromInputs(x);
            var steps = new Tensor[x.Shape[0]];
            for (var i = 0; i < steps.Length; i++)
            {
                var t = backward[d] ? steps.Length - 1 - i : i;
                (states, steps[t]) = Masked(states, StepInScope(cell, fromInputs.Select(0, t), states), masks?[t]);
            }

            sequences.Add(Tensor.Stack(steps, 0));
            for (var i = 0; i < States; i++)
            {
                last[i].Add(states[i]);
            }
        }

        var all = Tensor.Stack([.. sequences], 1);
        Tensor[] outputs =
        [
            batchFirst ? all.Permute(2, 0, 1, 3) : all,
            .. last.Select(each => Tensor.Stack([.. each], batchFirst ? 1 : 0)),
        ];
        return Array.ConvertAll(outputs, output => output.MoveToOuterDisposeScope());
    }

    /// <summary>The states after a step.</summary>
    /// <param name="cell">The weights and activations.</param>
    /// <param name="fromInput">What the inputs and their biases give, batch × gates · units.</param>
    /// <param name="states">The states before it, batch × units each.</param>
    protected abstract Tensor[] Step(RecurrentCell cell, Tensor fromInput, Tensor[] states);

    /// <summary>
    /// How far each step can carry changes; null where a gate is no share, or a state may grow at will, so that products are steep
    /// without bound.
    /// </summary>
    /// <param name="norms">The layer.</param>
    /// <param name="steps">How many steps there are.</param>
    protected abstract IEnumerable<StepBound>? StepBounds(RecurrentNorms norms, int steps);

    /// <summary>
    /// Both directions' bounds, over all steps. Where a sequence ends before the last step, its states stay, and its outputs are zero:
    /// a part of what is bounded.
    /// </summary>
    protected sealed override double? Bound(LipschitzCall call)
    {
        if (call.InputBounds.AsSpan(1).ContainsAnyExcept(0))
        {
            return null;
        }

        var node = call.Call.Node;
        var steps = (int)call.Call[0].Shape[node.Attributes.Int("layout", 0) != 0 ? 1 : 0];
        var (directions, count) = (Directions(node).Length, DefaultActivations.Count);
        var functions = GateFunction.Read(node, DefaultActivations, directions);
        var squares = 0.0;
        for (var d = 0; d < directions; d++)
        {
            var norms = new RecurrentNorms(call.Call, d, functions[(d * count)..((d + 1) * count)]);
            if (steps > MostStepsBounded || StepBounds(norms, steps) is not { } bounds)
            {
                return null;
            }

            squares += Math.Pow(StepBound.Over([.. bounds]), 2);
        }

        return double.IsFinite(squares) ? call.InputBounds[0] * Math.Sqrt(squares) : null;
    }

    /// <summary>Whether each of the node's directions goes backward.</summary>
    protected static bool[] Directions(Node node) => node.Attributes.Text("direction", "forward") switch
    {
        "forward" => [false],
        "reverse" => [true],
        "bidirectional" => [false, true],
        var other => throw new OccamException($"{node} has the direction '{other}': expected forward, reverse or bidirectional"),
    };

    private Tensor[] StepInScope(RecurrentCell cell, Tensor fromInput, Tensor[] states)
    {
        using var scope = Libtorch.NewDisposeScope();
        return Array.ConvertAll(Step(cell, fromInput, states), state => state.MoveToOuterDisposeScope());
    }

    // Behind a sequence's end the outputs are zero, and its states stay: backward, those to begin with until its last step.
    private static (Tensor[] States, Tensor Output) Masked(Tensor[] before, Tensor[] after, Tensor? mask) => mask is null
        ? (after, after[0])
        : ([.. after.Zip(before, (state, old) => state.Where(mask, old))], after[0].Where(mask, Tensor.ZerosLike(after[0])));

    // For each step, which sequences have it: batch × 1. Null where all have all.
    private static Tensor[]? Masks(in NodeCall call, Tensor x)
    {
        if (call.Optional(Lengths)?.ToArray<long>() is not { } lengths)
        {
            return null;
        }

        var (steps, batch) = (x.Shape[0], x.Shape[1]);
        if (lengths.Length != batch || lengths.Any(length => length < 0 || length > steps))
        {
            throw new OccamException($"{call.Node} has {lengths.Length} lengths of sequences, {string.Join(", ", lengths.Take(8))}: "
                + $"expected {batch}, of at most {steps}");
        }

        return lengths.All(length => length == steps)
            ? null
            : [.. Enumerable.Range(0, (int)steps).Select(t =>
                Tensor.FromArray(Array.ConvertAll(lengths, length => t < length), batch, 1).To(x.Device))];
    }

    private static Tensor InitialState(in NodeCall call, int input, int direction, bool batchFirst, Tensor x, long units)
    {
        long[] shape = [x.Shape[1], units];
        return call.Optional(input) is { } given
            ? given.Select(batchFirst ? 1 : 0, direction).Expand(shape)
            : Tensor.Zeros(shape, x.ScalarType, x.Device);
    }

    private void CheckShapes(in NodeCall call, Tensor x, int directions)
    {
        var (weights, recurrent) = (call[1], call[2]);
        if (x.Dimensions != 3 || weights.Dimensions != 3 || recurrent.Dimensions != 3 || x.Shape[0] == 0)
        {
            throw new OccamException($"{call.Node} has a sequence of {string.Join("×", x.Shape)}, weights of "
                + $"{string.Join("×", weights.Shape)} and {string.Join("×", recurrent.Shape)}: expected three dimensions each, and a step");
        }

        var units = recurrent.Shape[2];
        if (!weights.Shape.AsSpan().SequenceEqual([directions, Gates * units, x.Shape[2]])
            || !recurrent.Shape.AsSpan().SequenceEqual([directions, Gates * units, units])
            || call.Attributes.Int("hidden_size", units) != units)
        {
            throw new OccamException($"{call.Node} has weights of {string.Join("×", weights.Shape)} and "
                + $"{string.Join("×", recurrent.Shape)} for {directions} direction(s), {x.Shape[2]} features and a hidden size of "
                + $"{call.Attributes.Int("hidden_size", units)}: expected {Gates} gates of one row a unit in each direction");
        }

        Limits.CheckElements(call.Node, x.Shape[0], x.Shape[1], directions, Gates, units);
    }
}
