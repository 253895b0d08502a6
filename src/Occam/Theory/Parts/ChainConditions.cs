using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// Conditions C1 to C3 of Neyshabur et al. 2017 at the first eight examples of a chain, each by itself; of unit length, as the paper has
/// them, where the chain has no biases.
/// </summary>
/// <param name="Examples">The examples.</param>
/// <param name="Masks">The diagonals of D_1 … D_{d−1}, examples × h_i.</param>
/// <param name="Each">The conditions at each.</param>
internal sealed record ChainConditions(Tensor Examples, ImmutableArray<Tensor> Masks, ImmutableArray<InteractionConditions> Each)
{
    private const int Sampled = 8;

    /// <summary>The least μ of an example.</summary>
    public double Mu => Each.Min(one => one.Mu);

    /// <summary>The largest C_2 of an example.</summary>
    public double C2 => Each.Max(one => one.C2);

    /// <summary>The largest C_3 of an example.</summary>
    public double C3 => Each.Max(one => one.C3);

    /// <summary>The conditions of a chain, computed once.</summary>
    public static ChainConditions Of(TheoryContext context, LayerChain chain) => context.Measures.Shared(() => Measure(context, chain));

    private static ChainConditions Measure(TheoryContext context, LayerChain chain)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var x = chain.Examples(Sampled).DetachFromDisposeScope();
        var before = chain.PreActivations(x);
        return new ChainConditions(
            x,
            [.. before.Select(z => z.GreaterThan(0).To(ScalarType.Float64).DetachFromDisposeScope())],
            [
                .. Enumerable.Range(0, (int)x.Size(0)).Select(example => InteractionConditions.At(
                    chain.Weights, x.Select(0, example), [.. before.Select(z => z.Select(0, example))],
                    cancellation: context.Measures.Options.Cancellation)),
            ]);
    }
}
