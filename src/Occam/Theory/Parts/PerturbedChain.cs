using System.Collections.Immutable;
using MathNet.Numerics.Statistics;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// What Gaussian noise N(0, σ_i²) on every layer does to a chain, by Monte Carlo, with σ_i = s‖W_i‖_F/√(h_i h_{i−1}), the noise
/// s times the layer's root mean square weight. All sizes s share their noise.
/// </summary>
/// <param name="Size">s.</param>
/// <param name="Draws">How often the noise was drawn.</param>
/// <param name="Linear">By example, E‖(W+ν)_d Π D_i(W+ν)_i x − f(x)‖ with the unperturbed D_i: the mean over the draws.</param>
/// <param name="Flips">By layer, E‖D̂_k − D_k‖₁, the mean over the examples; k = 1 … d − 1.</param>
/// <param name="Errors">By layer, E‖Err_k‖, the mean over the examples; k = 1 … d.</param>
internal sealed record PerturbedChain(
    double Size, int Draws, ImmutableArray<Uncertain> Linear, ImmutableArray<double> Flips, ImmutableArray<double> Errors)
{
    private const int MostDraws = 100;
    private static readonly double[] s_sizes = [1e-3, 1e-2, 1e-1];

    /// <summary>σ_i of a layer for a size.</summary>
    public static double Deviation(Tensor W, double size) => size * W.Norm().Item() / Math.Sqrt(W.Elements);

    /// <summary>The chain under noise of each size, drawn once.</summary>
    public static ImmutableArray<PerturbedChain> Of(TheoryContext context, LayerChain chain, InteractionConditions conditions) =>
        context.Measures.Shared(() => new Drawn(Draw(context, chain, conditions))).BySize;

    private static ImmutableArray<PerturbedChain> Draw(TheoryContext context, LayerChain chain, InteractionConditions conditions)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        using var generator = new Generator((ulong)context.Measures.Options.Seed);
        var (x, depth) = (conditions.Examples, chain.Depth);
        var count = (int)x.Size(0);
        var draws = Math.Min(context.Options.Draws, MostDraws);
        var noise = chain.Weights.Select(W => Tensor.ZerosLike(W)).ToArray();
        var moved = chain.Weights.Select(W => W.Clone()).ToArray();
        var f = Through(chain.Weights, conditions.Masks, x)[^1];
        var linear = s_sizes.Select(_ => Enumerable.Range(0, count).Select(_ => new RunningStatistics()).ToArray()).ToArray();
        var flips = s_sizes.Select(_ => new double[depth - 1]).ToArray();
        var errors = s_sizes.Select(_ => new double[depth]).ToArray();
        for (var draw = 0; draw < draws; draw++)
        {
            context.Measures.Options.Cancellation.ThrowIfCancellationRequested();
            using var inner = Libtorch.NewDisposeScope();
            Array.ForEach(noise, part => part.NormalInPlace(generator));
            for (var s = 0; s < s_sizes.Length; s++)
            {
                for (var i = 0; i < depth; i++)
                {
                    moved[i].SetToSum(chain.Weights[i], noise[i], Deviation(chain.Weights[i], s_sizes[s]));
                }

                var along = Through(moved, conditions.Masks, x);
                var apart = (along[^1] - f).Norm([1]).ToArray<double>();
                for (var example = 0; example < count; example++)
                {
                    linear[s][example].Push(apart[example]);
                }

                var here = x;
                for (var i = 0; i < depth; i++)
                {
                    var z = here.MatMul(moved[i].T());
                    here = i < depth - 1 ? z.Clamp(0, null) : z;
                    errors[s][i] += (here - along[i]).Norm([1]).Mean().Item() / draws;
                    if (i < depth - 1)
                    {
                        flips[s][i] += (z.GreaterThan(0).To(ScalarType.Float64) - conditions.Masks[i]).Abs().Sum([1]).Mean().Item() / draws;
                    }
                }
            }

            context.Measures.Options.Progress?.Invoke((draw + 1.0) / draws);
        }

        PerturbedChain Of(double size, int s) => new(size, draws, [.. linear[s].Select(Uncertain.Mean)], [.. flips[s]], [.. errors[s]]);
        return [.. s_sizes.Select(Of)];
    }

    /// <summary>D_k W_k ⋯ D_1 W_1 x for k = 1 … d, with D_d = I and the D_i given.</summary>
    private static Tensor[] Through(IReadOnlyList<Tensor> weights, ImmutableArray<Tensor> masks, Tensor x)
    {
        var values = new Tensor[weights.Count];
        for (var i = 0; i < values.Length; i++)
        {
            x = x.MatMul(weights[i].T());
            values[i] = x = i < masks.Length ? x * masks[i] : x;
        }

        return values;
    }

    private sealed record Drawn(ImmutableArray<PerturbedChain> BySize);
}
