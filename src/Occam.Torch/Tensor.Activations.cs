namespace Occam.Torch;

/// <content>Activation functions.</content>
public sealed partial class Tensor
{
    private static readonly TorchOperator s_celu = new("aten::celu");
    private static readonly TorchOperator s_elu = new("aten::elu");
    private static readonly TorchOperator s_gelu = new("occam::gelu");
    private static readonly TorchOperator s_leakyRelu = new("aten::leaky_relu");
    private static readonly TorchOperator s_logSigmoid = new("aten::log_sigmoid");
    private static readonly TorchOperator s_logSoftmaxInt = new("aten::log_softmax.int");
    private static readonly TorchOperator s_mish = new("aten::mish");
    private static readonly TorchOperator s_prelu = new("aten::prelu");
    private static readonly TorchOperator s_relu = new("aten::relu");
    private static readonly TorchOperator s_sigmoid = new("aten::sigmoid");
    private static readonly TorchOperator s_softmaxInt = new("aten::softmax.int");
    private static readonly TorchOperator s_softplus = new("aten::softplus");
    private static readonly TorchOperator s_tanh = new("aten::tanh");

    /// <summary>max(0, x).</summary>
    public Tensor Relu() => s_relu.Call(this);

    /// <summary>x, or slope · x below zero.</summary>
    public Tensor LeakyRelu(double slope) => s_leakyRelu.Call(this, slope);

    /// <summary>x, or slope · x below zero, one slope a channel.</summary>
    public Tensor PRelu(Tensor slope) => s_prelu.Call(this, slope);

    /// <summary>scale · x, or scale · α (e^(x·inputScale) − 1) below zero.</summary>
    public Tensor Elu(double alpha, double scale = 1, double inputScale = 1) => s_elu.Call(this, alpha, scale, inputScale);

    /// <summary>max(0, x) + min(0, α (e^(x/α) − 1)).</summary>
    public Tensor Celu(double alpha) => s_celu.Call(this, alpha);

    /// <summary>log(1 + e^x).</summary>
    public Tensor Softplus() => s_softplus.Call(this);

    /// <summary>The hyperbolic tangent.</summary>
    public Tensor Tanh() => s_tanh.Call(this);

    /// <summary>1 / (1 + e^−x).</summary>
    public Tensor Sigmoid() => s_sigmoid.Call(this);

    /// <summary>log(1 / (1 + e^−x)).</summary>
    public Tensor LogSigmoid() => s_logSigmoid.Call(this);

    /// <summary>x · Φ(x); approximation <c>none</c> or <c>tanh</c>.</summary>
    public Tensor Gelu(string approximation) => s_gelu.Call(this, approximation);

    /// <summary>x · tanh(softplus(x)).</summary>
    public Tensor Mish() => s_mish.Call(this);

    /// <summary>The softmax along a dimension.</summary>
    public Tensor Softmax(int dimension) => s_softmaxInt.Call(this, dimension);

    /// <summary>The logarithm of the softmax along a dimension.</summary>
    public Tensor LogSoftmax(int dimension) => s_logSoftmaxInt.Call(this, dimension);
}
