using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// The nodes that must run to compute some values from others, in order, with the values that may be let go
/// after each.
/// </summary>
internal sealed class ExecutionPlan
{
    private readonly Network _network;
    private readonly ImmutableArray<(Node Node, ImmutableArray<string> Released)> _steps;
    private readonly ImmutableArray<string> _wanted;

    private ExecutionPlan(Network network, ImmutableArray<(Node, ImmutableArray<string>)> steps, ImmutableArray<string> wanted)
    {
        _network = network;
        _steps = steps;
        _wanted = wanted;
    }

    public static ExecutionPlan Make(Network network, ImmutableHashSet<string> given, IReadOnlyCollection<string> wanted)
    {
        var graph = network.Graph;

        // Constants that depend on a given value (a parameter put in place of the stored one) must be run again.
        var changed = given.ToHashSet();
        foreach (var node in graph.Nodes.Where(node => node.Inputs.Any(changed.Contains)))
        {
            changed.UnionWith(node.Outputs.Where(name => name.Length > 0 && !given.Contains(name)));
        }

        var needed = new HashSet<string>(wanted);
        var chosen = new Stack<Node>();
        foreach (var node in graph.Nodes.Reverse())
        {
            if (!node.Outputs.Any(name => needed.Contains(name) && !given.Contains(name))
                || !node.Outputs.Any(name => changed.Contains(name) || graph.Varying.Contains(name)))
            {
                continue;
            }

            chosen.Push(node);
            needed.UnionWith(node.Inputs.Where(name => name.Length > 0));
        }

        if (needed.FirstOrDefault(name => graph.IsInput(name) && !given.Contains(name)) is { } missing)
        {
            throw new OccamException(
                $"'{string.Join("', '", wanted.Take(3))}' can't be computed from '{string.Join("', '", given)}': the network's input "
                    + $"'{missing}' is needed too");
        }

        var lastUse = new Dictionary<string, Node>();
        foreach (var node in chosen)
        {
            foreach (var name in node.Inputs.Concat(node.Outputs))
            {
                lastUse[name] = node;
            }
        }

        var kept = given.Union(wanted);
        var releases = lastUse
            .Where(pair => !kept.Contains(pair.Key)
                && graph.Producers.ContainsKey(pair.Key)
                && (graph.Varying.Contains(pair.Key) || changed.Contains(pair.Key)))
            .ToLookup(pair => pair.Value, pair => pair.Key, NodeIdentity.Comparer);
        return new ExecutionPlan(network, [.. chosen.Select(node => (node, releases[node].ToImmutableArray()))], [.. wanted]);
    }

    public IReadOnlyDictionary<string, Tensor> Execute(
        IReadOnlyDictionary<string, Tensor> given, IReadOnlyDictionary<string, Tensor> constants, RunOptions options)
    {
        var values = new Dictionary<string, Tensor>(given);
        List<Tensor> made = [];
        Tensor? Made(string name)
        {
            if (options.Make?.Invoke(name) is { } tensor)
            {
                made.Add(tensor);
                return tensor;
            }

            return null;
        }

        Tensor Value(string name) => values.GetValueOrDefault(name) ?? constants.GetValueOrDefault(name) ?? throw Missing(_network, name);
        foreach (var (node, released) in _steps)
        {
            var inputs = new Tensor?[node.Inputs.Length];
            for (var i = 0; i < inputs.Length; i++)
            {
                inputs[i] = node.Inputs[i].Length == 0 ? null : Made(node.Inputs[i]) ?? Value(node.Inputs[i]);
            }

            var outputs = RunNode(_network, node, inputs, options);
            for (var i = 0; i < outputs.Length && i < node.Outputs.Length; i++)
            {
                if (node.Outputs[i].Length > 0 && !given.ContainsKey(node.Outputs[i]))
                {
                    values[node.Outputs[i]] = outputs[i];
                    options.Watch?.Invoke(node.Outputs[i], outputs[i]);
                }
            }

            made.ForEach(tensor => tensor.Dispose());
            made.Clear();
            foreach (var name in released)
            {
                if (values.Remove(name, out var value))
                {
                    value.Dispose();
                }
            }
        }

        return _wanted.ToDictionary(name => name, Value);
    }

    /// <summary>A value that its node didn't compute after all.</summary>
    public static OccamException Missing(Network network, string name) =>
        new(network.Graph.Producers.TryGetValue(name, out var node)
            ? $"{node} has no output {node.Outputs.IndexOf(name)}, which the model names '{name}' and uses"
            : $"there is no value '{name}'");

    public static Tensor[] RunNode(Network network, Node node, Tensor?[] inputs, RunOptions options)
    {
        LoadingScope.Current?.CheckTime(node);
        try
        {
            // An output that is its input (an identity) gets a handle of its own, so that each can be let go alone.
            return Array.ConvertAll(
                network.Operators[node].Run(network.Call(node, inputs, options)),
                output => inputs.Contains(output) ? output.Alias() : output);
        }
        catch (TorchMemoryException e)
        {
            throw new OccamException($"{node} wants {MemoryText.Of(e)}", e);
        }
        catch (Exception e) when (e is TorchException or ArgumentException or IndexOutOfRangeException or ArithmeticException)
        {
            // Besides what libtorch refuses: attributes and inputs of a damaged model that no operator foresaw.
            var shapes = inputs.Select((tensor, i) => tensor is null ? "" : $"{node.Inputs[i]}: {string.Join("×", tensor.Shape)}");
            throw new OccamException($"{node} can't be run on {string.Join(", ", shapes)}: {e.Reason()}", e);
        }
    }
}
