using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// A function of quantized numbers, of ONNX Runtime's own: it is what its parts compute, in real numbers and then quantized.
/// </summary>
internal abstract class QuantizedFunction : QuantizedOperator
{
    public sealed override string Domain => "com.microsoft";

    public sealed override Tensor[] Run(in NodeCall call)
    {
        using var scope = Libtorch.NewDisposeScope();
        Dictionary<string, Tensor> values = [];
        for (var i = 0; i < call.Node.Inputs.Length; i++)
        {
            if (call.Optional(i) is { } given)
            {
                values[call.Node.Inputs[i]] = given;
            }
        }

        foreach (var part in InRealNumbers(call.Node, name => name))
        {
            Tensor?[] inputs = [.. part.Inputs.Select(values.GetValueOrDefault)];
            var outputs = OperatorCatalogue.For(part).Run(call with { Node = part, Inputs = inputs });
            for (var i = 0; i < outputs.Length; i++)
            {
                values[part.Outputs[i]] = outputs[i];
            }
        }

        return [values[call.Node.Output].MoveToOuterDisposeScope()];
    }

    public abstract override IEnumerable<Node> InRealNumbers(Node node, Func<string, string> name);

    protected static Node Part(
        Node node, Func<string, string> name, string type, ImmutableArray<string> inputs, string output, Attributes? attributes = null) =>
        new(name($"{node.Name}.{type}"), type, "", inputs, [output], attributes ?? Attributes.None);
}

/// <summary>A function of each quantized number: inputs are the numbers, their scale and zero point, those of the output.</summary>
internal abstract class QuantizedUnary : QuantizedFunction
{
    public sealed override int LeastInputs => 2;

    public sealed override IEnumerable<Node> InRealNumbers(Node node, Func<string, string> name)
    {
        if (node.Attributes.Int("channels_last", 0) != 0)
        {
            throw new OccamException($"{node} has its channels last: Occam runs it with channels first");
        }

        var (x, y) = (name($"{node.Name}.x"), name($"{node.Name}.y"));
        return
        [
            Dequantize(node, 0, x, name, 1), Part(node, name, Real, [x], y, Kept(node.Attributes)), Quantize(node, 3, y, name),
        ];
    }

    /// <summary>The operator on real numbers.</summary>
    protected abstract string Real { get; }

    private static Attributes Kept(Attributes attributes) => new(attributes.All.Remove("channels_last"));
}

/// <summary>The sigmoid.</summary>
internal sealed class QLinearSigmoid : QuantizedUnary
{
    public override string Type => "QLinearSigmoid";

    protected override string Real => "Sigmoid";
}

/// <summary>The leaky ReLU.</summary>
internal sealed class QLinearLeakyRelu : QuantizedUnary
{
    public override string Type => "QLinearLeakyRelu";

    protected override string Real => "LeakyRelu";
}

/// <summary>The mean over space.</summary>
internal sealed class QLinearGlobalAveragePool : QuantizedUnary
{
    public override string Type => "QLinearGlobalAveragePool";

    protected override string Real => "GlobalAveragePool";
}

/// <summary>Means over windows.</summary>
internal sealed class QLinearAveragePool : QuantizedUnary
{
    public override string Type => "QLinearAveragePool";

    protected override string Real => "AveragePool";
}

/// <summary>A function of two quantized numbers.</summary>
internal abstract class QuantizedBinary : QuantizedFunction
{
    public sealed override int LeastInputs => 7;

    public sealed override IEnumerable<Node> InRealNumbers(Node node, Func<string, string> name)
    {
        var (left, right, result) = (name($"{node.Name}.a"), name($"{node.Name}.b"), name($"{node.Name}.c"));
        return
        [
            Dequantize(node, 0, left, name, 1), Dequantize(node, 3, right, name, 1), Part(node, name, Real, [left, right], result),
            Quantize(node, 6, result, name),
        ];
    }

    /// <summary>The operator on real numbers.</summary>
    protected abstract string Real { get; }
}

/// <summary>The sum of two quantized numbers.</summary>
internal sealed class QLinearAdd : QuantizedBinary
{
    public override string Type => "QLinearAdd";

    protected override string Real => "Add";
}

/// <summary>The product of two quantized numbers.</summary>
internal sealed class QLinearMul : QuantizedBinary
{
    public override string Type => "QLinearMul";

    protected override string Real => "Mul";
}

/// <summary>Quantized tensors side by side: inputs are scale and zero point of the output, then each tensor with its own.</summary>
internal sealed class QLinearConcat : QuantizedFunction
{
    public override string Type => "QLinearConcat";

    public override int LeastInputs => 5;

    public override IEnumerable<Node> InRealNumbers(Node node, Func<string, string> name)
    {
        List<string> parts = [];
        for (var i = 2; i + 2 < node.Inputs.Length; i += 3)
        {
            parts.Add(name($"{node.Name}.{i}"));
            yield return Dequantize(node, i, parts[^1], name, 1);
        }

        var joined = name($"{node.Name}.joined");
        yield return Part(node, name, "Concat", [.. parts], joined, node.Attributes);
        yield return Quantize(node, 0, joined, name);
    }
}

/// <summary>
/// α A B + C in quantized numbers, C in the scale of α A B. The output is quantized where it has a scale, and real where not.
/// </summary>
internal sealed class QGemm : QuantizedFunction
{
    public override string Type => "QGemm";

    public override int LeastInputs => 6;

    public override IEnumerable<Node> InRealNumbers(Node node, Func<string, string> name)
    {
        var (left, right) = (name($"{node.Name}.a"), name($"{node.Name}.b"));
        yield return Dequantize(node, 0, left, name, 1);
        yield return Dequantize(node, 3, right, name, node.Attributes.Int("transB", 0) != 0 ? 0 : 1);
        List<string> inputs = [left, right];
        var attributes = node.Attributes.All;
        if (node.HasInput(6))
        {
            var (scale, offset) = (name($"{node.Name}.scale"), name($"{node.Name}.c"));
            yield return Part(node, name, "Mul", [node.Inputs[1], node.Inputs[4]], scale);
            yield return Part(node, name, "DequantizeLinear", [node.Inputs[6], scale], offset, Attributes.Of(("axis", -1L)));
            inputs.Add(offset);
            attributes = attributes.SetItem("beta", node.Attributes.Float("alpha", 1));
        }

        var result = node.HasInput(7) ? name($"{node.Name}.y") : node.Output;
        yield return Part(node, name, "Gemm", [.. inputs], result, new Attributes(attributes));
        if (node.HasInput(7))
        {
            yield return Quantize(node, 7, result, name);
        }
    }
}

/// <summary>Real numbers, quantized by their own range, times a quantized matrix.</summary>
internal sealed class DynamicQuantizeMatMul : QuantizedFunction
{
    public override string Type => "DynamicQuantizeMatMul";

    public override int LeastInputs => 3;

    public override IEnumerable<Node> InRealNumbers(Node node, Func<string, string> name)
    {
        string Named(string part) => name($"{node.Name}.{part}");
        var (whole, scale, zero, left, right) = (Named("aq"), Named("as"), Named("az"), Named("a"), Named("b"));
        var product = node.HasInput(4) ? Named("product") : node.Output;
        yield return new Node(
            Named("quantize"), "DynamicQuantizeLinear", "", [node.Inputs[0]], [whole, scale, zero], Attributes.None);
        yield return Part(node, name, "DequantizeLinear", [whole, scale, zero], left);
        yield return Part(
            node, name, "DequantizeLinear", [node.Inputs[1], node.Inputs[2], node.HasInput(3) ? node.Inputs[3] : ""], right,
            Attributes.Of(("axis", -1L)));
        yield return Part(node, name, "MatMul", [left, right], product);
        if (node.HasInput(4))
        {
            yield return Part(node, name, "Add", [product, node.Inputs[4]], node.Output);
        }
    }
}

/// <summary>The product of quantized matrices in real numbers.</summary>
internal sealed class MatMulIntegerToFloat : QuantizedFunction
{
    public override string Type => "MatMulIntegerToFloat";

    public override int LeastInputs => 4;

    public override IEnumerable<Node> InRealNumbers(Node node, Func<string, string> name)
    {
        var (left, right) = (name($"{node.Name}.a"), name($"{node.Name}.b"));
        var product = node.HasInput(6) ? name($"{node.Name}.product") : node.Output;
        string Input(int index) => node.HasInput(index) ? node.Inputs[index] : "";
        yield return Part(node, name, "DequantizeLinear", [node.Inputs[0], node.Inputs[2], Input(4)], left, Attributes.Of(("axis", -2L)));
        yield return Part(node, name, "DequantizeLinear", [node.Inputs[1], node.Inputs[3], Input(5)], right, Attributes.Of(("axis", -1L)));
        yield return Part(node, name, "MatMul", [left, right], product);
        if (node.HasInput(6))
        {
            yield return Part(node, name, "Add", [product, node.Inputs[6]], node.Output);
        }
    }
}
