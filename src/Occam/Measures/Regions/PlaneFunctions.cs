using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Regions;

/// <summary>
/// Some values of a network with their derivatives along a plane, at points of it, in float64.
/// </summary>
/// <param name="Values">Points × functions.</param>
/// <param name="SlopesS">∂/∂s, likewise.</param>
/// <param name="SlopesT">∂/∂t, likewise.</param>
internal sealed record PlaneFunctions(double[] Values, double[] SlopesS, double[] SlopesT)
{
    /// <summary>Evaluates functions of the network's values.</summary>
    /// <param name="network">The network, in float64.</param>
    /// <param name="slice">The plane.</param>
    /// <param name="points">The points, all in one batch.</param>
    /// <param name="wanted">The values of the network that the functions need.</param>
    /// <param name="functions">The functions, batch first; null where there are none.</param>
    public static PlaneFunctions? At(
        Network network,
        PlaneSlice slice,
        IReadOnlyList<PlanePoint> points,
        IReadOnlyCollection<string> wanted,
        Func<IReadOnlyDictionary<string, Tensor>, Tensor?> functions)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var forward = new ForwardAutogradScope();
        using var grad = Libtorch.EnableGrad();
        var x = slice.Inputs(points);
        var (u, v) = slice.Directions(points.Count);
        if (functions(network.Run(forward.MakeDual(x, u), wanted)) is not { Elements: > 0 } along)
        {
            return null;
        }

        var across = functions(network.Run(forward.MakeDual(x, v), wanted))!;
        double[] Slopes(Tensor result) => (forward.Tangent(result) ?? Tensor.ZerosLike(result)).Detach().Contiguous().ToArray<double>();
        return new PlaneFunctions(along.Detach().Contiguous().ToArray<double>(), Slopes(along), Slopes(across));
    }
}
