using Occam.Derivatives;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

/// <summary>The short cut through a first dense layer, ‖A W‖² = ‖A L‖², against the Jacobian taken to the input.</summary>
public sealed class FirstDenseLayerTests
{
    [Theory]
    [InlineData(8, 5)]
    [InlineData(5, 8)]
    [InlineData(6, 6)]
    public void It_is_used_and_changes_nothing(int inputs, int units)
    {
        var network = Perceptron("tanh", inputs, units, 3);
        Assert.NotNull(FirstDenseLayer.Of(network, inputs));
        AssertSame(network, inputs);
    }

    [Theory]
    [InlineData("dead unit")]
    [InlineData("equal units")]
    [InlineData("nearly equal units")]
    [InlineData("all zero")]
    public void Layers_of_less_than_full_rank_change_nothing(string what)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Perceptron("tanh", 8, 5, 3);
        var W = network.Graph.Initializers["layer1.weight"].Clone();
        _ = what switch
        {
            "dead unit" => W.Select(0, 2).ZeroInPlace(),
            "equal units" => W.Select(0, 2).CopyInPlace(W.Select(0, 4)),
            "nearly equal units" => W.Select(0, 2).CopyInPlace(W.Select(0, 4) * (1 + 1e-9)),
            _ => W.ZeroInPlace(),
        };
        var changed = network.WithInitializers([KeyValuePair.Create("layer1.weight", W)]);
        Assert.NotNull(FirstDenseLayer.Of(changed, 8));
        AssertSame(changed, 8);
    }

    public static TheoryData<string, Node[]> Used => new()
    {
        { "Gemm with factors", [
            TestGraphs.Node("Gemm", ["x", "W", "b"], ["z"], Attributes.Of(("transB", 1L), ("alpha", 0.5), ("beta", 3.0))),
        ] },
        { "Gemm, not transposed", [TestGraphs.Node("Gemm", ["x", "V"], ["z"])] },
        { "MatMul and Add", [TestGraphs.Node("MatMul", ["x", "V"], ["m"]), TestGraphs.Node("Add", ["m", "b"], ["z"])] },
        { "behind renamings", [
            TestGraphs.Node("Identity", ["x"], ["i"]), TestGraphs.Node("Dropout", ["i"], ["d"]),
            TestGraphs.Node("MatMul", ["d", "V"], ["z"]),
        ] },
    };

    [Theory]
    [MemberData(nameof(Used))]
    public void Every_way_to_write_a_dense_layer_is_seen(string what, Node[] nodes)
    {
        var network = Build([6], nodes);
        Assert.True(FirstDenseLayer.Of(network, 6) is not null, what);
        AssertSame(network, 6);
    }

    [Fact]
    public void A_flattening_before_it_is_seen_through()
    {
        var network = Build([1, 2, 3], [TestGraphs.Node("Flatten", ["x"], ["f"]), TestGraphs.Node("Gemm", ["f", "V"], ["z"])]);
        Assert.NotNull(FirstDenseLayer.Of(network, 6));
        AssertSame(network, 1, 2, 3);
    }

    public static TheoryData<string, Node[]> Unused => new()
    {
        { "a skip connection from the input", [TestGraphs.Node("MatMul", ["x", "S"], ["m"]), TestGraphs.Node("Add", ["m", "x"], ["z"])] },
        { "the input as the Gemm's offset", [TestGraphs.Node("Gemm", ["x", "S", "x"], ["z"])] },
        { "an activation before it", [TestGraphs.Node("Tanh", ["x"], ["t"]), TestGraphs.Node("MatMul", ["t", "V"], ["z"])] },
        { "a transposition before it", [
            TestGraphs.Node("Reshape", ["x", "sizes"], ["r"]),
            TestGraphs.Node("Transpose", ["r"], ["p"], Attributes.Of(("perm", new[] { 0L, 2, 1 }))),
            TestGraphs.Node("Flatten", ["p"], ["f"]), TestGraphs.Node("MatMul", ["f", "V"], ["z"]),
        ] },
        { "the same layer on parts", [
            TestGraphs.Node("Reshape", ["x", "sizes"], ["r"]), TestGraphs.Node("MatMul", ["r", "P"], ["m"]),
            TestGraphs.Node("Flatten", ["m"], ["z"]),
        ] },
        { "a weight that depends on the data", [
            TestGraphs.Node("Reshape", ["x", "sizes"], ["r"]),
            TestGraphs.Node("Transpose", ["r"], ["p"], Attributes.Of(("perm", new[] { 0L, 2, 1 }))),
            TestGraphs.Node("MatMul", ["r", "p"], ["m"]), TestGraphs.Node("Flatten", ["m"], ["z"]),
        ] },
    };

    [Theory]
    [MemberData(nameof(Unused))]
    public void Where_the_input_has_another_way_in_it_is_not_used(string what, Node[] nodes)
    {
        var network = Build([6], nodes);
        Assert.True(FirstDenseLayer.Of(network, 6) is null, what);
        AssertSame(network, 6);
    }

    [Fact]
    public void An_affine_network_has_no_rest_to_leave_to_it() => Assert.Null(FirstDenseLayer.Of(Perceptron("relu", 4, 3), 4));

    // The nodes, then Tanh, then a sum over it that weighs each element.
    private static Network Build(long[] shape, Node[] nodes) => Graph(
        shape,
        [.. nodes, TestGraphs.Node("Tanh", ["z"], ["a"]), TestGraphs.Node("Mul", ["a", "weights"], ["w"]), TestGraphs.Node(
            "ReduceSum", ["w", "axes"], ["s"]), TestGraphs.Node("Mul", ["s", "row"], ["y"])],
        ("W", Random(1, 4, 6)), ("V", Random(2, 6, 4)), ("S", Random(3, 6, 6)), ("P", Random(4, 3, 2)), ("b", Random(5, 4)),
        ("weights", Random(6, 1, 1)), ("axes", Tensor.FromArray([1L], 1)), ("row", Random(7, 1, 2)),
        ("sizes", Tensor.FromArray([0L, 2, 3], 3)));

    private static Tensor Random(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed);
        return Tensor.Randn(shape, generator, ScalarType.Float64);
    }

    private static void AssertSame(Network network, params int[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = Context(network, Gaussian(7, 2, shape));
        var x = context.Examples(0, 7);
        var leaf = x.Clone().RequireGrad();
        var output = network.Forward(leaf);
        var rows = Enumerable.Range(0, (int)context.Outputs)
            .Select(j => Autograd.Grad([output.Select(1, j).Sum()], [leaf], retainGraph: true)[0]!.Flatten(1))
            .ToArray();
        var J = Tensor.Stack(rows, 1);

        // ‖A L‖ for ‖A W‖ loses at most the rounding of W Wᵀ.
        AssertAll(J.Square().Sum([1, 2]), Tensor.FromArray(context.Jacobian.SquaredNorms(x), 7));
        AssertAll(J, context.Jacobian.Matrix(x));
        AssertAll(J.BatchMatMul(J.Transpose(1, 2)), context.Jacobian.Gram(x));
    }

    private static void AssertAll(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.InRange((expected - actual).Norm().Item(), 0, 1e-12 * (1 + expected.Norm().Item()));
    }
}
