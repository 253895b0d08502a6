using System.Collections.Immutable;
using MathNet.Numerics.Statistics;
using Occam.Measures;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// What Gaussian noise ν_i ~ N(0, σ_i²) on every layer does to a chain without biases at its sampled examples, by Monte Carlo, with
/// σ_i = s‖W_i‖_F/√(h_i h_{i−1}), the noise s times the layer's root mean square weight. All sizes s share their noise. D_i are the
/// activations without the noise and D̂_i those with it.
/// </summary>
/// <param name="Size">s.</param>
/// <param name="Draws">How often the noise was drawn.</param>
/// <param name="Linear">By example, E‖(W+ν)_d Π D_i(W+ν)_i x − f(x)‖.</param>
/// <param name="Whole">By example, E‖f_{w+ν}(x) − f(x)‖.</param>
/// <param name="Losses">By example, E|ℓ(f_{w+ν}(x)) − ℓ(f(x))| of the cross-entropy; none where the data have no labels.</param>
/// <param name="Flips">By layer k = 1 … d − 1 and example, E‖D̂_k − D_k‖₁.</param>
/// <param name="Errors">By layer k = 1 … d and example, E‖Err_k‖: how far the chain to k is with D̂_i from where it is with D_i.</param>
internal sealed record PerturbedChain(
    double Size, int Draws, ImmutableArray<Uncertain> Linear, ImmutableArray<Uncertain> Whole, ImmutableArray<Uncertain> Losses,
    ImmutableArray<ImmutableArray<Uncertain>> Flips, ImmutableArray<ImmutableArray<Uncertain>> Errors)
{
    // 10⁹ numbers in all, but at least 100 draws.
    private const double MostNumbers = 1e9;
    private const int FewestDraws = 100;
    private static readonly double[] s_sizes = [1e-3, 1e-2, 1e-1];

    /// <summary>σ_i of a layer for a size.</summary>
    public static double Deviation(Tensor W, double size) => size * W.Norm().Item() / Math.Sqrt(W.Elements);

    /// <summary>How often noise is drawn: as the options say, and less often on large chains.</summary>
    public static int DrawsOf(TheoryContext context, LayerChain chain) =>
        Math.Min(context.Options.Draws, Math.Max(FewestDraws, (int)(MostNumbers / chain.Weights.Sum(W => W.Elements))));

    /// <summary>The chain under noise of each size, drawn once.</summary>
    public static ImmutableArray<PerturbedChain> Of(TheoryContext context, LayerChain chain, ChainConditions conditions) =>
        context.Measures.Shared(() => new Drawn(Draw(context, chain, conditions))).BySize;

    private static ImmutableArray<PerturbedChain> Draw(TheoryContext context, LayerChain chain, ChainConditions conditions)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        using var generator = new Generator(context.Measures.Options.RandomSeed);
        var draws = DrawsOf(context, chain);
        var noise = chain.Weights.Select(W => Tensor.ZerosLike(W)).ToArray();
        var moved = chain.Weights.Select(W => W.Clone()).ToArray();
        double[] scales = [.. chain.Weights.Select(W => Deviation(W, 1))];
        var f = chain.Layers(conditions.Examples)[^1];
        var labels = chain.Labels((int)f.Size(0));
        var losses = labels is null ? null : LogitCrossEntropy.Losses(f, labels);
        var sums = Array.ConvertAll(s_sizes, _ => new Sums(chain.Depth, (int)f.Size(0)));
        for (var draw = 0; draw < draws; draw++)
        {
            context.Measures.Options.Cancellation.ThrowIfCancellationRequested();
            using var inner = Libtorch.NewDisposeScope();
            Array.ForEach(noise, part => part.NormalInPlace(generator));
            for (var s = 0; s < s_sizes.Length; s++)
            {
                for (var i = 0; i < chain.Depth; i++)
                {
                    moved[i].SetToSum(chain.Weights[i], noise[i], s_sizes[s] * scales[i]);
                }

                var along = Through(moved, conditions.Masks, conditions.Examples);
                Push(sums[s].Linear, (along[^1] - f).Norm([1]));
                var here = conditions.Examples;
                for (var i = 0; i < chain.Depth; i++)
                {
                    here = here.MatMul(moved[i].T());
                    if (i < chain.Depth - 1)
                    {
                        Push(sums[s].Flips[i], (here.GreaterThan(0).To(ScalarType.Float64) - conditions.Masks[i]).Abs().Sum([1]));
                        here = here.Clamp(0, null);
                    }

                    Push(sums[s].Errors[i], (here - along[i]).Norm([1]));
                }

                Push(sums[s].Whole, (here - f).Norm([1]));
                if (labels is not null)
                {
                    Push(sums[s].Losses, (LogitCrossEntropy.Losses(here, labels) - losses!).Abs());
                }
            }

            context.Measures.Options.Progress?.Invoke((draw + 1.0) / draws);
        }

        return [.. s_sizes.Zip(sums, (size, sum) => sum.Means(size, draws, labels is not null))];
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

    private static void Push(RunningStatistics[] sums, Tensor byExample)
    {
        var values = byExample.ToArray<double>();
        for (var example = 0; example < values.Length; example++)
        {
            sums[example].Push(values[example]);
        }
    }

    private sealed record Drawn(ImmutableArray<PerturbedChain> BySize);

    /// <summary>The sums over the draws, by example.</summary>
    private sealed class Sums(int depth, int examples)
    {
        public RunningStatistics[] Linear { get; } = New(examples);

        public RunningStatistics[] Whole { get; } = New(examples);

        public RunningStatistics[] Losses { get; } = New(examples);

        public RunningStatistics[][] Flips { get; } = [.. Enumerable.Range(0, depth - 1).Select(_ => New(examples))];

        public RunningStatistics[][] Errors { get; } = [.. Enumerable.Range(0, depth).Select(_ => New(examples))];

        public PerturbedChain Means(double size, int draws, bool withLosses) => new(
            size, draws, Of(Linear), Of(Whole), withLosses ? Of(Losses) : [], [.. Flips.Select(Of)], [.. Errors.Select(Of)]);

        private static RunningStatistics[] New(int count) => [.. Enumerable.Range(0, count).Select(_ => new RunningStatistics())];

        private static ImmutableArray<Uncertain> Of(RunningStatistics[] sums) => [.. sums.Select(Uncertain.Mean)];
    }
}
