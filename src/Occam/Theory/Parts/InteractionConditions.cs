using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// Conditions C1, C2 and C3 of Neyshabur et al. 2017, §4, measured on the first eight examples. With P_{a..b} the product of
/// D_iW_i, W_0 = x and D_0 = I:
/// C1: μ = min √h_c ‖P_{a..b}‖_F/(‖P_{c+1..b}‖_F ‖P_{a..c}‖_F) over 0 ≤ a ≤ c &lt; b ≤ d, with the boundary cases c = a and
/// c = b − 1 that the lemmas' proofs need (fig. 6), and never above 1, which those proofs need too;
/// C2: C_2 = max over examples, levels and δ = 10⁻³, …, 1 of the share of units with a pre-activation within δ of zero, over δ;
/// C3: C_3² = max h_i‖W_i‖²_{2,∞}/‖D_iW_i‖_F².
/// </summary>
/// <param name="Examples">The examples, of unit length.</param>
/// <param name="Masks">The diagonals of D_1 … D_{d−1}, examples × h_i.</param>
/// <param name="Mu">μ of each example.</param>
/// <param name="Middle">The least ratio of C1 with a &lt; c &lt; b − 1; NaN in networks too shallow to have one.</param>
/// <param name="Boundary">The least ratio with c = a or c = b − 1.</param>
/// <param name="C2">C_2.</param>
/// <param name="C3">C_3.</param>
/// <param name="LayerNorms">‖D_iW_i‖_F of each example, i = 1 … d.</param>
internal sealed record InteractionConditions(
    Tensor Examples, ImmutableArray<Tensor> Masks, ImmutableArray<double> Mu, double Middle, double Boundary, double C2, double C3,
    ImmutableArray<double[]> LayerNorms)
{
    private const int Sampled = 8;
    private const int Widths = 13;

    /// <summary>The conditions of a chain, computed once.</summary>
    public static InteractionConditions Of(TheoryContext context, LayerChain chain) =>
        context.Measures.Shared(() => Measure(context, chain));

    private static InteractionConditions Measure(TheoryContext context, LayerChain chain)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var x = chain.Examples(Sampled).DetachFromDisposeScope();
        var before = chain.PreActivations(x);
        ImmutableArray<Tensor> masks = [.. before.Select(z => z.GreaterThan(0).To(ScalarType.Float64).DetachFromDisposeScope())];
        var count = (int)x.Size(0);
        var mu = new double[count];
        var (middle, boundary) = (double.NaN, double.PositiveInfinity);
        var norms = new double[count][];
        for (var example = 0; example < count; example++)
        {
            using var inner = Libtorch.NewDisposeScope();
            Tensor[] layers = [x
                .Select(0, example)
                .Unsqueeze(1), .. chain.Weights.Select((W, i) => i < masks.Length ? masks[i].Select(0, example).Unsqueeze(1) * W : W)];
            var N = Products(context, layers);
            norms[example] = [.. Enumerable.Range(1, chain.Depth).Select(i => N[i, i])];
            mu[example] = 1;
            foreach (var (ratio, isBoundary) in Ratios(N, chain.Units))
            {
                mu[example] = Math.Min(mu[example], ratio);
                (middle, boundary) = isBoundary
                    ? (middle, Math.Min(boundary, ratio))
                    : (double.IsNaN(middle) ? ratio : Math.Min(middle, ratio), boundary);
            }
        }

        var C3 = Math.Sqrt(chain.Weights
            .Select((W, i) => chain.Units[i + 1] * Math.Pow(W.Norm([1]).AMax([0]).Item(), 2) / norms.Min(own => own[i] * own[i]))
            .Max());
        return new InteractionConditions(x, masks, [.. mu], middle, boundary, Density(before), C3, [.. norms]);
    }

    /// <summary>‖P_{a..b}‖_F for 0 ≤ a ≤ b ≤ d.</summary>
    private static double[,] Products(TheoryContext context, Tensor[] layers)
    {
        var norms = new double[layers.Length, layers.Length];
        for (var a = 0; a < layers.Length; a++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var P = layers[a];
            norms[a, a] = P.Norm().Item();
            for (var b = a + 1; b < layers.Length; b++)
            {
                context.Measures.Options.Cancellation.ThrowIfCancellationRequested();
                P = layers[b].MatMul(P);
                norms[a, b] = P.Norm().Item();
            }
        }

        return norms;
    }

    private static IEnumerable<(double Ratio, bool IsBoundary)> Ratios(double[,] N, ImmutableArray<long> units)
    {
        for (var b = 1; b < N.GetLength(0); b++)
        {
            for (var a = 0; a < b; a++)
            {
                for (var c = a; c < b; c++)
                {
                    var whole = N[c + 1, b] * N[a, c];
                    if (whole > 0)
                    {
                        yield return (Math.Sqrt(units[c]) * N[a, b] / whole, c == a || c == b - 1);
                    }
                }
            }
        }
    }

    private static double Density(Tensor[] before)
    {
        var widths = Enumerable.Range(0, Widths).Select(i => Math.Pow(10, (i / 4.0) - 3));
        return before.SelectMany(z => widths.Select(delta => z.Abs().LessOrEqual(
            Tensor.Full([1], delta, ScalarType.Float64)).To(ScalarType.Float64).Flatten(1).Mean([1]).AMax([0]).Item() / delta))
            .DefaultIfEmpty(0)
            .Max();
    }
}
