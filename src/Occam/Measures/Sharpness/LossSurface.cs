using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// The mean cross-entropy over the data as a function of the weights: the network's with batch normalization folded, in
/// evaluation mode. Weights move in place, in <see cref="Weights"/>.
/// </summary>
internal sealed class LossSurface
{
    private readonly MeasureContext _context;
    private readonly Answers _answers;
    private (double[] Losses, double[] Errors)? _atOrigin;

    private LossSurface(MeasureContext context, WeightSpace weights)
    {
        _context = context;
        Weights = weights;
        _answers = Answers.Of(context);
    }

    /// <summary>The space of the weights.</summary>
    public WeightSpace Weights { get; }

    /// <summary>The number of examples, m.</summary>
    public int Examples => _context.Data!.Count;

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
    /// <param name="context">What is measured.</param>
    /// <param name="why">Why there is none.</param>
    /// <param name="use">What is to be done with the weights.</param>
    public static LossSurface? Of(MeasureContext context, out string? why, WeightUse use = WeightUse.Moved)
    {
        var weights = WeightSpace.Of(context, out why, use);
        if (weights?.Type == ScalarType.BFloat16)
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
        foreach (var batch in _context.Batches(_context.BatchSize, share, done))
        {
            var logits = Weights.Logits(batch);
            _answers.Losses(logits, batch.Indices).ToArray<double>().CopyTo(losses, batch.Start);
            _answers.Errors(logits, batch.Indices).ToArray<double>().CopyTo(errors, batch.Start);
        }

        return (losses, errors);
    }

    /// <summary>
    /// How much the mean loss of a mini-batch is higher at the point than at the origin, and how large the share of errors is.
    /// </summary>
    public (double Increase, double Error) On(ExampleBatch batch)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        double loss = 0, errors = 0;
        foreach (var part in Parts(batch))
        {
            var logits = Weights.Logits(part);
            loss += _answers.Losses(logits, part.Indices).Sum().Item();
            errors += _answers.Errors(logits, part.Indices).To(ScalarType.Float64).Sum().Item();
        }

        var count = batch.Indices.Length;
        return ((loss - batch.Indices.Sum(i => Losses[i])) / count, errors / count);
    }

    /// <summary>Adds the gradient at the point of a mini-batch's mean loss to a vector, and tells that loss.</summary>
    public double AddGradientOn(ExampleBatch batch, Tensor sum)
    {
        var loss = 0.0;
        foreach (var examples in Parts(batch))
        {
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.EnableGrad();
            var part = _answers.Losses(Weights.Logits(examples), examples.Indices).Sum();
            loss += part.Item();
            Weights.AddGradient(part, sum, 1.0 / batch.Indices.Length);
        }

        return loss / batch.Indices.Length;
    }

    /// <summary>The Hessian of the mean loss over all data at the point, which must not be moved while it is in use.</summary>
    /// <param name="products">How many products are to be computed, for progress.</param>
    public LossHessian Hessian(int products) =>
        new(_context, Weights, (logits, indices) => _answers.Losses(logits, indices).Sum() / Examples, products);

    private IEnumerable<ExampleBatch> Parts(ExampleBatch batch)
    {
        for (var start = 0; start < batch.Indices.Length; start += _context.BatchSize)
        {
            _context.Options.Cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(_context.BatchSize, batch.Indices.Length - start);
            yield return batch.Part(start, count);
        }
    }

    private sealed record Shared((double[] Losses, double[] Errors) Values);
}
