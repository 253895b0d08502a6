using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// Jᵀ M J for the Jacobian J of all logits by the weights and a matrix M of each example's logits: the Gauss–Newton matrix where M is the
/// Hessian of the mean loss by the logits, and the empirical Fisher matrix where it is 1/n (∂ℓ/∂z)(∂ℓ/∂z)ᵀ, so that no example's own
/// gradient is formed. Jv is the derivative along v of Jᵀu by u, which is linear in u (Pearlmutter 1994 calls it R-forward): no operator
/// needs a forward mode. All is recorded once for all products where the data fit in one batch, otherwise once a batch for the vectors
/// that are given together.
/// </summary>
/// <param name="context">Where the data are.</param>
/// <param name="loss">The loss, and where the weights stand.</param>
/// <param name="isEmpirical">Whether M is of the gradients at the labels.</param>
/// <param name="products">How many products are to be computed, for progress.</param>
internal sealed class OutputCurvature(MeasureContext context, ParameterLoss loss, bool isEmpirical, int products) : ISymmetricMatrix
{
    private readonly bool _isOneBatch = context.Data!.Count <= context.RecordedBatchSize;
    private Recorded? _recorded;
    private int _made;

    /// <inheritdoc/>
    public bool IsOneByOne => _isOneBatch;

    /// <inheritdoc/>
    public Tensor[] Times(IReadOnlyList<Tensor> vectors)
    {
        Tensor[] sums = [.. vectors.Select(Tensor.ZerosLike)];
        foreach (var (progress, recorded) in Recordings(vectors.Count))
        {
            for (var i = 0; i < sums.Length; i++)
            {
                using var scope = Libtorch.NewDisposeScope();
                var keep = _isOneBatch || i < sums.Length - 1;
                var bent = Bent(recorded, recorded.Along(loss.Weights, vectors[i], keep), keep);
                loss.Weights.AddBack(recorded.Logits, bent, sums[i], keep);
                progress((i + 1.0) / sums.Length);
            }
        }

        return sums;
    }

    /// <inheritdoc/>
    public double[] Forms(IReadOnlyList<Tensor> vectors)
    {
        var sums = new double[vectors.Count];
        foreach (var (progress, recorded) in Recordings(vectors.Count))
        {
            for (var i = 0; i < sums.Length; i++)
            {
                using var scope = Libtorch.NewDisposeScope();
                var moved = recorded.Along(loss.Weights, vectors[i], retainGraph: true);
                sums[i] += WideSum.OfProducts(moved.Reshape(-1), Bent(recorded, moved, retainGraph: true).Reshape(-1));
                progress((i + 1.0) / sums.Length);
            }
        }

        return sums;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _recorded?.Dispose();
        _recorded = null;
    }

    private IEnumerable<(Action<double> Progress, Recorded Recorded)> Recordings(int vectors)
    {
        var (share, done) = ((double)vectors / products, (double)_made / products);
        _made += vectors;
        if (_recorded is { } kept)
        {
            foreach (var progress in context.WithoutExamples(share, done))
            {
                yield return (progress, kept);
            }

            yield break;
        }

        foreach (var batch in context.Batches(context.RecordedBatchSize, share, done))
        {
            var recorded = Record(batch);
            _recorded = _isOneBatch ? recorded : null;
            yield return (batch.Progress, recorded);
            if (!_isOneBatch)
            {
                recorded.Dispose();
            }
        }
    }

    private Recorded Record(ExampleBatch batch)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.EnableGrad();
        var logits = loss.Weights.Logits(batch);
        var z = logits.Detach().RequireGrad();
        var each = loss.Losses(z, batch.Indices);
        var slope = isEmpirical
            ? Autograd.Grad(each.Sum(), z).Detach()
            : Autograd.Grad(each.Sum() / loss.Examples, z, createGraph: true);
        var u = Tensor.ZerosLike(logits).Detach().RequireGrad();
        var recorded = new Recorded(logits, z, slope, u, loss.Weights.RecordedBack(logits, u));
        recorded.Keep();
        return recorded;
    }

    // M times what the logits move by.
    private Tensor Bent(Recorded recorded, Tensor moved, bool retainGraph)
    {
        var slope = recorded.Slope;
        return isEmpirical
            ? slope * ((slope * moved).Sum([1], keep: true) / loss.Examples)
            : slope.RequiresGrad ? Autograd.Grad(slope, recorded.Leaf, moved, retainGraph) : Tensor.ZerosLike(slope);
    }

    /// <summary>A batch's logits as they were recorded.</summary>
    /// <param name="Logits">The logits z, recorded for Jᵀ.</param>
    /// <param name="Leaf">The same, from which the slope is recorded.</param>
    /// <param name="Slope">The loss's slope by the logits.</param>
    /// <param name="Cotangent">u.</param>
    /// <param name="Back">Jᵀu by parameter, recorded; null where there is none.</param>
    private sealed record Recorded(Tensor Logits, Tensor Leaf, Tensor Slope, Tensor Cotangent, Tensor?[] Back) : IDisposable
    {
        public Tensor Along(WeightSpace weights, Tensor vector, bool retainGraph) => weights.Along(Back, Cotangent, vector, retainGraph);

        public void Keep()
        {
            foreach (var tensor in All)
            {
                tensor.DetachFromDisposeScope();
            }
        }

        public void Dispose()
        {
            foreach (var tensor in All)
            {
                tensor.Dispose();
            }
        }

        private IEnumerable<Tensor> All => Back.OfType<Tensor>().Append(Logits).Append(Leaf).Append(Slope).Append(Cotangent);
    }
}
