using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Tests.Measures.Curvature;

/// <summary>A matrix that is known, as one of which only products are.</summary>
internal sealed class DenseMatrix(Tensor A) : ISymmetricMatrix
{
    public Tensor[] Times(IReadOnlyList<Tensor> vectors) => [.. vectors.Select(A.MatMul)];

    public double[] Forms(IReadOnlyList<Tensor> vectors) => [.. vectors.Select(v => (v * A.MatMul(v)).Sum().Item())];

    public void Dispose() => A.Dispose();
}
