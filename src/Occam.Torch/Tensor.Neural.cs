namespace Occam.Torch;

/// <content>Convolutions, poolings and normalizations, over one, two or three spatial dimensions.</content>
public sealed partial class Tensor
{
    private static readonly TorchOperator s_convolution = new("occam::convolution");
    private static readonly TorchOperator s_exampleWeightGradients = new("occam::example_weight_gradients");
    private static readonly TorchOperator s_convolutionTransposed = new("aten::convolution");
    private static readonly TorchOperator s_batchNorm = new("aten::batch_norm");
    private static readonly TorchOperator s_batchNormTraining = new("occam::batch_norm_training");
    private static readonly TorchOperator s_instanceNorm = new("aten::instance_norm");
    private static readonly TorchOperator s_layerNorm = new("aten::layer_norm");
    private static readonly TorchOperator s_groupNorm = new("aten::group_norm");
    private static readonly TorchOperator s_pad = new("aten::constant_pad_nd");
    private static readonly TorchOperator s_unfold = new("aten::im2col");
    private static readonly TorchOperator s_dropout = new("aten::bernoulli.p");
    private static readonly TorchOperator[] s_maxPool = [new("aten::max_pool1d"), new("aten::max_pool2d"), new("aten::max_pool3d")];
    private static readonly TorchOperator[] s_averagePool = [new("aten::avg_pool1d"), new("aten::avg_pool2d"), new("aten::avg_pool3d")];

    /// <summary>The convolution of this (batch × channels × space) with a weight (out × in/groups × window).</summary>
    public Tensor Convolution(Tensor weight, Tensor? bias, long[] stride, long[] padding, long[] dilation, long groups) =>
        s_convolution.Call(this, weight, bias, stride, padding, dilation, groups);

    /// <summary>
    /// The gradient by a convolution's weight of each example by itself, batch × out × in/groups × window, from the convolution's
    /// input, which this is, and the cotangent of its output.
    /// </summary>
    public Tensor ConvolutionWeightGradients(
        Tensor cotangent, long[] window, long[] stride, long[] padding, long[] dilation, long groups)
    {
        using var grad = Libtorch.NoGrad();
        return s_exampleWeightGradients.Call(cotangent, this, window, stride, padding, dilation, groups);
    }

    /// <summary>The transpose of a convolution as a map of this, with a weight (in × out/groups × window).</summary>
    public Tensor ConvolutionTransposed(
        Tensor weight, Tensor? bias, long[] stride, long[] padding, long[] dilation, long[] outputPadding, long groups) =>
        s_convolutionTransposed.Call(this, weight, bias, stride, padding, dilation, true, outputPadding, groups);

    /// <summary>(x − mean) / √(variance + ε) · scale + bias by channel, with the given statistics.</summary>
    public Tensor BatchNorm(Tensor scale, Tensor bias, Tensor mean, Tensor variance, double epsilon) =>
        s_batchNorm.Call(this, scale, bias, mean, variance, false, 0.0, epsilon, false);

    /// <summary>
    /// (x − mean) / √(variance + ε) · scale + bias by channel, with the batch's own statistics, which then move the
    /// given ones in place by the momentum, the variance unbiased.
    /// </summary>
    public Tensor BatchNormTraining(Tensor scale, Tensor bias, Tensor mean, Tensor variance, double momentum, double epsilon) =>
        s_batchNormTraining.Call(this, scale, bias, mean, variance, momentum, epsilon);

    /// <summary>Normalization by example and channel over space.</summary>
    public Tensor InstanceNorm(Tensor? scale, Tensor? bias, double epsilon) =>
        s_instanceNorm.Call(this, scale, bias, Argument.None, Argument.None, true, 0.0, epsilon, false);

    /// <summary>Normalization by example over the last dimensions, of the given shape.</summary>
    public Tensor LayerNorm(long[] shape, Tensor? scale, Tensor? bias, double epsilon) =>
        s_layerNorm.Call(this, shape, scale, bias, epsilon, false);

    /// <summary>Normalization by example and group of channels.</summary>
    public Tensor GroupNorm(long groups, Tensor? scale, Tensor? bias, double epsilon) =>
        s_groupNorm.Call(this, groups, scale, bias, epsilon, false);

    /// <summary>The largest element of each window; the window's length gives the number of spatial dimensions.</summary>
    public Tensor MaxPool(long[] window, long[] stride, long[] padding, long[] dilation, bool ceiling) =>
        s_maxPool[window.Length - 1].Call(this, window, stride, padding, dilation, ceiling);

    /// <summary>The mean of each window; whether padding counts is the caller's choice.</summary>
    public Tensor AveragePool(long[] window, long[] stride, long[] padding, bool ceiling, bool countPadding) =>
        s_averagePool[window.Length - 1].Call(this, window, stride, padding, ceiling, countPadding);

    /// <summary>
    /// A border of one value around the last dimensions: (before, after) pairs from the last dimension on; negative cuts.
    /// </summary>
    public Tensor PadConstant(long[] pads, double value) => s_pad.Call(this, pads, value);

    /// <summary>The windows of a batch of images as columns: batch × (channels · window) × positions.</summary>
    public Tensor Unfold(long[] window, long[] dilation, long[] padding, long[] stride) =>
        s_unfold.Call(this, window, dilation, padding, stride);

    /// <summary>A tensor like this one of zeros and ones, each one with the given probability.</summary>
    public Tensor BernoulliLike(double probability, Generator generator) => s_dropout.Call(this, probability, generator);
}
