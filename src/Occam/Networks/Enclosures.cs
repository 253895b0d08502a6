using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// Encloses what a network, in float64, makes of all inputs in a ball around an example, and its derivative there, node by node as each
/// operator says.
/// </summary>
internal sealed class Enclosures
{
    // Batches of one to three: a dimension that isn't the batch's has one size.
    private const int Probes = 3;
    private const double Near = 1e-6;

    private readonly Network _network;
    private readonly Node[] _active;
    private readonly Dictionary<string, int> _lastUse = [];
    private readonly Dictionary<(string Name, long Batch), Tensor> _sizes = [];

    /// <summary>Prepares a network.</summary>
    /// <param name="network">The network, in float64, with no inputs beside the one.</param>
    /// <param name="shape">The sizes of an example.</param>
    public Enclosures(Network network, long[] shape)
    {
        _network = network;
        Shape = shape;
        _active = [.. network.ActiveNodes];
        for (var i = 0; i < _active.Length; i++)
        {
            foreach (var name in _active[i].Inputs)
            {
                _lastUse[name] = i;
            }
        }

        Unsuited = FindUnsuited();
    }

    /// <summary>The sizes of an example.</summary>
    public long[] Shape { get; }

    /// <summary>Why nothing can be enclosed in this network; null where it can be tried.</summary>
    public string? Unsuited { get; }

    /// <summary>The output's enclosure, kept in the innermost scope; null, with the reason, where a node has none.</summary>
    /// <param name="space">What enclosures have in common.</param>
    /// <param name="example">The example, with a batch of one.</param>
    /// <param name="cancellation">Cancels the computation.</param>
    public (Enclosure? Output, string Why) Of(EnclosureSpace space, Tensor example, CancellationToken cancellation = default)
    {
        if (Unsuited is { } unsuited)
        {
            return (null, unsuited);
        }

        using var grad = Libtorch.NoGrad();
        var input = _network.Graph.Input.Name;
        Dictionary<string, Enclosure> known = new() { [input] = space.Input(example.To(ScalarType.Float64)) };
        for (var i = 0; i < _active.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var node = _active[i];
            if (!node.Inputs.Any(known.ContainsKey) || !_network.Operators[node].ReadsValues)
            {
                continue;
            }

            using (Libtorch.NewDisposeScope())
            {
                if (Enclose(space, node, known) is { } why)
                {
                    return (null, $"no finite bound passes through {node}: {why}");
                }
            }

            foreach (var name in node.Inputs.Where(name => _lastUse[name] == i && name != _network.Output).Distinct())
            {
                if (known.Remove(name, out var done))
                {
                    foreach (var tensor in done.Tensors)
                    {
                        tensor.Dispose();
                    }
                }
            }
        }

        return known.TryGetValue(_network.Output, out var output)
            ? (output, "")
            : (null, "the output doesn't depend on the numbers in the input");
    }

    private string? Enclose(EnclosureSpace space, Node node, Dictionary<string, Enclosure> known)
    {
        ImmutableArray<Enclosure?> inputs = [.. node.Inputs.Select(name => known.GetValueOrDefault(name))];
        if (node.Inputs.FirstOrDefault(name => _network.DependsOnData.Contains(name) && !known.ContainsKey(name)) is { } missing)
        {
            return $"its input '{missing}' has no enclosure";
        }

        var op = _network.Operators[node];
        var call = new EnclosureCall(node, _network.LinearityOf(node), inputs, space, batch => Call(node, batch, known));
        var columns = inputs.OfType<Enclosure>().Max(value => value.Shifts.Elements + value.Slopes.Elements);
        if (columns > 2 * EnclosureSpace.MostNumbers)
        {
            return $"its input's columns, one for each number of the network's input, have {columns} numbers, more than the "
                + $"{2 * EnclosureSpace.MostNumbers} that are kept";
        }

        if (op.Enclose(call) is not { } outputs)
        {
            return op.WhyNotEnclosed(call);
        }

        for (var i = 0; i < outputs.Length && i < node.Outputs.Length; i++)
        {
            if (!outputs[i].IsFinite)
            {
                return "values or slopes have no finite bound there";
            }

            if (node.Outputs[i].Length > 0)
            {
                // A handle of its own, for a tensor may be an input's, too.
                known[node.Outputs[i]] = outputs[i].Changed(tensor => tensor.Alias(), tensor => tensor.Alias()).Kept();
            }
        }

        return null;
    }

    private NodeCall Call(Node node, long batch, Dictionary<string, Enclosure> known) => _network.Call(
        node,
        [.. node.Inputs.Select(name => name.Length == 0 ? null
            : known.TryGetValue(name, out var value) ? Tensor.Zeros([batch * value.Shape[0], .. value.Shape[1..]], ScalarType.Float64)
            : _network.Constant(name) ?? Size(name, batch))],
        RunOptions.Evaluation);

    // A value that depends on how many examples there are, and not on their numbers.
    private Tensor Size(string name, long batch)
    {
        if (!_sizes.TryGetValue((name, batch), out var value))
        {
            var zeros = Tensor.Zeros([1, .. Shape], ScalarType.Float64).Expand([batch, .. Shape]);
            _sizes[(name, batch)] = value = _network.Run(zeros, [name])[name].DetachFromDisposeScope();
        }

        return value;
    }

    // The columns of an enclosure are examples of a batch: a value must have the batch first, whatever its size.
    private string? FindUnsuited()
    {
        if (!_network.Graph.Held.IsEmpty)
        {
            return "the network has inputs beside the one that the function is of";
        }

        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        using var generator = new Generator(1);
        string[] names = [.. _active.SelectMany(node => node.Outputs).Where(_network.DependsOnData.Contains).Distinct()];
        var examples = Tensor.Randn([Probes, .. Shape], generator, ScalarType.Float64);
        try
        {
            var ones = Enumerable.Range(0, Probes).Select(i => _network.Run(examples.Narrow(0, i, 1), names)).ToArray();
            var sizes = Enumerable.Range(2, Probes - 1).Select(count => _network.Run(examples.Narrow(0, 0, count), names)).ToArray();
            foreach (var name in names)
            {
                var one = ones[0][name];
                if (one.Dimensions == 0 || sizes.Index().Any(run =>
                    !run.Item[name].Shape.AsSpan().SequenceEqual([one.Size(0) * (run.Index + 2), .. one.Shape[1..]])))
                {
                    return $"the value '{name}' doesn't have the examples in its first dimension";
                }

                var apart = Tensor.Cat([.. ones.Select(run => run[name])], 0);
                var off = (sizes[^1][name].To(ScalarType.Float64) - apart.To(ScalarType.Float64)).Norm().Item();
                if (off > Near * apart.To(ScalarType.Float64).Norm().Item())
                {
                    return $"the value '{name}' of an example depends on the others in its batch";
                }
            }

            return null;
        }
        catch (Exception e) when (e is TorchException or OccamException)
        {
            return $"the network takes no other number of examples than it was exported for ({PrintableText.Line(e.Message)})";
        }
    }
}
