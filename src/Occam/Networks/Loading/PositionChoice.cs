using System.Collections.Immutable;
using System.Globalization;
using Occam.Torch;

namespace Occam.Networks.Loading;

/// <summary>One position of an output n × T × V (a token's logits), or the mean over them: batch × V.</summary>
/// <param name="Index">Which, from 0; negative from the end; null for the mean over all.</param>
public sealed record PositionChoice(long? Index)
{
    /// <summary>Reads <c>last</c>, <c>mean</c> or a number.</summary>
    /// <exception cref="OccamException">It is none of these.</exception>
    public static PositionChoice Parse(string text) => text switch
    {
        "last" => new PositionChoice(-1),
        "mean" => new PositionChoice(Index: null),
        _ => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)
            ? new PositionChoice(index)
            : throw new OccamException($"'{text}' is no position: give last, mean, or a number from 0 (negative from the end)"),
    };

    /// <summary>The position as <see cref="Parse"/> reads it.</summary>
    internal string Text => Index switch
    {
        null => "mean",
        -1 => "last",
        { } index => index.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The position in words.</summary>
    public override string ToString() => Index switch
    {
        null => "the mean over the positions",
        -1 => "the last position",
        { } index => $"position {index.ToString(CultureInfo.InvariantCulture)}",
    };

    /// <summary>Holds the choice against the sizes of the whole output: of n × k a position would be a class.</summary>
    /// <param name="network">The network whose output is the chosen position.</param>
    /// <param name="input">Examples, as many as it takes.</param>
    /// <exception cref="OccamException">The output isn't n × T × V, or has no such position.</exception>
    internal void Check(Network network, Tensor input)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var whole = network.Graph.Producers[network.Output].Inputs[0];
        Check(network.Run(input, [whole])[whole].Shape);
    }

    /// <inheritdoc cref="Check(Network, Tensor)"/>
    /// <param name="shape">The sizes of the whole output.</param>
    internal void Check(long[] shape)
    {
        if (shape.Length != 3)
        {
            throw new OccamException($"{this} can't be taken: outputs by position are n × T × V, and this one is n"
                + string.Concat(shape.Skip(1).Select(size => $" × {size}")));
        }

        if (Index >= shape[1] || Index < -shape[1])
        {
            throw new OccamException($"{this} can't be taken: the output has {shape[1]} positions, 0 to {shape[1] - 1}");
        }
    }

    /// <summary>The graph with the chosen position of a value as another value, and that value's name.</summary>
    internal (Graph Graph, string Output) Apply(Graph graph, string output)
    {
        var name = graph.Unused($"{output}.position");

        // Both numbers as stored tensors: a mean's axes are one from operator set 18 on, an attribute before.
        var number = Tensor.FromArray(Index is { } index ? [index] : new[] { 1L }, Index is null ? [1] : []).DetachFromDisposeScope();
        var at = $"{name}.at";
        var node = Index is not null
            ? new Node(name, "Gather", "", [output, at], [name], Attributes.Of(("axis", 1L)))
            : graph.Opset < 18
                ? new Node(name, "ReduceMean", "", [output], [name], Attributes.Of(("axes", new[] { 1L }), ("keepdims", 0L)))
                : new Node(name, "ReduceMean", "", [output, at], [name], Attributes.Of(("keepdims", 0L)));
        return (
            graph with
            {
                Nodes = graph.Nodes.Add(node),
                Initializers = node.Inputs.Length > 1 ? graph.Initializers.Add(at, number) : graph.Initializers,
            },
            name);
    }

    /// <summary>The graph whose value of that name is the chosen position of what it was, and what the whole is called now.</summary>
    /// <exception cref="OccamException">No node computes the value.</exception>
    internal (Graph Graph, string Whole) InPlaceOf(Graph graph, string output)
    {
        if (!graph.Producers.ContainsKey(output))
        {
            throw new OccamException($"{this} can't be taken of '{output}', which no node computes");
        }

        var whole = graph.Unused($"{output}.positions");
        ImmutableArray<string> Renamed(ImmutableArray<string> names) => [.. names.Select(name => name == output ? whole : name)];
        var renamed = graph with
        {
            Nodes = [.. graph.Nodes.Select(node => node with { Inputs = Renamed(node.Inputs), Outputs = Renamed(node.Outputs) })],
        };
        var (applied, _) = Apply(renamed, whole);
        var last = applied.Nodes[^1] with { Outputs = [output] };
        return (applied with { Nodes = applied.Nodes.SetItem(applied.Nodes.Length - 1, last) }, whole);
    }
}
