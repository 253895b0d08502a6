namespace Occam.Torch;

/// <content>Sums, means, extremes, order, norms.</content>
public sealed partial class Tensor
{
    private static readonly TorchOperator s_all = new("aten::all");
    private static readonly TorchOperator s_amax = new("aten::amax");
    private static readonly TorchOperator s_amin = new("aten::amin");
    private static readonly TorchOperator s_any = new("aten::any");
    private static readonly TorchOperator s_argmax = new("aten::argmax");
    private static readonly TorchOperator s_logsumexp = new("aten::logsumexp");
    private static readonly TorchOperator s_mean = new("aten::mean");
    private static readonly TorchOperator s_meanDim = new("aten::mean.dim");
    private static readonly TorchOperator s_normScalar = new("aten::norm.Scalar");
    private static readonly TorchOperator s_normScalarOptDim = new("aten::norm.ScalarOpt_dim");
    private static readonly TorchOperator s_prodDimInt = new("aten::prod.dim_int");
    private static readonly TorchOperator s_sum = new("aten::sum");
    private static readonly TorchOperator s_sumDimIntList = new("aten::sum.dim_IntList");
    private static readonly TorchOperator s_topk = new("aten::topk");

    /// <summary>The sum of all elements.</summary>
    public Tensor Sum() => s_sum.Call(this);

    /// <summary>The sum along dimensions.</summary>
    public Tensor Sum(long[] dimensions, bool keep = false) => s_sumDimIntList.Call(this, dimensions, keep);

    /// <summary>The mean of all elements.</summary>
    public Tensor Mean() => s_mean.Call(this);

    /// <summary>The mean along dimensions.</summary>
    public Tensor Mean(long[] dimensions, bool keep = false) => s_meanDim.Call(this, dimensions, keep);

    /// <summary>The product along a dimension.</summary>
    public Tensor Product(int dimension, bool keep = false) => s_prodDimInt.Call(this, dimension, keep);

    /// <summary>The logarithm of the sum of exponentials along dimensions.</summary>
    public Tensor LogSumExp(long[] dimensions, bool keep = false) => s_logsumexp.Call(this, dimensions, keep);

    /// <summary>The largest elements along dimensions.</summary>
    public Tensor AMax(long[] dimensions, bool keep = false) => s_amax.Call(this, dimensions, keep);

    /// <summary>The smallest elements along dimensions.</summary>
    public Tensor AMin(long[] dimensions, bool keep = false) => s_amin.Call(this, dimensions, keep);

    /// <summary>The Euclidean norms along dimensions.</summary>
    public Tensor Norm(long[] dimensions, bool keep = false) => s_normScalarOptDim.Call(this, 2.0, dimensions, keep);

    /// <summary>The Euclidean norm of all elements.</summary>
    public Tensor Norm() => s_normScalar.Call(this, 2.0);

    /// <summary>The indices of the largest elements along a dimension.</summary>
    public Tensor ArgMax(int dimension) => s_argmax.Call(this, dimension);

    /// <summary>Whether all elements are true.</summary>
    public Tensor All() => s_all.Call(this);

    /// <summary>Whether any element is true.</summary>
    public Tensor Any() => s_any.Call(this);

    /// <summary>The k largest elements along the last dimension, and their indices.</summary>
    public Tensor[] TopK(long count) => s_topk.CallAll(this, count);
}
