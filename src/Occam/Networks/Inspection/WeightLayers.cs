using System.Collections.Immutable;
using Occam.Networks.Rewrites;
using Occam.Torch;

namespace Occam.Networks.Inspection;

/// <summary>The layers of a network, batch normalization folded, in order; and what has weights and is no layer.</summary>
internal sealed class WeightLayers
{
    private WeightLayers(ImmutableArray<WeightLayer> all, ImmutableArray<SkippedNode> skipped)
    {
        All = all;
        Skipped = skipped;
    }

    /// <summary>Every node with weights as a matrix; a tensor in two nodes gives two layers.</summary>
    public ImmutableArray<WeightLayer> All { get; }

    /// <summary>Each stored tensor once, where layers share it.</summary>
    public IEnumerable<WeightLayer> Distinct => All.DistinctBy(layer => layer.Tensors);

    /// <summary>The nodes with weights that are no matrix, and why.</summary>
    public ImmutableArray<SkippedNode> Skipped { get; }

    /// <summary>What a reader must know of layers that share weights.</summary>
    public ImmutableArray<string> Notes =>
    [
        .. All.GroupBy(layer => layer.Tensors).Where(group => group.Count() > 1)
            .Select(group => $"{string.Join(" and ", group.Select(layer => $"'{layer.Name}'"))} share their weights: a factor each in "
                + "products over layers, a term each in sums of stable ranks, once in sums over parameters"),
    ];

    /// <summary>The layers of a network.</summary>
    /// <param name="network">The network, batch normalization folded.</param>
    /// <param name="notFolded">The batch normalizations that stayed, and why.</param>
    public static WeightLayers Of(Network network, IEnumerable<NotFolded> notFolded) =>
        Find(network, notFolded.ToDictionary(left => left.Node, left => left.Why));

    /// <summary>Matrices without a network, each a layer.</summary>
    public static WeightLayers Of(IEnumerable<WeightLayer> matrices) => new([.. matrices], []);

    /// <summary>W − W⁰ by layer, from the network at initialization.</summary>
    /// <exception cref="OccamException">The two networks don't have the same layers.</exception>
    public ImmutableArray<WeightLayer> Minus(Network initialization) => Minus(Find(initialization, []));

    /// <summary>W − W⁰ by layer, from the layers at initialization.</summary>
    /// <exception cref="OccamException">There are others.</exception>
    public ImmutableArray<WeightLayer> Minus(WeightLayers initialization)
    {
        var initial = initialization.All;
        if (All.Length != initial.Length)
        {
            throw new OccamException($"the network at initialization has {initial.Length} layers with weights, and the measured one "
                + $"{All.Length}: expected the same architecture");
        }

        return All.Zip(initial, (layer, before) => layer.Matrix.Shape.AsSpan().SequenceEqual(before.Matrix.Shape)
            ? layer.Minus(before)
            : throw new OccamException($"at initialization the weights of '{before.Name}' are "
                + $"{Shape(before)}, and those of '{layer.Name}' {Shape(layer)}: expected the same architecture")).ToImmutableArray();
    }

    private static string Shape(WeightLayer layer) => $"{layer.Matrix.Size(0)} × {layer.Matrix.Size(1)}";

    private static WeightLayers Find(Network network, Dictionary<string, string> notFolded)
    {
        using var grad = Libtorch.NoGrad();
        using var scope = Libtorch.NewDisposeScope();
        var parameters = network.Parameters.Select(parameter => parameter.Name).ToHashSet();
        var layers = ImmutableArray.CreateBuilder<WeightLayer>();
        var skipped = ImmutableArray.CreateBuilder<SkippedNode>();
        foreach (var node in network.ActiveNodes.Where(node => node.Inputs.Any(network.DependsOnData.Contains)))
        {
            var op = network.Operators[node];
            if (op.WeightMatrix(node, network.Constant) is { } matrix)
            {
                var constant = node.Inputs.Where((_, i) => !op.IsOffset(i)).SelectMany(name => Stored(network, name, parameters));
                layers.Add(new WeightLayer(node, matrix
                    .Alias()
                    .DetachFromDisposeScope(), string.Join(' ', constant.Order(StringComparer.Ordinal).DefaultIfEmpty(node.Output))));
            }
            else if (node.Inputs.Where((name, i) => !op.IsOffset(i)).SelectMany(name => Stored(network, name, parameters)).Any())
            {
                skipped.Add(new SkippedNode(node.Name, notFolded.TryGetValue(node.Name, out var why)
                    ? $"batch normalization that can't be folded, since {why}; its scale is no weight matrix"
                    : "its weights are no matrix that acts on the data"));
            }
        }

        return new WeightLayers(layers.ToImmutable(), skipped.ToImmutable());
    }

    // The parameters that a constant of the network is computed from.
    private static IEnumerable<string> Stored(Network network, string name, HashSet<string> parameters) =>
        network.Graph.Varying.Contains(name) ? []
        : parameters.Contains(name) ? [name]
        : network.Graph.Producers.TryGetValue(name, out var producer) ? producer.Inputs.SelectMany(
            input => Stored(network, input, parameters))
        : [];
}
