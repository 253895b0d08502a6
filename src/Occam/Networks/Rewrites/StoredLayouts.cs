using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Rewrites;

/// <summary>
/// Stores parameters as the nodes take them that compute with them. An export without constant folding transposes and reshapes each
/// weight on its way to its layer; what is stored then is the weight as it arrives, under its own name and without a copy, so that a
/// layer has a parameter for its weight. A parameter that is used in two forms (an embedding's table that is also the last layer's
/// weight) stays as it is.
/// </summary>
internal static class StoredLayouts
{
    /// <summary>The same function of the same parameters, their numbers laid out as they are used.</summary>
    /// <returns>The same network where there is nothing to do.</returns>
    public static Network Apply(Network network)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        while (Once(network) is { } changed)
        {
            network = changed;
        }

        return network;
    }

    private static Network? Once(Network network)
    {
        var graph = network.Graph;
        HashSet<string> outputs = [.. graph.Outputs.Select(output => output.Name), network.Output];
        Dictionary<string, string> renamed = [];
        var gone = new HashSet<Node>(NodeIdentity.Comparer);
        var stored = graph.Initializers.ToBuilder();
        foreach (var (name, value, _, _) in network.Parameters)
        {
            Node[] users = [.. graph.Consumers[name]];
            if (users.All(user => Lays(network, user, name) && !outputs.Contains(user.Output))
                && users.Select(user => Layout(network, user)).Distinct().Count() == 1)
            {
                stored[name] = network.Constant(users[0].Output)!.Alias().DetachFromDisposeScope();
                gone.UnionWith(users);
                users.ToList().ForEach(user => renamed[user.Output] = name);
            }
        }

        return gone.Count == 0 ? null : network.WithGraph(graph with
        {
            Initializers = stored.ToImmutable(),
            Nodes =
            [
                .. graph.Nodes.Where(node => !gone.Contains(node)).Select(node => node.Inputs.Any(renamed.ContainsKey)
                    ? node with { Inputs = [.. node.Inputs.Select(input => renamed.GetValueOrDefault(input, input))] }
                    : node),
            ],
        });
    }

    // Whether a node gives all numbers of a stored tensor as they are, in some layout.
    private static bool Lays(Network network, Node node, string stored) =>
        node.Inputs[0] == stored && node.Inputs.Count(input => input == stored) == 1 && node.Outputs.Length == 1
        && !node.Outputs.Any(network.Graph.Varying.Contains)
        && (node is { OperatorType: "Transpose", Domain: "" }
            || (network.Operators[node] is { DiffersInTraining: false } op && op.KeepsNumbersInOrder(node)));

    private static string Layout(Network network, Node node) => node.OperatorType == "Transpose"
        ? string.Join(' ', node.Attributes.Ints("perm") ?? [])
        : string.Join('×', network.Constant(node.Output)!.Shape);
}
