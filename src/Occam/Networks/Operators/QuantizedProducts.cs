using Occam.Torch;
using static Occam.Networks.Operators.Quantized;

namespace Occam.Networks.Operators;

/// <summary>
/// An operator on quantized numbers. No derivative passes; what measures differentiate is the same in real numbers,
/// <see cref="Operator.InRealNumbers"/>.
/// </summary>
internal abstract class QuantizedOperator : Operator
{
    public sealed override Linearity Linearity => Linearity.Curved;

    public sealed override bool Trains(int input) => false;

    public sealed override bool IsStep(Node node, int input, int output) => true;

    protected sealed override double? Bound(LipschitzCall call) => null;

    /// <summary>What makes real numbers of an input, whose scale and zero point are the next two.</summary>
    protected static Node Dequantize(Node node, int input, string output, Func<string, string> name, long axis) => new(
        name($"{node.Name}.{output}"), "DequantizeLinear", "", [.. node.Inputs.Skip(input).Take(3)], [output],
        Attributes.Of(("axis", axis)));

    /// <summary>What quantizes real numbers to the node's output, by the input that is the scale and the next, the zero point.</summary>
    protected static Node Quantize(Node node, int scale, string real, Func<string, string> name) => new(
        name($"{node.Name}.quantized"), "QuantizeLinear", "", [real, .. node.Inputs.Skip(scale).Take(2)], node.Outputs, Attributes.None);
}

/// <summary>A product of quantized numbers. The sums are exact: float64 holds every one that 32 bits do.</summary>
internal abstract class QuantizedProduct : QuantizedOperator
{
    protected static Tensor Exact(Tensor x, Tensor? zero) => Difference(x, zero).To(ScalarType.Float64);

    protected static Tensor Convolved(in NodeCall call, Tensor x, Tensor weight) =>
        new Conv().Run(call with { Inputs = [x, weight] })[0];

    /// <summary>A number for each of a dimension, spread over a tensor that ends with some dimensions more.</summary>
    protected static Tensor? Spread(Tensor? parameter, int more) =>
        parameter is null || parameter.Elements == 1 ? parameter?.Reshape()
        : parameter.Dimensions != 1 ? parameter
        : parameter.Reshape([parameter.Shape[0], .. Enumerable.Repeat(1L, more)]);

    /// <summary>Sums in the scale of two factors, quantized in that of the output.</summary>
    protected static Tensor Requantized(in NodeCall call, Tensor sums, Tensor factors, int scale)
    {
        var multiplier = factors / call[scale].Reshape();
        return Limited(
            call, sums.To(call.FloatType).To(multiplier.Device) * multiplier, call[scale + 1].Reshape(), Range(call, call[scale + 1]));
    }
}

/// <summary>The matrix product of quantized numbers, quantized.</summary>
internal sealed class QLinearMatMul : QuantizedProduct
{
    public override string Type => "QLinearMatMul";

    public override int LeastInputs => 8;

    public override Tensor[] Run(in NodeCall call)
    {
        var sums = Exact(call[0], Spread(call[2], 1)).MatMul(Exact(call[3], Squeezed(call[5])));
        return [Requantized(call, sums, Spread(call[1], 1)! * Squeezed(call[4]), 6)];
    }

    public override IEnumerable<Node> InRealNumbers(Node node, Func<string, string> name)
    {
        var (left, right, product) = (name($"{node.Name}.a"), name($"{node.Name}.b"), name($"{node.Name}.product"));
        return
        [
            Dequantize(node, 0, left, name, -2), Dequantize(node, 3, right, name, -1),
            new Node(name(node.Name), "MatMul", "", [left, right], [product], Attributes.None), Quantize(node, 6, product, name),
        ];
    }

    private static Tensor Squeezed(Tensor parameter) => parameter.Elements == 1 ? parameter.Reshape() : parameter;
}

/// <summary>The convolution of quantized numbers, quantized. Its bias is whole, in the scale of the data times the weights'.</summary>
internal sealed class QLinearConv : QuantizedProduct
{
    public override string Type => "QLinearConv";

    public override int LeastInputs => 8;

    public override Tensor[] Run(in NodeCall call)
    {
        var (x, weight) = (call[0], call[3]);
        var sums = Convolved(call, Exact(x, call[2].Reshape()), Exact(weight, Spread(call[5], weight.Dimensions - 1)));
        if (call.Optional(8) is { } bias)
        {
            sums += Spread(bias, x.Dimensions - 2)!.To(ScalarType.Float64);
        }

        return [Requantized(call, sums, call[1].Reshape() * Spread(call[4], x.Dimensions - 2)!, 6)];
    }

    public override IEnumerable<Node> InRealNumbers(Node node, Func<string, string> name)
    {
        var (data, weight, result) = (name($"{node.Name}.x"), name($"{node.Name}.w"), name($"{node.Name}.result"));
        yield return Dequantize(node, 0, data, name, 1);
        yield return Dequantize(node, 3, weight, name, 0);
        List<string> inputs = [data, weight];
        if (node.HasInput(8))
        {
            var (scale, bias) = (name($"{node.Name}.scale"), name($"{node.Name}.b"));
            yield return new Node(name($"{node.Name}.scales"), "Mul", "", [node.Inputs[1], node.Inputs[4]], [scale], Attributes.None);
            yield return new Node(
                name($"{node.Name}.bias"), "DequantizeLinear", "", [node.Inputs[8], scale], [bias], Attributes.Of(("axis", 0L)));
            inputs.Add(bias);
        }

        yield return new Node(name(node.Name), "Conv", "", [.. inputs], [result], node.Attributes);
        yield return Quantize(node, 6, result, name);
    }
}

/// <summary>The matrix product of whole numbers without their zero points, in 32 bits.</summary>
internal sealed class MatMulInteger : QuantizedProduct
{
    public override string Type => "MatMulInteger";

    public override int LeastInputs => 2;

    public override Tensor[] Run(in NodeCall call)
    {
        var right = call.Optional(3);
        var sums = Exact(call[0], Spread(call.Optional(2), 1)).MatMul(Exact(call[1], right is { Elements: 1 } ? right.Reshape() : right));
        return [sums.To(ScalarType.Int64)];
    }
}

/// <summary>The convolution of whole numbers without their zero points, in 32 bits.</summary>
internal sealed class ConvInteger : QuantizedProduct
{
    public override string Type => "ConvInteger";

    public override int LeastInputs => 2;

    public override Tensor[] Run(in NodeCall call)
    {
        var weight = call[1];
        var sums = Convolved(
            call, Exact(call[0], call.Optional(2)?.Reshape()), Exact(weight, Spread(call.Optional(3), weight.Dimensions - 1)));
        return [sums.To(ScalarType.Int64)];
    }
}
