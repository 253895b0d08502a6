namespace Occam.Torch;

/// <content>What follows from the order along a dimension, and determinants.</content>
public sealed partial class Tensor
{
    private static readonly TorchOperator s_argmin = new("aten::argmin");
    private static readonly TorchOperator s_cumprod = new("aten::cumprod");
    private static readonly TorchOperator s_cumsum = new("aten::cumsum");
    private static readonly TorchOperator s_det = new("aten::linalg_det");
    private static readonly TorchOperator s_nonzero = new("aten::nonzero");
    private static readonly TorchOperator s_normP = new("aten::norm.ScalarOpt_dim");
    private static readonly TorchOperator s_sortStable = new("aten::sort.stable");
    private static readonly TorchOperator s_unfoldAlong = new("aten::unfold");

    /// <summary>The sums of all elements of a dimension up to each.</summary>
    public Tensor CumulativeSum(int dimension) => s_cumsum.Call(this, dimension);

    /// <summary>The products of all elements of a dimension up to each.</summary>
    public Tensor CumulativeProduct(int dimension) => s_cumprod.Call(this, dimension);

    /// <summary>The indices of the smallest elements along a dimension.</summary>
    public Tensor ArgMin(int dimension) => s_argmin.Call(this, dimension);

    /// <summary>The indices of the elements that are not zero: a row an element.</summary>
    public Tensor NonZero() => s_nonzero.Call(this);

    /// <summary>The elements in order along a dimension, and their indices; equal ones keep their order.</summary>
    public Tensor[] Sort(int dimension, bool descending) => s_sortStable.CallAll(this, true, dimension, descending);

    /// <summary>The determinants of the matrices in the last two dimensions.</summary>
    public Tensor Determinant() => s_det.Call(this);

    /// <summary>The parts of that size of a dimension, in steps: the parts stand where the dimension stood, their elements last.</summary>
    public Tensor UnfoldAlong(int dimension, long size, long step) => s_unfoldAlong.Call(this, dimension, size, step);

    /// <summary>The ℓ_p norms along dimensions.</summary>
    public Tensor PNorm(double p, long[] dimensions, bool keep = false) => s_normP.Call(this, p, dimensions, keep);
}
