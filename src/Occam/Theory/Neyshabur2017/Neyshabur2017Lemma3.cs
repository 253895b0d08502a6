using MathNet.Numerics.Statistics;
using Occam.Theory.Parts;
using Occam.Torch;

namespace Occam.Theory.Neyshabur2017;

/// <summary>
/// Lemma 3 of Neyshabur et al. 2017: E‖AνB‖_F ≤ σ‖A‖_F‖B‖_F for ν_ij ~ N(0, σ²), and E‖AνB‖_F² = σ²‖A‖_F²‖B‖_F², from which its proof has
/// it. A and B are what Lemma 1 puts there: for each layer k the layers above it, W_dD_{d−1}W_{d−1} ⋯ D_k, and what it sees of
/// the first example, D_{k−1}W_{k−1} ⋯ D_1W_1x; σ = 1, by which both sides go. Left sides by Monte Carlo. Three standard errors count as
/// equality in the inequality, and five in the equation, where they are known: ‖AνB‖² has the variance 2σ⁴‖AAᵀ‖_F²‖B‖⁴, B being a
/// column. The layer shown is the one where the sides are closest, or furthest apart.
/// </summary>
public sealed class Neyshabur2017Lemma3() : Theorem(
    "eg-lemma-3",
    "Noise between two matrices",
    "Neyshabur et al. 2017, Lemma 3",
    "E‖AνB‖_F ≤ σ‖A‖_F‖B‖_F, from E‖AνB‖_F² = σ²‖A‖_F²‖B‖_F²")
{
    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        if (LayerChain.Of(context, out var why) is not { } chain)
        {
            return Blank with { NotApplicable = why };
        }

        using var grad = Libtorch.NoGrad();
        var x = chain.Examples(1);
        Tensor[] masks = [.. chain.PreActivations(x).Select(z => z.GreaterThan(0).To(ScalarType.Float64))];
        var draws = PerturbedChain.DrawsOf(context, chain);
        using var generator = new Generator(context.Measures.Options.RandomSeed);
        var layers = Enumerable.Range(0, chain.Depth).Select(k => Sides(chain, masks, x, k, draws, generator, context)).ToArray();
        var closest = layers.MaxBy(layer => layer.Size.Value / layer.Right)!;
        var furthest = layers.MaxBy(layer => Math.Abs(layer.Square.Value - (layer.Right * layer.Right)) / layer.Square.StandardError)!;
        var square = furthest.Right * furthest.Right;
        return Blank with
        {
            Inequalities =
            [
                Inequality.AtMost($"E‖AνB‖, layer {closest.Layer}", closest.Size, closest.Right, errors: 3),
                Inequality.Equal($"E‖AνB‖² = σ²‖A‖²‖B‖², layer {furthest.Layer}", furthest.Square, square, errors: 5),
            ],
            Details =
            [
                .. layers.SelectMany(layer => new KeyValuePair<string, double>[]
                {
                    new($"layer={layer.Layer}.left", layer.Size.Value), new($"layer={layer.Layer}.right", layer.Right),
                }),
            ],
            Notes = [$"{draws} draws a layer (seed {context.Measures.Options.Seed}), σ = 1, at the first example"],
        };
    }

    private static Sided Sides(
        LayerChain chain, Tensor[] masks, Tensor x, int k, int draws, Generator generator, TheoryContext context)
    {
        using var scope = Libtorch.NewDisposeScope();
        var B = x;
        for (var i = 0; i < k; i++)
        {
            B = B.MatMul(chain.Weights[i].T()) * masks[i];
        }

        // Rows: A from the output down to layer k.
        var A = Tensor.Eye(chain.Units[^1], ScalarType.Float64);
        for (var i = chain.Depth - 1; i > k; i--)
        {
            A = A.MatMul(chain.Weights[i]) * masks[i - 1];
        }

        var noise = Tensor.ZerosLike(chain.Weights[k]);
        var (size, square) = (new RunningStatistics(), 0.0);
        for (var draw = 0; draw < draws; draw++)
        {
            context.Measures.Options.Cancellation.ThrowIfCancellationRequested();
            using var inner = Libtorch.NewDisposeScope();
            var norm = B.MatMul(noise.NormalInPlace(generator).T()).MatMul(A.T()).Norm().Item();
            size.Push(norm);
            square += norm * norm / draws;
        }

        context.Measures.Options.Progress?.Invoke((k + 1.0) / chain.Depth);
        var error = Math.Sqrt(2.0 / draws) * A.MatMul(A.T()).Norm().Item() * B.Square().Sum().Item();
        return new Sided(
            k + 1, Uncertain.Mean(size), Uncertain.Estimated(square, error, draws), A.Norm().Item() * B.Norm().Item());
    }

    /// <summary>Both sides at a layer: E‖AνB‖, E‖AνB‖² and ‖A‖‖B‖.</summary>
    private sealed record Sided(int Layer, Uncertain Size, Uncertain Square, double Right);
}
