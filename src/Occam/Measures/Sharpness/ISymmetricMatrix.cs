using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>A symmetric matrix H that is only known by its products.</summary>
internal interface ISymmetricMatrix : IDisposable
{
    /// <summary>Whether vectors one at a time take no longer than several together.</summary>
    bool IsOneByOne => false;

    /// <summary>Hv for each vector v.</summary>
    Tensor[] Times(IReadOnlyList<Tensor> vectors);

    /// <summary>vᵀHv for each vector v, which may take less than Hv.</summary>
    double[] Forms(IReadOnlyList<Tensor> vectors);
}
