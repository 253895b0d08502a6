using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Networks.Rewrites.Patterns;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

/// <summary>Stored numbers that are no parameters, and parameters that are stored twice.</summary>
public sealed class StoredConstantsTests
{
    [Fact]
    public void Tables_of_sines_are_no_parameters_and_other_tables_are()
    {
        using var scope = Libtorch.NewDisposeScope();
        var angles = Tensor.Arange(0, 7, 1, ScalarType.Float32, Device.Cpu).Reshape(7, 1)
            * Tensor.FromArray([1f, 0.1f, 0.01f], 1, 3);
        var (sine, cosine) = (angles.Sin(), angles.Cos());
        var encoding = Tensor.Cat([sine.Unsqueeze(-1), cosine.Unsqueeze(-1)], -1).Reshape(7, 6);
        long Parameters(string type, Tensor table)
        {
            var sum = TestGraphs.Graph([null, 7, table.Size(-1)], [TestGraphs.Node(type, ["x", "t"], ["y"])], ("t", table));
            return new Network(sum).ParameterCount;
        }

        foreach (var table in new[] { sine, cosine, encoding, encoding.Unsqueeze(0) })
        {
            Assert.Equal(0, Parameters("Mul", table));
            Assert.Equal(0, Parameters("Add", table));
        }

        var learned = encoding + Tensor.Full([], 0.01, ScalarType.Float32);
        foreach (var table in new[] { learned, Tensor.Ones([7, 6], ScalarType.Float32), Tensor.Zeros([7, 6], ScalarType.Float32) })
        {
            Assert.Equal(42, Parameters("Mul", table));
        }

        // Three rows lie on some sine wave or other.
        Assert.Equal(9, Parameters("Mul", sine.Narrow(0, 0, 3)));
    }

    [Fact]
    public void A_mask_is_no_parameter_of_an_attention_that_was_put_together()
    {
        using var scope = Libtorch.NewDisposeScope();
        var mask = Tensor.FromArray([0.0, -1e9, -1e9, 0, 0, -1e9, 0, 0, 0], 3, 3);
        Network Attention(Tensor added) => Recompose.Apply(WrittenGraph.Read(
            "q = MatMul x A; k = MatMul x B; v = MatMul x C; t = Transpose k perm=0,2,1; s = MatMul q t; c = Mul s 0.5; m = Add c mask; "
            + "p = Softmax m axis=-1; y = MatMul p v",
            more: ("mask", added))).Network;

        Assert.Equal("ScaledDotProductAttention", Attention(mask).Graph.Nodes[^1].OperatorType);
        Assert.Equal(3 * 36, Attention(mask).ParameterCount);
        Assert.Equal((3 * 36) + 9, Attention(mask + Tensor.Eye(3, ScalarType.Float64)).ParameterCount);
    }

    [Fact]
    public void A_table_that_is_stored_again_transposed_is_one_parameter()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        using Generator generator = new(2);
        var table = Tensor.Randn([11, 4], generator);
        LoadedNetwork Load(Tensor head)
        {
            var graph = TestGraphs.Graph(
                [null, 5],
                [
                    TestGraphs.Node("Gather", ["table", "x"], ["e"]), TestGraphs.Node("Tanh", ["e"], ["h"]),
                    TestGraphs.Node("MatMul", ["h", "head"], ["y"]),
                ],
                ("table", table), ("head", head));
            graph = graph with { Input = new ValueInfo("x", ScalarType.Int64, [null, 5]) };
            OnnxWriter.Write(graph, folder.File("tied.onnx"));
            return NetworkLoader.Load(folder.File("tied.onnx"));
        }

        var tied = Load(table.T().Contiguous());
        Assert.Equal(44, tied.ParameterCount);
        Assert.Contains("'head' is 'table' transposed: one parameter, which is used twice", tied.Notes);
        var e = Tensor.Randn([2, 5, 4], generator);
        Close.Equal(e.Tanh().MatMul(table.T()), tied.Network!.Run(e, [tied.Network.Output])[tied.Network.Output], 1e-6);

        var other = Load((table.T() + Tensor.Full([], 1e-6, ScalarType.Float32)).Contiguous());
        Assert.Equal(88, other.ParameterCount);
        Assert.DoesNotContain(other.Notes, note => note.Contains("transposed", StringComparison.Ordinal));
    }
}
