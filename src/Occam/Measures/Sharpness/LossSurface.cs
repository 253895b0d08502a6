using Occam.Measures.Loss;
using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// The mean cross-entropy over the data as a function of the weights: the network's with batch normalization folded, in
/// evaluation mode. Weights move in place, in <see cref="Weights"/>.
/// </summary>
internal sealed class LossSurface
{
    private readonly MeasureContext _context;
    private readonly int[] _labels;
    private (double[] Losses, double[] Errors)? _atOrigin;

    private LossSurface(MeasureContext context, WeightSpace weights)
    {
        _context = context;
        Weights = weights;
        _labels = context.Data!.RequireLabels(context.Outputs == 1 ? 2 : (int)context.Outputs);
    }

    /// <summary>The space of the weights.</summary>
    public WeightSpace Weights { get; }

    /// <summary>The number of examples, m.</summary>
    public int Examples => _labels.Length;

    /// <summary>The loss of each example at the network's own weights, where the point goes back to when this is first asked for.</summary>
    public double[] Losses => AtOrigin.Losses;

    /// <summary>Whether each example is classified wrongly there: 1 or 0.</summary>
    public double[] Errors => AtOrigin.Errors;

    private (double[] Losses, double[] Errors) AtOrigin => _atOrigin ??= _context.Shared(() =>
    {
        Weights.Return();
        return new Shared(Everywhere());
    }).Values;

    /// <summary>The surface of what the context measures; otherwise why there is none.</summary>
    public static LossSurface? Of(MeasureContext context, out string? why)
    {
        var weights = WeightSpace.Of(context, out why);
        if (weights?.Origin.ScalarType == ScalarType.BFloat16)
        {
            why = "moves weights by less than bfloat16 can tell apart: measure in float32";
            return null;
        }

        return weights is null ? null : new LossSurface(context, weights);
    }

    /// <summary>The loss of each example at the point, and whether it is classified wrongly there (1 or 0).</summary>
    public (double[] Losses, double[] Errors) Everywhere(double share = 0, double done = 0)
    {
        using var grad = Libtorch.NoGrad();
        var losses = new double[Examples];
        var errors = new double[Examples];
        foreach (var (x, start) in _context.Batches(_context.BatchSize, share, done))
        {
            var logits = Weights.Logits(x);
            var labels = _labels[start..(start + (int)x.Size(0))];
            LogitCrossEntropy.Losses(logits, labels).ToArray<double>().CopyTo(losses, start);
            LogitCrossEntropy.Errors(logits, labels).ToArray<double>().CopyTo(errors, start);
        }

        return (losses, errors);
    }

    /// <summary>
    /// How much the mean loss of a mini-batch is higher at the point than at the origin, and how large the share of errors is.
    /// </summary>
    public (double Increase, double Error) On(MiniBatch batch)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        double loss = 0, errors = 0;
        foreach (var (x, labels) in Parts(batch))
        {
            var logits = Weights.Logits(x);
            loss += LogitCrossEntropy.Losses(logits, labels).Sum().Item();
            errors += LogitCrossEntropy.Errors(logits, labels).To(ScalarType.Float64).Sum().Item();
        }

        var count = batch.Indices.Length;
        return ((loss - batch.Indices.Sum(i => Losses[i])) / count, errors / count);
    }

    /// <summary>The gradient at the point of a mini-batch's mean loss, and that loss.</summary>
    public (Tensor Gradient, double Loss) GradientOn(MiniBatch batch)
    {
        var sum = Tensor.ZerosLike(Weights.Origin);
        var loss = 0.0;
        foreach (var (x, labels) in Parts(batch))
        {
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.EnableGrad();
            var part = LogitCrossEntropy.Losses(Weights.Logits(x), labels).Sum();
            loss += part.Item();
            sum.AddInPlace(Weights.Gradient(part / batch.Indices.Length));
        }

        return (sum, loss / batch.Indices.Length);
    }

    /// <summary>The Hessian of the mean loss over all data at the point, times a vector.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="share">This product's part of the measure's work.</param>
    /// <param name="done">The share done before.</param>
    public Tensor HessianTimes(Tensor vector, double share, double done)
    {
        var sum = Tensor.ZerosLike(Weights.Origin);
        foreach (var (x, start) in _context.Batches(_context.BatchSize, share, done))
        {
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.EnableGrad();
            var loss = LogitCrossEntropy.Losses(Weights.Logits(x), _labels[start..(start + (int)x.Size(0))]).Sum() / Examples;
            sum.AddInPlace(Weights.HessianTimes(loss, vector));
        }

        return sum;
    }

    private IEnumerable<(Tensor Inputs, int[] Labels)> Parts(MiniBatch batch)
    {
        for (var start = 0; start < batch.Indices.Length; start += _context.BatchSize)
        {
            _context.Options.Cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(_context.BatchSize, batch.Indices.Length - start);
            var indices = batch.Indices.AsSpan(start, count).ToArray();
            yield return (count == batch.Indices.Length
                ? batch.Inputs
                : batch.Inputs.Narrow(0, start, count), Array.ConvertAll(indices, i => _labels[i]));
        }
    }

    private sealed record Shared((double[] Losses, double[] Errors) Values);
}
