using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>What makes a network's numbers worthless.</summary>
internal static class NetworkChecks
{
    /// <summary>
    /// The names of the stored tensors with numbers that aren't finite: NaN in any, infinity in a parameter
    /// (elsewhere it can have a meaning, such as no limit).
    /// </summary>
    public static ImmutableArray<string> NonFiniteParameters(Network network)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var parameters = network.Parameters.Select(parameter => parameter.Name).ToHashSet();
        return
        [
            .. network.Graph.Initializers
                .Where(pair => pair.Value.IsFloatingPoint
                    && !SumsUp(pair.Value)
                    && !(parameters.Contains(pair.Key) ? pair.Value.IsFinite() : pair.Value.EqualTo(pair.Value)).All().ToArray<bool>()[0])
                .Select(pair => pair.Key)
                .Order(StringComparer.Ordinal),
        ];
    }

    // Nothing that isn't finite can be in a finite sum, which is told faster than of each number; a sum may be infinite without.
    private static bool SumsUp(Tensor tensor) => double.IsFinite(tensor.Sum().Item());
}
