namespace Occam.Torch;

/// <content>Views, joins, slices, types and devices.</content>
public sealed partial class Tensor
{
    private static readonly TorchOperator s_cat = new("aten::cat");
    private static readonly TorchOperator s_clone = new("aten::clone");
    private const long ChannelsLastFormat = 2;

    private static readonly TorchOperator s_contiguous = new("aten::contiguous");
    private static readonly TorchOperator s_detach = new("aten::detach");
    private static readonly TorchOperator s_diagonal = new("aten::diagonal");
    private static readonly TorchOperator s_expand = new("aten::expand");
    private static readonly TorchOperator s_flattenUsingInts = new("aten::flatten.using_ints");
    private static readonly TorchOperator s_flip = new("aten::flip");
    private static readonly TorchOperator s_gather = new("aten::gather");
    private static readonly TorchOperator s_indexAdd = new("aten::index_add");
    private static readonly TorchOperator s_indexCopy = new("aten::index_copy");
    private static readonly TorchOperator s_embedding = new("aten::embedding");
    private static readonly TorchOperator s_indexSelect = new("aten::index_select");
    private static readonly TorchOperator s_narrow = new("aten::narrow");
    private static readonly TorchOperator s_onesLike = new("aten::ones_like");
    private static readonly TorchOperator s_permute = new("aten::permute");
    private static readonly TorchOperator s_repeat = new("aten::repeat");
    private static readonly TorchOperator s_reshape = new("aten::reshape");
    private static readonly TorchOperator s_selectInt = new("aten::select.int");
    private static readonly TorchOperator s_sliceTensor = new("aten::slice.Tensor");
    private static readonly TorchOperator s_splitWithSizes = new("aten::split_with_sizes");
    private static readonly TorchOperator s_squeezeDim = new("aten::squeeze.dim");
    private static readonly TorchOperator s_stack = new("aten::stack");
    private static readonly TorchOperator s_toDevice = new("aten::to.device");
    private static readonly TorchOperator s_toDtype = new("aten::to.dtype");
    private static readonly TorchOperator s_tril = new("aten::tril");
    private static readonly TorchOperator s_triu = new("aten::triu");
    private static readonly TorchOperator s_transposeInt = new("aten::transpose.int");
    private static readonly TorchOperator s_unsqueeze = new("aten::unsqueeze");
    private static readonly TorchOperator s_viewDtype = new("aten::view.dtype");
    private static readonly TorchOperator s_zerosLike = new("aten::zeros_like");

    /// <summary>The same elements in another shape; −1 stands for the size that fits.</summary>
    public Tensor Reshape(params long[] shape) => s_reshape.Call(this, shape);

    /// <summary>The bits of each element read as another type of as many bits.</summary>
    internal Tensor ViewAs(ScalarType type) => s_viewDtype.Call(Contiguous(), type);

    /// <summary>The dimensions from first to last made one.</summary>
    public Tensor Flatten(int first = 0, int last = -1) => s_flattenUsingInts.Call(this, first, last);

    /// <summary>The dimensions in another order.</summary>
    public Tensor Permute(params long[] order) => s_permute.Call(this, order);

    /// <summary>Two dimensions exchanged.</summary>
    public Tensor Transpose(int first, int second) => s_transposeInt.Call(this, first, second);

    /// <summary>A dimension of size 1 taken out.</summary>
    public Tensor Squeeze(int dimension) => s_squeezeDim.Call(this, dimension);

    /// <summary>A dimension of size 1 put in.</summary>
    public Tensor Unsqueeze(int dimension) => s_unsqueeze.Call(this, dimension);

    /// <summary>A view that repeats dimensions of size 1.</summary>
    public Tensor Expand(params long[] shape) => s_expand.Call(this, shape);

    /// <summary>The tensor repeated along each dimension.</summary>
    public Tensor Repeat(params long[] times) => s_repeat.Call(this, times);

    /// <summary>The part of a dimension from start, of that length.</summary>
    public Tensor Narrow(int dimension, long start, long length) => s_narrow.Call(this, dimension, start, length);

    /// <summary>The part of a dimension from start to end in steps.</summary>
    public Tensor Slice(int dimension, long start, long end, long step = 1) => s_sliceTensor.Call(this, dimension, start, end, step);

    /// <summary>One index of a dimension, which disappears.</summary>
    public Tensor Select(int dimension, long index) => s_selectInt.Call(this, dimension, index);

    /// <summary>
    /// The rows of this table that indices name: <see cref="IndexSelect"/> along the first dimension of two, whose gradient by the table
    /// takes the table's memory once and not twice.
    /// </summary>
    internal Tensor Embedding(Tensor indices) => s_embedding.Call(this, indices);

    /// <summary>The rows of a dimension that the indices name.</summary>
    public Tensor IndexSelect(int dimension, Tensor indices) => s_indexSelect.Call(this, dimension, indices);

    /// <summary>Along a dimension, the elements that the indices name.</summary>
    public Tensor Gather(int dimension, Tensor indices) => s_gather.Call(this, dimension, indices);

    /// <summary>A copy whose rows of a dimension that the indices name are others.</summary>
    public Tensor IndexCopy(int dimension, Tensor indices, Tensor rows) => s_indexCopy.Call(this, dimension, indices, rows);

    /// <summary>A copy with others added to the rows of a dimension that the indices name.</summary>
    public Tensor IndexAdd(int dimension, Tensor indices, Tensor rows) => s_indexAdd.Call(this, dimension, indices, rows, 1);

    /// <summary>A copy with zeros above a diagonal of the last two dimensions, the one so many to the right of the main one.</summary>
    public Tensor LowerTriangle(long diagonal = 0) => s_tril.Call(this, diagonal);

    /// <summary>A copy with zeros below a diagonal of the last two dimensions, the one so many to the right of the main one.</summary>
    public Tensor UpperTriangle(long diagonal = 0) => s_triu.Call(this, diagonal);

    /// <summary>The order of a dimension reversed.</summary>
    public Tensor Flip(params long[] dimensions) => s_flip.Call(this, dimensions);

    /// <summary>Tensors joined along a dimension.</summary>
    public static Tensor Cat(Tensor[] tensors, int dimension) => s_cat.Call(tensors, dimension);

    /// <summary>Tensors joined along a new dimension.</summary>
    public static Tensor Stack(Tensor[] tensors, int dimension) => s_stack.Call(tensors, dimension);

    /// <summary>The tensor cut along a dimension into parts of the given sizes.</summary>
    public Tensor[] Split(long[] sizes, int dimension) => s_splitWithSizes.CallAll(this, sizes, dimension);

    /// <summary>The diagonals of two dimensions, as a last dimension.</summary>
    public Tensor Diagonal(int first = 0, int second = 1) => s_diagonal.Call(this, 0, first, second);

    /// <summary>A tensor in row-major order: itself, or a copy.</summary>
    public Tensor Contiguous() => s_contiguous.Call(this);

    /// <summary>
    /// A tensor of four dimensions with the second one innermost in memory, in which libtorch convolves bfloat16 fastest: itself, or a
    /// copy.
    /// </summary>
    public Tensor ChannelsLast() => s_contiguous.Call(this, ChannelsLastFormat);

    /// <summary>A copy.</summary>
    public Tensor Clone() => s_clone.Call(this);

    /// <summary>The same elements, cut off from what autograd recorded.</summary>
    public Tensor Detach() => s_detach.Call(this);

    /// <summary>The tensor in an element type; itself if it has it.</summary>
    public Tensor To(ScalarType type) => s_toDtype.Call(this, type);

    /// <summary>The tensor on a device; itself if it is there.</summary>
    public Tensor To(Device device) => s_toDevice.Call(this, device, ScalarType);

    /// <summary>Zeros in the shape and type of another.</summary>
    public static Tensor ZerosLike(Tensor other) => s_zerosLike.Call(other);

    /// <summary>Ones in the shape and type of another.</summary>
    public static Tensor OnesLike(Tensor other) => s_onesLike.Call(other);
}
