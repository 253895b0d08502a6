using Occam.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks.Operators;

/// <summary>What must hold of every operator, on the nodes of <see cref="Samples"/>.</summary>
public sealed class EveryOperatorTests
{
    private const double Step = 1e-5;

    /// <summary>Operators whose outputs are no function of floating-point data that could be differentiated.</summary>
    private static readonly string[] s_withoutSamples =
    [
        "And", "ArgMax", "ArgMin", "BitCast", "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "BlackmanWindow", "Ceil",
        "Constant", "ConstantOfShape", "ConvInteger", "DequantizeLinear", "DynamicQuantizeLinear", "Equal", "EyeLike", "Floor",
        "Greater", "GreaterOrEqual", "HammingWindow", "HannWindow", "Hardmax", "IsInf", "IsNaN", "Less", "LessOrEqual", "MatMulInteger",
        "MelWeightMatrix", "NonMaxSuppression", "NonZero", "Not", "Or", "QLinearConv", "QLinearMatMul", "QuantizeLinear", "Range",
        "Round", "Shape", "Sign", "Size", "TfIdfVectorizer", "Xor", "com.microsoft.DynamicQuantizeMatMul",
        "com.microsoft.MatMulIntegerToFloat", "com.microsoft.QGemm", "com.microsoft.QLinearAdd", "com.microsoft.QLinearAveragePool",
        "com.microsoft.QLinearConcat", "com.microsoft.QLinearGlobalAveragePool", "com.microsoft.QLinearLeakyRelu",
        "com.microsoft.QLinearMul", "com.microsoft.QLinearSigmoid",
    ];

    public static TheoryData<string> Names => [.. Samples.Names];

    [Fact]
    public void Every_operator_has_a_sample()
    {
        var sampled = Samples.Names.Select(name => name.Split(' ')[0]).Concat(s_withoutSamples).ToHashSet();
        var missing = OperatorCatalogue.Supported.Except(sampled);
        Assert.True(
            !missing.Any(),
            $"give {nameof(Samples)} a node of {string.Join(", ", missing)}; an operator without derivatives goes into "
                + $"{nameof(EveryOperatorTests)}.{nameof(s_withoutSamples)}");
        Assert.Empty(sampled.Except(OperatorCatalogue.Supported));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void First_and_second_derivatives_are_those_of_finite_differences(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = Samples.Make(name);
        var direction = OneNode.Random(10, node.X.Shape);
        var weights = OneNode.Random(11, node.Run().Shape);
        Tensor Value(Tensor x) => (node.Run(x) * weights).Sum();
        Tensor Gradient(Tensor x)
        {
            var leaf = x.Detach().Clone().RequireGrad();
            return Autograd.Grad(Value(leaf), leaf);
        }

        var at = node.X;
        var numeric = (Value(at + (direction * Step)) - Value(at - (direction * Step))) / (2 * Step);
        Close.Equal(numeric, (Gradient(at) * direction).Sum(), 1e-7);

        var x = at.Clone().RequireGrad();
        var along = (Autograd.Grad(Value(x), x, createGraph: true) * direction).Sum();
        var second = along.RequiresGrad ? Autograd.Grad(along, x) : Tensor.ZerosLike(x);
        Close.Equal((Gradient(at + (direction * Step)) - Gradient(at - (direction * Step))) / (2 * Step), second, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Forward_mode_agrees_with_reverse_mode(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = Samples.Make(name);
        var direction = OneNode.Random(10, node.X.Shape);
        using var forward = new ForwardAutogradScope();
        var tangent = forward.Tangent(node.Run(forward.MakeDual(node.X, direction)));
        var expected = node.Jacobian().MatMul(direction.Flatten());
        Close.Equal(expected, tangent!.Flatten());
    }

    /// <summary>Two points with equal switches' signs and equal patterns have the same affine function between them.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Between_its_kinks_a_piecewise_affine_operator_is_affine(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = Samples.Make(name);
        var linearity = node.Network.LinearityOf(node.Node);
        if (linearity is Linearity.Curved or Linearity.Step)
        {
            Assert.Null(node.Operator.Switches(node.Call()));
            return;
        }

        var kinked = 0;
        for (var i = 0; i < 40; i++)
        {
            var (x, direction) = (OneNode.Random(100 + i, node.X.Shape), OneNode.Random(200 + i, node.X.Shape));
            var ends = new[] { x, x + (direction * 0.3) };
            var signs = Array.ConvertAll(ends, end => node.Operator.Switches(node.Call(end))?.GreaterThan(0).ToArray<bool>() ?? []);
            var patterns = Array.ConvertAll(ends, end => node.Operator.Pattern(node.Call(end))?.ToArray<long>() ?? []);
            var middle = (node.Run(ends[0]) + node.Run(ends[1])) * 0.5;
            if (signs[0].SequenceEqual(signs[1]))
            {
                Assert.Equal(patterns[0], patterns[1]);
            }

            if (patterns[0].SequenceEqual(patterns[1]))
            {
                Close.Equal(middle, node.Run(x + (direction * 0.15)));
                Close.Equal(node.Jacobian(ends[0]), node.Jacobian(ends[1]));
            }
            else
            {
                kinked++;
            }
        }

        Assert.True(kinked > 0 == linearity is Linearity.PiecewiseAffine, $"{linearity} operator met {kinked} kinks");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Switches_and_patterns_begin_with_the_batch(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = Samples.Make(name);
        var batch = node.X.Shape[0];
        Assert.All(
            new[] { node.Operator.Switches(node.Call()), node.Operator.Pattern(node.Call()) },
            tensor => Assert.Equal(batch, tensor?.Shape[0] ?? batch));
    }

    /// <summary>What is only added changes the output by the same, whatever the other inputs are; a bias, by itself everywhere.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void An_offset_is_what_is_only_added(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = Samples.Make(name);
        int[] numbers = [.. Enumerable.Range(0, node.Inputs.Length)
            .Where(i => node.Inputs[i] is { IsFloatingPoint: true } && !node.Operator.IsStep(node.Node, i, 0))];
        foreach (var i in node.Operator.Linearity == Linearity.Structural || numbers.Length < 2 ? [] : numbers)
        {
            var step = OneNode.Random(20 + i, node.Inputs[i]!.Shape) * 0.1;
            Tensor Output(double others, double steps) => node.Operator.Run(node.Network.Call(
                node.Node,
                [.. node.Inputs.Select((input, j) => j == i ? input! + (step * steps) : numbers.Contains(j) ? input! * others : input)],
                RunOptions.Evaluation))[0];
            Tensor Change(double others) => Output(others, 1) - Output(others, 0);
            bool Everywhere(Tensor change) => change.Abs().ToArray<double>().Min() > 0;
            var isAdded = (Change(1) - Change(1.5)).Norm().Item() < 1e-12;

            // What is moved or chosen from, like the parts of a Where, leaves some outputs to the others.
            if (node.Operator.IsOffset(i) || (Everywhere(Change(1)) && Everywhere(Output(1.5, 0) - Output(1, 0))))
            {
                Assert.Equal(node.Operator.IsOffset(i), isAdded);
            }

            if (node.Operator.IsBias(i))
            {
                var change = Change(1);
                var factor = node.Node.Attributes.Float("beta", 1);
                var channels = i == 2 && node.Operator.Type != "Gemm" ? Enumerable.Repeat(1L, change.Dimensions - 2) : [];
                Close.Equal(Tensor.ZerosLike(change) + (step.Reshape([.. step.Shape, .. channels]) * factor), change);
            }
        }
    }
}
