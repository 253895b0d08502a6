using Occam.Networks.Operators;
using Occam.Torch;

namespace Occam.Networks.Loading;

/// <summary>
/// Finds out whether a graph runs on any number of examples. An export with example inputs of a fixed size
/// often has that size built into its reshapes.
/// </summary>
internal static class BatchSize
{
    private const long Probe = 2;

    // Relative, above what rounding and other kernels do; of a difference that may be rounding after all, in float64.
    private const double Difference = 1e-3;
    private const double WideDifference = 1e-7;

    /// <summary>The network, freed of its batch size where possible, and the size it is left with where not.</summary>
    /// <param name="network">The network.</param>
    /// <param name="isAsked">Whether it was said which dimension counts the examples.</param>
    /// <exception cref="OccamException">It can't be run at all, or its first dimension seems to count something else.</exception>
    public static (Network Network, long? Fixed, string? Note) Find(Network network, bool isAsked)
    {
        if (ZeroExamples.Shape(network) is not { } shape)
        {
            return (network, null, null);
        }

        var built = network.Graph.Input.Batch ?? 1;
        if (DataChoices.Find(network) is { } choice && built == 1)
        {
            return (network, 1, $"{choice} chooses by the data what runs, for a batch as a whole: examples are run one at a time, and what "
                + "looks at all examples at once inside the network can't be measured");
        }

        var other = built == Probe ? Probe + 1 : Probe;
        if (Takes(network, other, shape))
        {
            const string Mixed = "examples of one batch change each other's outputs";
            return !Mixes(network, shape) ? (network, null, null)
                : isAsked ? (network, 1, $"{Mixed}: they are run one at a time")
                : built == 1 ? (network, 1, $"{Mixed} (an input may count them by another dimension: --batch-axis): they are run one at a "
                    + "time")
                : throw new OccamException(
                    $"{Mixed}, as if the first dimension of '{network.Graph.Input.Name}', {network.Graph.Input}, counted something else: "
                    + "say which dimension counts the examples (--batch-axis; 0 for the first, and each is run by itself)");
        }

        RunOnZeros(network, built, shape);
        var freed = FreeReshapes(network, built);
        return freed is not null && Takes(freed, other, shape) && Agree(network, freed, built, other, shape)
            ? (freed, null, $"the export has the batch size {built} built into its reshapes: they now take any")
            : (network, built, $"the export takes {Counted.Of(built, "example")} at a time: it is run as often as needed, and "
                + "what looks at all examples at once inside the network can't be measured");
    }

    private static bool Takes(Network network, long examples, long[] shape)
    {
        try
        {
            return RunOnZeros(network, examples, shape) is [var first, ..] && first == examples;
        }
        catch (OccamException)
        {
            return false;
        }
    }

    // Whether two examples side by side have other outputs than each alone.
    private static bool Mixes(Network network, long[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        try
        {
            // However small the outputs are: what is left of large numbers may be all rounding, of which float64 has less.
            return Differs(network, Difference)
                && (network.Type == ScalarType.Float64 || Differs(network.To(ScalarType.Float64, network.Device), WideDifference));
        }
        catch (Exception e) when (e is OccamException or TorchException)
        {
            // On numbers that it isn't made for, nothing is found out.
            return false;
        }

        bool Differs(Network network, double difference)
        {
            using var generator = new Generator(1);
            var input = ZeroExamples.RandomOf(network, generator, Probe, shape);
            var held = ZeroExamples.HoldRandom(network, generator, Probe);
            var together = held.Forward(input).To(ScalarType.Float64);
            var alone = Tensor.Cat(
                [.. Enumerable.Range(0, (int)Probe).Select(i => held.HoldingRows(i, 1).Forward(input.Narrow(0, i, 1)))], 0)
                .To(ScalarType.Float64);
            return together.Shape.SequenceEqual(alone.Shape) && (together - alone).Norm().Item() > difference * alone.Norm().Item();
        }
    }

    private static long[] RunOnZeros(Network network, long examples, long[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        return ZeroExamples.Hold(network, examples).Run(ZeroExamples.Of(network, examples, shape), [network.Output])[network.Output].Shape;
    }

    // In a Reshape a size of 0 means the input's own.
    private static Network? FreeReshapes(Network network, long built)
    {
        var graph = network.Graph;
        var initializers = graph.Initializers.ToBuilder();
        var nodes = graph.Nodes.ToBuilder();
        var changed = false;
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            if (node.OperatorType != "Reshape" || node.Attributes.Int("allowzero", 0) != 0 || !node.HasInput(1)
                || network.Constant(node.Inputs[1])?.ToArray<long>() is not { Length: > 0 } sizes || sizes[0] != built)
            {
                continue;
            }

            var name = $"{node.Output}.sizes";
            if (initializers.ContainsKey(name) || graph.Producers.ContainsKey(name))
            {
                return null;
            }

            sizes[0] = 0;
            initializers[name] = Tensor.FromArray(sizes, sizes.Length).DetachFromDisposeScope();
            nodes[i] = node with { Inputs = node.Inputs.SetItem(1, name) };
            changed = true;
        }

        return changed
            ? new Network(
                WithFreeBatch(graph with { Nodes = nodes.ToImmutable(), Initializers = initializers.ToImmutable() }), network.Output)
            : null;
    }

    private static Graph WithFreeBatch(Graph graph) =>
        graph with { Input = graph.Input with { Shape = graph.Input.Shape.SetItem(0, null) } };

    // The freed graph, on examples side by side, against the file's own on each batch.
    private static bool Agree(Network original, Network freed, long built, long other, long[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        using var generator = new Generator(1);
        var examples = built * other;
        var zeros = ZeroExamples.Of(original, examples, shape);
        var numbers = Tensor.Randn([examples, .. shape], generator);

        // Whole numbers look up tables, which have a row 0 and mostly a row 1.
        var input = (zeros.IsFloatingPoint ? numbers : numbers.GreaterThan(0)).To(zeros.ScalarType).To(original.Device);
        var together = ZeroExamples.Hold(freed, examples).Forward(input).To(ScalarType.Float64);
        var apart = new BatchedFunction(ZeroExamples.Hold(original, built), built).Forward(input).To(ScalarType.Float64);
        return together.Shape.SequenceEqual(apart.Shape)
            && (together - apart).Norm().Item() <= 1e-4 * (1 + apart.Norm().Item());
    }
}
