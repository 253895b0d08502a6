using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Measures.Certificates;

/// <summary>
/// x ↦ W_L φ_L(… W_1 φ_1(W_0 x + b_0) + b_1 …) + b_L, φ_i functions of single numbers: what bounds of its Lipschitz constant need of it.
/// </summary>
/// <param name="Weights">W_0 … W_L, outputs × inputs, in float64 on the CPU.</param>
/// <param name="Slopes">Between which numbers the slopes of φ_1 … φ_L lie.</param>
/// <param name="Computed">
/// How many of the matrices aren't stored so, but what the layers make of unit vectors in float64: good to rounding.
/// </param>
internal sealed record AffineChain(ImmutableArray<Tensor> Weights, ImmutableArray<Interval> Slopes, int Computed)
{
    /// <summary>The units between the input and the output.</summary>
    public long Hidden => Weights.Skip(1).Sum(weight => weight.Size(1));

    /// <summary>The layers from one to before another, with the activations between them.</summary>
    public AffineChain Part(int start, int end) => new(Weights[start..end], Slopes[start..(end - 1)], Computed);

    /// <summary>The largest magnitude of a slope between two numbers.</summary>
    public static double Steepest(Interval slopes) => Math.Max(Math.Abs(slopes.Low), Math.Abs(slopes.High));
}
