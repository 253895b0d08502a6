using Occam.Derivatives;
using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// The Hessian ∇²_w L of the mean loss over all data where the weights stand. The gradient is recorded once for all products where
/// all data fit in one batch, and otherwise once a batch for the vectors that are given together.
/// </summary>
/// <param name="context">Where the data are.</param>
/// <param name="weights">Where the weights stand.</param>
/// <param name="loss">The part of L that a batch of the given examples has, from its logits.</param>
/// <param name="products">How many products are to be computed, for progress.</param>
internal sealed class LossHessian(
    MeasureContext context, WeightSpace weights, Func<Tensor, int[], Tensor> loss, int products) : ISymmetricMatrix
{
    private readonly bool _isOneBatch = context.Data!.Count <= context.RecordedBatchSize;
    private Tensor?[] _gradient = [];
    private SecondDerivatives.Recorded? _recorded;
    private int _made;

    /// <inheritdoc/>
    public bool IsOneByOne => _isOneBatch;

    /// <summary>Hv.</summary>
    public Tensor Times(Tensor vector) => Times([vector])[0];

    /// <inheritdoc/>
    public Tensor[] Times(IReadOnlyList<Tensor> vectors)
    {
        var sums = new Tensor?[vectors.Count];
        foreach (var progress in Recordings(vectors.Count))
        {
            for (var i = 0; i < sums.Length; i++)
            {
                // Out of the batch's scope.
                sums[i] ??= weights.Zeros().MoveToOuterDisposeScope();
                weights.AddHessianTimes(_gradient, vectors[i], sums[i]!, retainGraph: _isOneBatch || i < sums.Length - 1);
                progress((i + 1.0) / sums.Length);
            }

            if (!_isOneBatch)
            {
                FreeGradient();
            }
        }

        return [.. sums.OfType<Tensor>()];
    }

    /// <inheritdoc/>
    public double[] Forms(IReadOnlyList<Tensor> vectors)
    {
        using var scope = Libtorch.NewDisposeScope();
        FreeGradient();
        if (context.HoldsInputs || weights.SecondDerivatives is not { } second)
        {
            return [.. vectors.Zip(Times(vectors), WideSum.OfProducts)];
        }

        var directions = vectors.Select(weights.ByName).ToArray();
        var sums = new double[vectors.Count];
        foreach (var batch in Batches(vectors.Count))
        {
            var recorded = _recorded ?? second.Record(weights.Given(batch.Inputs), logits => loss(logits, batch.Indices));
            _recorded = _isOneBatch ? recorded : null;
            var forms = recorded.Along(directions);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += forms[i];
            }

            if (!_isOneBatch)
            {
                recorded.Dispose();
            }
        }

        return sums;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FreeGradient();
        _recorded?.Dispose();
        _recorded = null;
    }

    // The gradient recorded, batch by batch, with what receives the share of the products that is done.
    private IEnumerable<Action<double>> Recordings(int vectors)
    {
        if (_isOneBatch && _gradient.Length > 0)
        {
            var (share, done) = Part(vectors);
            foreach (var progress in context.WithoutExamples(share, done))
            {
                yield return progress;
            }

            yield break;
        }

        foreach (var batch in Batches(vectors))
        {
            Record(batch);
            yield return batch.Progress;
        }
    }

    private IEnumerable<ExampleBatch> Batches(int vectors)
    {
        var (share, done) = Part(vectors);
        return context.Batches(context.RecordedBatchSize, share, done);
    }

    // Of all products: what these are, and what was done before.
    private (double Share, double Done) Part(int vectors)
    {
        var done = _made;
        _made += vectors;
        return ((double)vectors / products, (double)done / products);
    }

    private void Record(ExampleBatch batch)
    {
        FreeGradient();
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.EnableGrad();
        _gradient = weights.RecordedGradient(loss(weights.Logits(batch), batch.Indices));
        foreach (var part in _gradient)
        {
            part?.DetachFromDisposeScope();
        }
    }

    private void FreeGradient()
    {
        foreach (var part in _gradient)
        {
            part?.Dispose();
        }

        _gradient = [];
    }
}
