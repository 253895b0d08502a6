using Occam.Measures;
using Occam.Measures.Slope;
using Occam.Measures.Weights;
using Occam.Networks;
using Occam.Networks.Operators;
using Occam.Networks.Rewrites.Patterns;
using Occam.Tests.Networks;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

/// <summary>Bounds of products of two values that both depend on the input, which have one where the values are bounded.</summary>
public sealed class AttentionLipschitzTests
{
    private const string Norm = "n = LayerNormalization x g b axis=-1 epsilon=0.1; ";
    private const string Attention = "q = MatMul n A; k = MatMul n B; v = MatMul n C; kt = Transpose k perm=0,2,1; s = MatMul q kt; "
        + "d = Mul s 0.4; ";
    private const string Heads = "q0 = MatMul n A; k0 = MatMul n B; v0 = MatMul n C; q1 = Reshape q0 heads; k1 = Reshape k0 heads; "
        + "v1 = Reshape v0 heads; q = Transpose q1 perm=0,2,1,3; kt = Transpose k1 perm=0,2,3,1; v = Transpose v1 perm=0,2,1,3; ";

    /// <summary>Small transformers' parts, and other products of bounded values.</summary>
    public static TheoryData<string, string> Networks => new()
    {
        { "attention after a normalization", Norm + Attention + "p = Softmax d axis=-1; y = MatMul p v" },
        { "with a residual connection", Norm + Attention + "p = Softmax d axis=-1; o = MatMul p v; y = Add x o" },
        { "with a mask", Norm + Attention + "w = Where keep d -1e9; a = Add w mask; p = Softmax a axis=-1; y = MatMul p v" },
        {
            "with heads",
            Norm + Heads + "s = MatMul q kt; d = Mul s 0.7; p = Softmax d axis=-1; o = MatMul p v; t = Transpose o perm=0,2,1,3; "
                + "r = Reshape t back; z = MatMul r A; y = Add z x"
        },
        { "probabilities used twice", Norm + Attention + "p = Softmax d axis=-1; o = MatMul p v; y = MatMul p o" },
        { "linear attention", Norm + Attention + "y = MatMul d v" },
        { "a mask made of the data", Norm + Attention + "t = Tanh d; a = Add d t; p = Softmax a axis=-1; y = MatMul p v" },
        {
            "ONNX's own attention",
            Norm + "q = MatMul n A; k = MatMul n B; v = MatMul n C; y = Attention q k v q_num_heads=2 kv_num_heads=2 is_causal=1"
        },
        {
            "root mean squares and gated units",
            "n = RMSNormalization x g axis=-1 epsilon=0.2; u = MatMul n A; c = Swish u alpha=1; w = MatMul n B; m = Mul c w; "
                + "z = MatMul m C; y = Add x z"
        },
        { "a gate on bounded values", "t = Tanh x; s = Sigmoid x; y = Mul t s" },
        {
            "two blocks",
            Norm + Attention + "p = Softmax d axis=-1; o = MatMul p v; y1 = Add x o; n2 = LayerNormalization y1 g axis=-1 epsilon=0.5; "
                + "q2 = MatMul n2 B; kt2 = Transpose n2 perm=0,2,1; s2 = MatMul q2 kt2; p2 = Softmax s2 axis=-1; o2 = MatMul p2 n2; "
                + "y = Add y1 o2"
        },
        {
            "normalized afterwards",
            Norm + Attention
                + "p = Softmax d axis=-1; o = MatMul p v; e = Add n o; y1 = LayerNormalization e g b axis=-1; "
                + "h = MatMul y1 A; f = Gelu h; j = MatMul f B; l = Add y1 j; q2 = MatMul l A; kt2 = Transpose l perm=0,2,1; "
                + "s2 = MatMul q2 kt2; p2 = Softmax s2 axis=-1; y = MatMul p2 l"
        },
        { "squares", Norm + "p = Pow n 2; y = MatMul p A" },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void No_point_is_steeper_than_the_bound_and_no_two_are_driven_further_apart(string what, string text)
    {
        using var scope = Libtorch.NewDisposeScope();
        var written = Read(text);

        // Near the origin, where a normalization is steepest, and far from it, where attention is.
        foreach (var (network, scale) in new[] { (written, 1e-3), (written, 1), (Recompose.Apply(written).Network, 0.3), (written, 4) })
        {
            var data = Points([3, 6], [.. (OneNode.Random(5, 6, 3, 6) * scale).ToArray<double>()]);
            var context = Context(network, data);
            var upper = Measure("lipschitz-upper", context);
            Assert.Contains(upper.Notes, note => note.Contains("the bound holds for every input", StringComparison.Ordinal));
            var lower = Measure("lipschitz-lower", context).Value!.Value;
            Assert.True(lower <= upper.Value!.Value, $"{what}: {lower} is above {upper.Value}");
            for (var seed = 0; seed < 10; seed++)
            {
                var (x, y) = (OneNode.Random(seed, 1, 3, 6) * scale, OneNode.Random(90 + seed, 1, 3, 6) * scale);
                var ratio = (network.Forward(x) - network.Forward(y)).Norm().Item() / (x - y).Norm().Item();
                Assert.True(ratio <= upper.Value.Value, $"{what}: {ratio} is above {upper.Value}");
            }
        }
    }

    /// <summary>What every value can be at most, against what it is on inputs near and far.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void No_value_is_larger_than_its_bound(string what, string text)
    {
        using var scope = Libtorch.NewDisposeScope();
        var written = Read(text);
        foreach (var network in new[] { written, Recompose.Apply(written).Network })
        {
            string[] names = [.. network.Graph.Varying];
            var sizes = ValueSizes.Of(network, network.Run(Tensor.Zeros([1, 3, 6], ScalarType.Float64), names), new HashSet<string>());
            var bounded = names.Where(name => sizes[name] is not null).ToArray();
            Assert.NotEmpty(bounded);
            for (var seed = 0; seed < 60; seed++)
            {
                var x = OneNode.Random(seed, 1, 3, 6) * Math.Pow(10, (seed % 4) - 1);
                foreach (var (name, value) in network.Run(seed % 3 == 0 ? x.Pow(3) : x, bounded))
                {
                    AssertBelow(value, sizes[name]!, $"{what}: {name}");
                }
            }
        }
    }

    /// <summary>
    /// d = 6 numbers a token, n = 3 tokens, scale 2 and ε = 0.25 before multiples of the identity: a normalized token is at most
    /// 2 √6 long, and the normalization at most 2/0.5 = 4 steep.
    /// </summary>
    [Fact]
    public void The_bound_of_attention_after_a_normalization_is_that_of_the_hand()
    {
        using var scope = Libtorch.NewDisposeScope();
        Tensor Identity(double factor) => Tensor.Eye(6, ScalarType.Float64) * factor;
        var network = WrittenGraph.Read(
            "n = LayerNormalization x two axis=-1 epsilon=0.25; q = MatMul n A; k = MatMul n B; v = MatMul n C; "
                + "kt = Transpose k perm=0,2,1; y = ScaledDotProductAttention q kt v scale=0.5",
            17, ("two", Tensor.Full([6], 2, ScalarType.Float64)), ("A", Identity(3)), ("B", Identity(5)), ("C", Identity(0.1)));
        var length = 2 * Math.Sqrt(6);
        var expected = (Math.Sqrt(3) * 0.1 * 4)
            + (0.5 * (5 * length) * (0.1 * length) * (3 * 4))
            + (0.5 * Math.Sqrt(3) * (3 * length) * (0.1 * length) * (5 * 4));
        Assert.Equal(expected, Value("lipschitz-upper", network, Gaussian(2, 2, 3, 6)), 2e-5 * expected);
    }

    /// <summary>All queries look at one key: its value goes to every row of the output.</summary>
    [Fact]
    public void Values_that_every_query_takes_reach_their_part_of_the_bound()
    {
        using var scope = Libtorch.NewDisposeScope();
        var keys = Tensor.FromArray([50.0, 0, 0, 0, 0, 0], 2, 3);
        var node = new OneNode(
            "ScaledDotProductAttention", [Tensor.Ones([4, 2], ScalarType.Float64), keys, OneNode.Random(1, 1, 3, 5)], varying: 2);
        Assert.Equal(2, node.Bound()!.Value, 1e-12);
        Assert.Equal(2, node.DenseNorm(), 1e-9);
    }

    [Theory]
    [InlineData(2, 0.1, 1, 1)]
    [InlineData(10, 3, 0.5, 2)]
    [InlineData(1000, 30, 1.7, 0.2)]
    [InlineData(1, 1, 1, 1)]
    public void On_a_ball_of_tokens_it_is_never_above_the_bound_of_Castin_Ablin_and_Peyre(long n, double R, double A, double V)
    {
        var bound = AttentionBound.Of(1, n, new(A, A * R), new(1, R), new(V, V * R))!.Value;
        Assert.Equal(V * (Math.Sqrt(n) + (A * R * R * (1 + Math.Sqrt(n)))), bound, 1e-9 * bound);
        Assert.True(bound <= Math.Sqrt(3) * V * Math.Sqrt((A * A * Math.Pow(R, 4) * ((4 * n) + 1)) + n));
    }

    [Theory]
    [InlineData(
        "q = MatMul x A; kt = Transpose x perm=0,2,1; y = ScaledDotProductAttention q kt x",
        "ScaledDotProductAttention 'ScaledDotProductAttention:y': attention is not Lipschitz where its inputs can be of any size (Kim, "
            + "Papamakarios and Mnih 2021, Theorem 3.1)")]
    [InlineData("s = Sigmoid x; t = Mul x 2; y = Mul t s", "Mul 'Mul:y': it multiplies two values that both depend on the input")]
    [InlineData(
        "kt = Transpose x perm=0,2,1; y = MatMul x kt", "MatMul 'MatMul:y': it multiplies two values that both depend on the input")]
    [InlineData(Norm + "y = Exp n", "Exp 'Exp:y': its slope is not bounded on all of its inputs")]
    public void Where_nothing_bounds_the_inputs_there_is_no_bound_and_the_reason_is_told(string text, string why)
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = new LipschitzUpper().Measurement(Context(Read(text), Gaussian(2, 2, 3, 6)));
        Assert.Null(result.Value);
        Assert.StartsWith($"no finite bound passes through {why}", result.NotApplicable);
    }

    /// <summary>A mask differs with each example: added it moves nothing apart, but what it scales has no bound for all of them.</summary>
    [Theory]
    [InlineData("y = Add x held", 1.0, "")]
    [InlineData("m = Mul held -1e4; y = Add x m", 1.0, "")]
    [InlineData("y = Mul x held", null, "it depends on 'held', which another input of the model gives, a different one with each example")]
    [InlineData("m = Add held 1; y = Mul m x", null, "it depends on 'm', which another input")]
    public void What_another_input_scales_has_no_bound_and_what_it_shifts_has(string text, double? expected, string why)
    {
        using var scope = Libtorch.NewDisposeScope();
        var graph = WrittenGraph.Read(text).Graph;
        var network = new Network(graph with { Held = [new ValueInfo("held", ScalarType.Float64, [null, 3, 6])] });
        var zeros = Tensor.Zeros([1, 3, 6], ScalarType.Float64);
        var values = network.Run(new Dictionary<string, Tensor> { ["x"] = zeros, ["held"] = zeros }, [.. network.Graph.Varying]);
        var bound = LipschitzBound.Of(network, values, new MeasureOptions(), new Dictionary<Node, OperatorNorm>());
        Assert.StartsWith(why, bound.Why);
        Assert.Equal(expected is null, bound.Unbounded is not null);
        if (expected is { } value)
        {
            Assert.Equal(value, bound.Value, 1e-4);
        }
    }

    /// <summary>Random points of a box, and its corners, against what is said of every operator for that box.</summary>
    [Theory]
    [MemberData(nameof(Samples))]
    public void No_operator_gives_more_than_it_says_of_inputs_in_a_box(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var node = Occam.Tests.Networks.Operators.Samples.Make(name);
        var box = node.X.Abs();
        var said = node.Operator.OutputSizes(new SizeCall(
            node.Call(box), [.. node.Inputs.Select((_, i) => i == node.Varying)],
            [.. node.Inputs.Select((tensor, i) => tensor is not { IsFloatingPoint: true } ? null
                : i == node.Varying ? new ValueSize(box) : ValueSize.OfConstant(tensor))]));
        if (said is not [{ } size, ..])
        {
            return;
        }

        for (var seed = 0; seed < 40; seed++)
        {
            var inside = OneNode.Random(seed, box.Shape);
            inside = seed % 2 == 0 ? inside.Sign() : inside.Tanh();
            var value = node.Run(inside * box);
            AssertBelow(value, size, name);
        }
    }

    public static TheoryData<string> Samples => [.. Occam.Tests.Networks.Operators.Samples.Names];

    private static void AssertBelow(Tensor value, ValueSize size, string what)
    {
        Assert.True((value.Abs() - size.Elements).Flatten().AMax([0]).Item() <= 1e-9, what);
        for (var axis = -1; axis > -value.Dimensions; axis--)
        {
            Assert.True((value.Norm([axis]) - size.Norms(axis)).Flatten().AMax([0]).Item() <= 1e-9, $"{what} along {axis}");
        }
    }

    internal static Network Read(string text) => WrittenGraph.Read(
        text, 23, ("mask", OneNode.Random(7, 3, 3)), ("heads", OneNode.Integers(0, 0, 2, 3)), ("back", OneNode.Integers(0, 0, 6)),
        ("keep", Tensor.FromArray([true, false, false, true, true, false, true, true, true], 3, 3)));
}
