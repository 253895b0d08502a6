using System.Collections.Immutable;
using MathNet.Numerics.Statistics;
using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// Gaussian perturbations ν of the weights, ν_i ~ N(0, (α s_i)²), of any size α. The noise is made in place, once a draw
/// for all sizes: the curve over α is smooth, and each of its points as random as if it stood alone.
/// </summary>
internal sealed class GaussianNoise : IDisposable
{
    // A standard error from fewer draws could be small by chance, and stop too early.
    private const int FewestDraws = 30;

    private readonly MeasureContext _context;
    private readonly LossSurface _surface;
    private readonly Func<Tensor, Tensor>? _scale;
    private readonly WeightNoise _noise;
    private readonly Generator _generator;

    /// <summary>Noise on a surface.</summary>
    /// <param name="context">Its context.</param>
    /// <param name="surface">The surface.</param>
    /// <param name="scale">The s_i of some weights w_i, in their type; 1 when left out.</param>
    public GaussianNoise(MeasureContext context, LossSurface surface, Func<Tensor, Tensor>? scale)
    {
        _context = context;
        _surface = surface;
        _scale = scale;
        _generator = new Generator(context.Options.RandomSeed, context.Function.Device);
        _noise = new WeightNoise(surface.Weights, _generator);
    }

    /// <summary>10|w_i| + 1, the standard deviations of Neyshabur et al. 2017, Appendix A, over α.</summary>
    public static Tensor MagnitudeScale(Tensor w) => (w.Abs() * 10) + 1;

    /// <summary>Frees the source of random numbers.</summary>
    public void Dispose()
    {
        _noise.Dispose();
        _generator.Dispose();
    }

    /// <summary>Draws the next noise.</summary>
    public void Draw() => _noise.Draw();

    /// <summary>Moves the weights to w + ν for the noise drawn last.</summary>
    public void Move(double size) => _noise.Move(size, _scale);

    /// <summary>
    /// What noise of each size does, from random draws, each on a mini-batch of its own. A batch's loss at the
    /// perturbed weights is compared with the same batch's at the weights themselves.
    /// </summary>
    /// <param name="sizes">The sizes, ascending.</param>
    /// <param name="draws">How many.</param>
    /// <param name="batch">Examples of a mini-batch.</param>
    /// <param name="target">Stop at this standard error; never when null.</param>
    /// <param name="share">This curve's part of the measure's work.</param>
    /// <param name="done">The share done before.</param>
    public NoiseCurve Curve(ImmutableArray<double> sizes, int draws, int batch, double? target, double share = 1, double done = 0)
    {
        var losses = sizes.Select(_ => new RunningStatistics()).ToArray();
        var errors = new double[sizes.Length];
        var batches = new MiniBatches(_context, batch);
        bool Settled(RunningStatistics seen) =>
            seen.Count >= Math.Min(draws, FewestDraws) && (seen.Count == draws || Uncertain.Mean(seen).StandardError <= target);
        var own = _surface.Losses.Average();
        for (var draw = 0; draw < draws && !losses.All(Settled); draw++)
        {
            using var scope = Libtorch.NewDisposeScope();
            Draw();
            var examples = batches.Next();
            for (var i = 0; i < sizes.Length; i++)
            {
                if (!Settled(losses[i]))
                {
                    _context.Options.Cancellation.ThrowIfCancellationRequested();
                    Move(sizes[i]);
                    var (increase, error) = _surface.On(examples);
                    losses[i].Push(increase);
                    errors[i] += error;
                }
            }

            _context.Options.Progress?.Invoke(done + (share * (draw + 1) / draws));
        }

        _surface.Weights.Return();
        NoisePoint Point(double size, int i) => new(size, Uncertain.Mean(losses[i]), errors[i] / losses[i].Count);
        return new NoiseCurve(own, _surface.Errors.Average(), [.. sizes.Select(Point)]);
    }
}
