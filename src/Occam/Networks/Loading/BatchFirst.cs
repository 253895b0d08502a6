namespace Occam.Networks.Loading;

/// <summary>Graphs whose examples are counted by another dimension than the first, turned so that it is the first.</summary>
internal static class BatchFirst
{
    /// <summary>The graph with the batch first in its input.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="axis">Which dimension counts the examples; where null, what the file's names say.</param>
    /// <exception cref="OccamException">There is no such dimension.</exception>
    public static Graph Input(Graph graph, int? axis)
    {
        var input = graph.Input;
        var at = axis ?? NamedAxis(input, null) ?? 0;
        if (at <= 0)
        {
            return at == 0 ? graph : throw NoDimension(input, at);
        }

        var front = Front(input, at);
        var turned = graph.Unused($"{input.Name}.turned");
        var back = Enumerable.Range(0, front.Length).Select(i => (long)Array.IndexOf(front, i)).ToArray();
        return graph with
        {
            Input = Turned(input, at),
            Nodes =
            [
                new Node(turned, "Transpose", "", [input.Name], [turned], Attributes.Of(("perm", back))),
                .. graph.Nodes.Select(node => node with
                {
                    Inputs = [.. node.Inputs.Select(name => name == input.Name ? turned : name)],
                }),
            ],
        };
    }

    /// <summary>The graph with a value of the declared output's shape turned so that its batch is first, and that value's name.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="value">The value.</param>
    /// <param name="declared">What the file says of the output.</param>
    /// <param name="axis">Which dimension counts the examples, unless sizes or names say that they come first; where null, what the
    /// file's names say.</param>
    /// <exception cref="OccamException">There is no such dimension.</exception>
    public static (Graph Graph, string Output) Output(Graph graph, string value, ValueInfo declared, int? axis)
    {
        var input = graph.Input;
        var symbol = input.Symbols.IsDefaultOrEmpty ? null : input.Symbols[0];
        var at = axis is { } asked && !CountsFirst(declared, input, asked) ? asked : NamedAxis(declared, symbol) ?? 0;
        if (at <= 0)
        {
            return (graph, value);
        }

        var front = Front(declared, at);
        var turned = graph.Unused($"{value}.turned");
        var turn = new Node(turned, "Transpose", "", [value], [turned], Attributes.Of(("perm", front)));
        return (graph with { Nodes = graph.Nodes.Add(turn) }, turned);
    }

    // Whether an output, by its size or name of it, counts the examples first, though another dimension was asked for: the input's.
    private static bool CountsFirst(ValueInfo output, ValueInfo input, int asked)
    {
        bool IsBatch(int axis) => !output.Shape.IsDefault && axis < output.Shape.Length
            && (output.Shape[axis] is { } size ? size == input.Batch
                : !output.Symbols.IsDefaultOrEmpty && output.Symbols[axis] is { } name && !input.Symbols.IsDefaultOrEmpty
                    && name == input.Symbols[0]);
        return IsBatch(0) && !IsBatch(asked);
    }

    private static int? NamedAxis(ValueInfo value, string? symbol) => value.Symbols.IsDefaultOrEmpty ? null : value.BatchAxis(symbol);

    private static long[] Front(ValueInfo value, int axis) => !value.Shape.IsDefault && axis < value.Shape.Length
        ? [axis, .. Enumerable.Range(0, value.Shape.Length).Where(i => i != axis).Select(i => (long)i)]
        : throw NoDimension(value, axis);

    private static OccamException NoDimension(ValueInfo value, int axis) =>
        new($"'{value.Name}' has no dimension {axis} that could count the examples: it is {value}");

    private static ValueInfo Turned(ValueInfo value, int axis) => value with
    {
        Shape = [value.Shape[axis], .. value.Shape.RemoveAt(axis)],
        Symbols = value.Symbols.IsDefault ? default : [value.Symbols[axis], .. value.Symbols.RemoveAt(axis)],
    };
}
