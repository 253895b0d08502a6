using Occam.Networks;
using Occam.Networks.Onnx;
using Occam.Networks.Rewrites.Patterns;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

/// <summary>Functions that exporters take apart are put together again, and nothing else is.</summary>
public sealed class RecomposeTests
{
    private const string Root2 = "1.4142135623730951";
    private const string TanhScale = "0.7978845608028654";
    private const string Moments = "m = ReduceMean x axes=-1; c = Sub x m; q = Pow c 2; v = ReduceMean q axes=-1; e = Add v 1e-5; ";
    private const string Projected = "q = MatMul x A; k = MatMul x B; v = MatMul x C; kt = Transpose k perm=0,2,1; ";

    /// <summary>Each form as it is written, with the one operator that it is and its name.</summary>
    public static TheoryData<string, string, string> Forms => new()
    {
        // (x · ½)(1 + erf), x (½ (1 + erf)), (x (1 + erf)) ½, with a division in place of either product.
        { $"a = Div x {Root2}; r = Erf a; s = Add r 1; h = Mul x 0.5; y = Mul h s", "Gelu", "GELU" },
        { $"a = Div x {Root2}; r = Erf a; s = Add 1 r; h = Mul s 0.5; y = Mul x h", "Gelu", "GELU" },
        { $"a = Mul 0.7071067811865476 x; r = Erf a; s = Add r 1; h = Mul x s; y = Mul h 0.5", "Gelu", "GELU" },
        { $"a = Div x {Root2}; r = Erf a; s = Add r 1; h = Mul s x; y = Div h 2", "Gelu", "GELU" },
        { $"a = Div x {Root2}; r = Erf a; i = Identity r; s = Add i 1; h = Mul s x; y = Mul 0.5 h", "Gelu", "GELU" },
        {
            $"p = Pow x 3; k = Mul p 0.044715; w = Add x k; a = Mul w {TanhScale}; t = Tanh a; s = Add t 1; h = Mul x 0.5; y = Mul h s",
            "Gelu", "GELU"
        },
        {
            $"p = Mul x x; p3 = Mul x p; k = Mul 0.044715 p3; w = Add k x; a = Mul {TanhScale} w; t = Tanh a; s = Add t 1; h = Mul s 0.5; "
                + "y = Mul h x",
            "Gelu", "GELU"
        },
        {
            $"z = Mul x {TanhScale}; k = Mul x 0.044715; p = Mul k x; w = Add p 1; a = Mul z w; t = Tanh a; s = Add t 1; h = Mul x 0.5; "
                + "y = Mul h s",
            "Gelu", "GELU"
        },
        {
            $"h = CastLike 0.5 x; o = CastLike 1 x; t = CastLike {Root2} x; a = Div x t; r = Erf a; s = Add r o; m = Mul x h; y = Mul m s",
            "Gelu", "GELU"
        },
        { "s = Sigmoid x; y = Mul x s", "Swish", "SiLU" },
        { "s = Sigmoid x; y = Mul s x", "Swish", "SiLU" },
        { "a = Mul x 1.702; s = Sigmoid a; y = Mul x s", "Swish", "quick GELU" },
        { "a = Mul x -0.3; s = Sigmoid a; y = Mul x s", "Swish", "swish" },
        { "a = Exp x; s = Add a 1; y = Log s", "Softplus", "softplus" },
        { "a = Softplus x; t = Tanh a; y = Mul x t", "Mish", "Mish" },
        { "a = Exp x; s = Add 1 a; l = Log s; t = Tanh l; y = Mul t x", "Mish", "Mish" },
        { "s = HardSigmoid x alpha=0.16666666666666666 beta=0.5; y = Mul x s", "HardSwish", "hard swish" },
        { "a = Add x 3; c = Clip a 0 6; p = Mul x c; y = Div p 6", "HardSwish", "hard swish" },
        { "a = Add x 3; c = Clip a 0 6; p = Div c 6; y = Mul x p", "HardSwish", "hard swish" },
        { "a = Add x 3; r = Relu a; c = Clip r 0 6; p = Mul x c; y = Mul p 0.16666666666666666", "HardSwish", "hard swish" },
        { Moments + "r = Sqrt e; n = Div c r; s = Mul n g; y = Add s b", "LayerNormalization", "layer normalization" },
        { Moments + "r = Sqrt e; n = Div c r; s = Mul g n; y = Add b s", "LayerNormalization", "layer normalization" },
        { Moments + "r = Sqrt e; i = Reciprocal r; n = Mul c i; s = Mul n g; y = Add s b", "LayerNormalization", "layer normalization" },
        { Moments + "i = Pow e -0.5; n = Mul c i; s = Mul n g; y = Add s b", "LayerNormalization", "layer normalization" },
        { Moments + "r = Sqrt e; i = Div 1 r; k = Mul i g; s = Mul c k; y = Add s b", "LayerNormalization", "layer normalization" },
        { Moments + "r = Sqrt e; n = Div c r; y = Mul n g", "LayerNormalization", "layer normalization" },
        { Moments + "r = Sqrt e; y = Div c r", "LayerNormalization", "layer normalization" },
        {
            Moments + "r = Sqrt e; i = Reciprocal r; k = Mul i g; s = Mul x k; o = Mul m k; t = Sub b o; y = Add s t",
            "LayerNormalization", "layer normalization"
        },
        {
            "m = ReduceMean x axes=1,2; c = Sub x m; d = Sub x m; q = Mul d d; v = ReduceMean q axes=1,2; e = Add 0.01 v; r = Sqrt e; "
                + "n = Div c r; s = Mul n g; y = Add s b",
            "LayerNormalization", "layer normalization"
        },
        {
            "q = Pow x 2; v = ReduceMean q axes=-1; e = Add v 1e-6; r = Sqrt e; i = Reciprocal r; n = Mul x i; y = Mul g n",
            "RMSNormalization", "RMS normalization"
        },
        { "q = Mul x x; v = ReduceMean q axes=2; e = Add v 1e-6; r = Sqrt e; y = Div x r", "RMSNormalization", "RMS normalization" },
        { Projected + "s = MatMul q kt; p = Softmax s axis=-1; y = MatMul p v", "ScaledDotProductAttention", "attention" },
        { Projected + "s = MatMul q kt; d = Div s 2.5; p = Softmax d axis=2; y = MatMul p v", "ScaledDotProductAttention", "attention" },
        { Projected + "h = Mul q 0.4; s = MatMul h kt; p = Softmax s; y = MatMul p v", "ScaledDotProductAttention", "attention" },
        {
            Projected + "h = Mul q 0.6; l = Mul kt 0.6; s = MatMul h l; a = Add s mask; o = Add a more; p = Softmax o; y = MatMul p v",
            "ScaledDotProductAttention", "attention"
        },
        {
            Projected + "s = MatMul q kt; d = Mul s 0.4; w = Where keep d -1e9; a = Add mask w; p = Softmax a; y = MatMul p v",
            "ScaledDotProductAttention", "attention"
        },
        {
            Projected + "s = MatMul q kt; w = Where keep -1e9 s; p = Softmax w; y = MatMul p v",
            "ScaledDotProductAttention", "attention"
        },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_function_taken_apart_becomes_one_node_of_the_same_output_and_Jacobian(string text, string operation, string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Read(text);
        var result = Recompose.Apply(network);
        Assert.Equal((network.Graph.Nodes[^1].Name, name), Assert.Single(result.Nodes) switch { var node => (node.Node, node.One) });
        var made = Assert.Single(result.Network.Graph.Nodes, node => node.OperatorType == operation);
        Assert.Equal(("y", network.Graph.Nodes[^1].Name), (made.Output, made.Name));
        Assert.DoesNotContain(
            result.Network.Graph.Nodes, node => node.OperatorType is "Erf" or "Softmax" or "ReduceMean" or "Sigmoid" or "Tanh");
        for (var seed = 1; seed <= 3; seed++)
        {
            // Not so far out that the one form overflows, or the other takes log(1 + eˣ) for x.
            var x = OneNode.Random(seed, 2, 3, 6) * 2;
            Close.Equal(Run(network, x), Run(result.Network, x), 1e-12);
            Close.Equal(Jacobian(network, x), Jacobian(result.Network, x), 1e-12);
        }
    }

    [Theory]
    [InlineData("a = Div x 1.42; r = Erf a; s = Add r 1; h = Mul x 0.5; y = Mul h s")]
    [InlineData($"a = Div x {Root2}; r = Erf a; s = Add r 1; h = Mul x 0.51; y = Mul h s")]
    [InlineData($"a = Div x {Root2}; r = Erf a; s = Add r 1.1; h = Mul x 0.5; y = Mul h s")]
    [InlineData($"a = Div x {Root2}; r = Erf a; s = Add r 1; n = Neg x; h = Mul n 0.5; y = Mul h s")]
    [InlineData($"z = Mul x g; a = Div z {Root2}; r = Erf a; s = Add r 1; h = Mul x 0.5; y = Mul h s")]
    [InlineData("s = Sigmoid x; n = Mul x 2; y = Mul n s")]
    [InlineData("a = Mul x g; s = Sigmoid a; y = Mul x s")]
    [InlineData("s = Sigmoid x; p = Mul x s; y = Sub p s")]
    [InlineData("a = Exp x; s = Add a 2; y = Log s")]
    [InlineData("a = Add x 3; c = Clip a 0 5; p = Mul x c; y = Div p 6")]
    [InlineData("a = Add x 3; c = Clip a 0 6; p = Mul x c; y = Div p 5")]
    [InlineData("s = HardSigmoid x alpha=0.2 beta=0.5; y = Mul x s")]
    [InlineData(Projected + "s = MatMul q kt; p = Softmax s axis=1; y = MatMul p v")]
    [InlineData(Projected + "s = MatMul q kt; p = Softmax s axis=-1; o = MatMul p v; y = MatMul p o")]
    [InlineData("s = MatMul x A; p = Softmax s axis=-1; y = MatMul p B")]
    [InlineData("m = ReduceMean x axes=1; c = Sub x m; q = Pow c 2; v = ReduceMean q axes=1; e = Add v 1e-5; r = Sqrt e; y = Div c r")]
    [InlineData("m = ReduceMean x axes=-1; q = Pow x 2; v = ReduceMean q axes=1; e = Add v 1e-5; r = Sqrt e; y = Div x r")]
    [InlineData("q = Pow x 3; v = ReduceMean q axes=-1; e = Add v 1e-5; r = Sqrt e; y = Div x r")]
    [InlineData("q = Pow x 2; v = ReduceMean q axes=-1; e = Add v 1e-5; r = Sqrt e; d = Div x r; y = Mul d v")]
    public void What_is_nearly_such_a_function_stays(string text)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Read(text);
        var result = Recompose.Apply(network);
        Assert.Empty(result.Nodes);
        Assert.Same(network, result.Network);
        Assert.Null(result.Note);
    }

    /// <summary>A mean of another axis, or one number of the normalized used elsewhere, leaves only what is still whole.</summary>
    [Fact]
    public void Scales_that_differ_between_what_is_normalized_apart_stay_outside()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Read(Moments + "r = Sqrt e; n = Div c r; s = Mul n rows; y = Add s b");
        var result = Recompose.Apply(network);
        Assert.Equal(["LayerNormalization", "Mul", "Add"], result.Network.Graph.Nodes.Select(node => node.OperatorType));
        var x = OneNode.Random(1, 2, 3, 6);
        Close.Equal(Run(network, x), Run(result.Network, x), 1e-12);
    }

    [Fact]
    public void An_inner_value_that_is_an_output_stays()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Read("s = Sigmoid x; y = Mul x s");
        var sigmoid = new ValueInfo("s", ScalarType.Float64, default);
        var both = new Network(network.Graph with { Outputs = [.. network.Graph.Outputs, sigmoid] });
        Assert.Empty(Recompose.Apply(both).Nodes);
    }

    [Fact]
    public void Parameters_keep_their_names_and_their_number()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Read(Moments + "r = Sqrt e; n = Div c r; s = Mul n g; t = Add s b; z = MatMul t A; f = Sigmoid z; y = Mul z f");
        var result = Recompose.Apply(network);
        Assert.Equal(["g", "b", "A"], result.Network.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(network.ParameterCount, result.Network.ParameterCount);
        Assert.Equal("1 layer normalization and 1 SiLU were put together again from the nodes that the export made of them", result.Note);
        Assert.Equal("LayerNormalization MatMul Swish", string.Join(' ', result.Network.Graph.Nodes.Select(node => node.OperatorType)));

        // Without a scale of its own, the one that the operator asks for is no parameter.
        var plain = Recompose.Apply(Read(Moments + "r = Sqrt e; y = Div c r")).Network;
        Assert.Empty(plain.Parameters);
        Assert.Empty(Recompose.Apply(plain).Nodes);
    }

    /// <summary>A perceptron whose GELU is taken apart has the bound and the sums over paths of one whose GELU isn't.</summary>
    [Theory]
    [InlineData("lipschitz-upper")]
    [InlineData("l1-path-norm")]
    [InlineData("lipschitz-lower")]
    [InlineData("geometric-complexity")]
    [InlineData("loss-slope")]
    public void Measures_see_one_function(string measure)
    {
        using var scope = Libtorch.NewDisposeScope();
        var apart = Read($"z = MatMul x A; a = Div z {Root2}; r = Erf a; s = Add r 1; h = Mul z 0.5; f = Mul h s; y = MatMul f B");
        var whole = Read("z = MatMul x A; f = Gelu z; y = MatMul f B", 20);
        var data = Measures.Measuring.Gaussian(5, 2, 3, 6);
        var expected = Measures.Measuring.Value(measure, whole, data);
        Assert.Equal(expected, Measures.Measuring.Value(measure, apart, data), 1e-9 * expected);
    }

    [Fact]
    public void What_is_put_together_is_not_written_into_a_file_of_an_older_operator_set()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var network = Read($"a = Div x {Root2}; r = Erf a; s = Add r 1; h = Mul x 0.5; y = Mul h s", opset: 13);
        var error = Assert.Throws<OccamException>(
            () => OnnxWriter.Write(Recompose.Apply(network).Network.Graph, folder.File("together.onnx")));
        Assert.Contains("Gelu 'Mul:y' came with operator set 20, and the graph is of 13: write the network as it was read", error.Message);
        Assert.False(File.Exists(folder.File("together.onnx")));
        OnnxRuntimePeer.Agrees(network, OneNode.Random(1, 2, 3, 6));
    }

    private static Network Read(string text, int opset = 17) => WrittenGraph.Read(
        text, opset, ("mask", OneNode.Random(7, 3, 3)), ("more", OneNode.Random(8, 1, 3, 3)), ("rows", OneNode.Random(9, 3, 1)),
        ("keep", Tensor.FromArray([true, false, false, true, true, false, true, true, true], 3, 3)));

    private static Tensor Run(Network network, Tensor x) => network.Run(x, ["y"])["y"];

    private static Tensor Jacobian(Network network, Tensor at)
    {
        var x = at.Clone().RequireGrad();
        var y = Run(network, x).Flatten();
        return Tensor.Stack(
            [.. Enumerable.Range(0, (int)y.Elements).Select(i => Autograd.Grad(y.Select(0, i), x, retainGraph: true).Flatten())], 0);
    }
}
