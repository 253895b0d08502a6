using System.Collections.Immutable;
using Occam.Networks;

namespace Occam.Derivatives;

/// <summary>The one place at which a parameter enters a network.</summary>
/// <param name="Node">The node.</param>
/// <param name="Input">Which of its inputs the parameter is.</param>
internal sealed record ParameterUse(Node Node, int Input)
{
    /// <summary>
    /// The places at which the parameters enter what the output depends on; null when one of them enters at several
    /// places, or only by way of what is computed from it.
    /// </summary>
    public static ImmutableArray<ParameterUse>? OfAll(Network network) =>
        Of(network, network.Parameters.Select(parameter => parameter.Name));

    /// <summary>The same of some of the parameters.</summary>
    public static ImmutableArray<ParameterUse>? Of(Network network, IEnumerable<string> names)
    {
        var active = network.ActiveNodes.ToHashSet(NodeIdentity.Comparer);
        var uses = ImmutableArray.CreateBuilder<ParameterUse>();
        foreach (var name in names)
        {
            if (network.Graph.Consumers[name].ToArray() is not [var node]
                || node.Inputs.Count(input => input == name) != 1
                || !node.Outputs.Any(network.Graph.Varying.Contains))
            {
                return null;
            }

            if (active.Contains(node))
            {
                uses.Add(new ParameterUse(node, node.Inputs.IndexOf(name)));
            }
        }

        return uses.ToImmutable();
    }
}
