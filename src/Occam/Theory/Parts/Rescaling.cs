using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// Node-wise rescaling of dense ReLU layers (Neyshabur et al. 2017, §2.2, footnote 1): the weights into a hidden unit times α &gt; 0, those
/// out of it divided by α, which leaves the function as it is.
/// </summary>
internal static class Rescaling
{
    /// <summary>The layers rescaled by numbers of their hidden units, h_i of each i = 1 … d − 1.</summary>
    public static ImmutableArray<Tensor> By(IReadOnlyList<Tensor> weights, IReadOnlyList<Tensor> factors) =>
    [
        .. weights.Select((W, i) =>
        {
            var rows = i < factors.Count ? W * factors[i].Unsqueeze(1) : W;
            return i > 0 ? rows / factors[i - 1].Unsqueeze(0) : rows;
        }),
    ];

    /// <summary>
    /// The layers rescaled so that the weights into each hidden unit have the ℓ_p norm 1. Of a unit without paths into it they stay
    /// zero, and those out of it go to zero with α, as they would in the limit.
    /// </summary>
    public static ImmutableArray<Tensor> Balanced(IReadOnlyList<Tensor> weights, double p)
    {
        var balanced = ImmutableArray.CreateBuilder<Tensor>();
        Tensor? into = null;
        for (var i = 0; i < weights.Count; i++)
        {
            var W = into is null ? weights[i] : weights[i] * into.Unsqueeze(0);
            into = RowNorms(W, p);
            balanced.Add(i == weights.Count - 1 ? W : W / into.Clamp(double.Epsilon, null).Unsqueeze(1));
        }

        return balanced.ToImmutable();
    }

    /// <summary>Π ‖W_i‖_{p,∞}.</summary>
    public static double Product(IEnumerable<Tensor> weights, double p) =>
        weights.Aggregate(1.0, (product, W) => product * RowNorms(W, p).AMax([0]).Item());

    /// <summary>The ℓ_p norms of the paths into each output: (Σ over paths Π |W|^p)^(1/p).</summary>
    public static double[] Paths(IReadOnlyList<Tensor> weights, double p)
    {
        var sums = Tensor.Ones([weights[0].Size(1)], ScalarType.Float64);
        foreach (var W in weights)
        {
            sums = W.Abs().Pow(p).MatMul(sums);
        }

        return sums.Pow(1 / p).ToArray<double>();
    }

    private static Tensor RowNorms(Tensor W, double p) => W.Abs().Pow(p).Sum([1]).Pow(1 / p);
}
