using Occam.Networks;

namespace Occam.Theory.Parts;

/// <summary>The ½-dropout of Loukas et al. 2021, §5.2: of every hidden unit after its activation, and of nothing else.</summary>
internal static class HalfDropout
{
    /// <summary>
    /// Why a network that <see cref="HiddenActivations.Problem"/> doesn't refuse has another dropout or none; null where it has this.
    /// </summary>
    public static string? Problem(Network network)
    {
        double? Dropped(Node node) => network.Operators[node].DropProbability(node, network.Constant);
        var dropouts = network.ActiveNodes.Where(node => Dropped(node) is not null).ToHashSet();
        foreach (var rectifier in network.ActiveNodes.Where(node => network.LinearityOf(node) == Linearity.PiecewiseAffine))
        {
            var node = rectifier;
            do
            {
                var value = node.Output;
                node = network.ActiveNodes.FirstOrDefault(next => next.Inputs.Contains(value));
            }
            while (node is not null && network.LinearityOf(node) == Linearity.Structural && !dropouts.Contains(node));
            if (node is null || !dropouts.Remove(node))
            {
                return $"{rectifier} isn't followed by a dropout";
            }

            if (Dropped(node) is var share and not 0.5)
            {
                return $"{node} drops with probability {share:G4}, not ½";
            }
        }

        return dropouts.Count > 0 ? $"{dropouts.First()} drops what isn't a hidden unit" : null;
    }
}
