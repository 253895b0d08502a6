using MathNet.Numerics.Statistics;
using Occam.Measures;
using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// What Gaussian noise on the weights of a chain without biases does to the ramp loss of the data, each example scaled to length 1. γ is
/// the median magnitude of the training examples' margins.
/// </summary>
internal sealed class PerturbedLoss
{
    private const int Batch = 64;

    private readonly TheoryContext _context;
    private readonly LayerChain _chain;
    private readonly Tensor[] _moved;

    private PerturbedLoss(TheoryContext context, LayerChain chain, RampLoss ramp, double loss, double outputs)
    {
        (_context, _chain, Ramp, Loss, MeanOutput) = (context, chain, ramp, loss, outputs);
        _moved = [.. chain.Weights.Select(W => W.Clone())];
    }

    /// <summary>The loss.</summary>
    public RampLoss Ramp { get; }

    /// <summary>L̂(w), over all training examples.</summary>
    public double Loss { get; }

    /// <summary>Σ‖f(x)‖/m, over all training examples.</summary>
    public double MeanOutput { get; }

    /// <summary>The loss of a chain on labelled data; null where all margins are zero.</summary>
    public static PerturbedLoss? Of(TheoryContext context, LayerChain chain, int[] labels)
    {
        using var grad = Libtorch.NoGrad();
        var margins = new double[labels.Length];
        var outputs = 0.0;
        foreach (var (x, start) in context.Measures.Batches(0.5))
        {
            var logits = chain.Layers(LayerChain.Unit(x))[^1];
            RampLoss.Margins(logits, labels[start..(start + (int)x.Size(0))]).ToArray<double>().CopyTo(margins, start);
            outputs += logits.Norm([1]).Sum().Item() / labels.Length;
        }

        var ramp = new RampLoss(margins.Select(Math.Abs).Median());
        return ramp.Scale > 0
            ? new PerturbedLoss(context, chain, ramp, margins.Average(margin => Math.Clamp(1 - (margin / ramp.Scale), 0, 1)), outputs)
            : null;
    }

    /// <summary>
    /// E_ν[L̂(w + ν)] − L̂(w), each draw on a mini-batch whose losses with and without the noise are compared; and, of the test data,
    /// E_ν[L(w + ν)], whose error is that of the draws and that of the examples.
    /// </summary>
    /// <param name="deviations">σ_i, i = 1 … d.</param>
    /// <param name="draws">How often to draw the noise.</param>
    public (Uncertain Increase, Uncertain? Unseen) Under(double[] deviations, int draws)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        using var generator = new Generator(_context.Measures.Options.RandomSeed);
        var noise = _moved.Select(W => Tensor.ZerosLike(W)).ToArray();
        var seen = new MiniBatches(_context.Measures, Batch);
        var test = _context.Test is { Labels: not null } data
            ? new MeasureContext(new Subject(_context.Network), data, _context.Measures.Options)
            : null;
        var unseen = test is null ? null : new MiniBatches(test, Batch);
        var (increases, losses) = (new RunningStatistics(), new RunningStatistics());
        for (var draw = 0; draw < draws; draw++)
        {
            _context.Measures.Options.Cancellation.ThrowIfCancellationRequested();
            using var inner = Libtorch.NewDisposeScope();
            for (var i = 0; i < noise.Length; i++)
            {
                _moved[i].SetToSum(_chain.Weights[i], noise[i].NormalInPlace(generator), deviations[i]);
            }

            var batch = seen.Next();
            increases.Push(Mean(_moved, batch, _context.Data.Labels!) - Mean(_chain.Weights, batch, _context.Data.Labels!));
            if (unseen is not null)
            {
                losses.Push(Mean(_moved, unseen.Next(), test!.Data!.Labels!));
            }

            _context.Measures.Options.Progress?.Invoke(0.5 + (0.5 * (draw + 1) / draws));
        }

        if (test is null)
        {
            return (Uncertain.Mean(increases), null);
        }

        // A loss of 0 to 1 has at most the variance of an error.
        var mean = Uncertain.Mean(losses);
        var sampling = mean.Value * (1 - mean.Value) / test.Data!.Count;
        return (Uncertain.Mean(increases), mean with { StandardError = Math.Sqrt(Math.Pow(mean.StandardError, 2) + sampling) });
    }

    private double Mean(IReadOnlyList<Tensor> weights, ExampleBatch batch, int[] labels) => Ramp.Losses(
        LayerChain.Layers(weights, LayerChain.Unit(batch.Inputs))[^1], Array.ConvertAll(batch.Indices, i => labels[i])).Mean().Item();
}
