using Occam.Networks;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

public class SeveralInputsTests
{
    // y = x · ids + mask, the inputs in the file's order.
    private static Graph Scaled() => new()
    {
        Opset = 17,
        Input = new ValueInfo("x", ScalarType.Float32, [null, 2]) { Symbols = ["batch", null] },
        Held = [new ValueInfo("ids", ScalarType.Int64, [null, 2]), new ValueInfo("mask", ScalarType.Float32, [null, null])],
        Outputs = [new ValueInfo("y", ScalarType.Float32, [null, 2])],
        Nodes =
        [
            TestGraphs.Node("Cast", ["ids"], ["scale"], Attributes.Of(("to", 1L))),
            TestGraphs.Node("Mul", ["x", "scale"], ["product"]),
            TestGraphs.Node("Add", ["product", "mask"], ["y"]),
        ],
        Initializers = [],
    };

    [Fact]
    public void A_file_keeps_its_inputs_and_the_names_of_their_sizes()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("scaled.onnx");
        OnnxWriter.Write(Scaled(), path);

        var read = OnnxReader.Read(path);

        Assert.Equal("x", read.Input.Name);
        Assert.Equal(["ids", "mask"], read.Held.Select(held => held.Name));
        Assert.Equal("batch", read.Input.Symbols[0]);
        Assert.Equal(ScalarType.Int64, read.Held[0].Type);
    }

    [Fact]
    public void Held_inputs_are_given_once_and_their_values_count()
    {
        var network = new Network(Scaled());
        var held = network.Holding(new Dictionary<string, Tensor>
        {
            ["ids"] = Tensor.FromArray([2L, 3, -1, 0], 2, 2),
            ["mask"] = Tensor.FromArray([0.5f, 0, 0, 1], 2, 2),
        });

        Assert.Equal([2.5f, 6, -3, 1], held.Forward(Tensor.FromArray([1f, 2, 3, 4], 2, 2)).ToArray<float>());
        Assert.Contains("needed too", Assert.Throws<OccamException>(() => network.Forward(Tensor.Zeros([2, 2]))).Message);
    }

    [Fact]
    public void A_product_with_a_held_input_is_affine()
    {
        var network = new Network(Scaled());

        Assert.All(network.Graph.Nodes, node => Assert.NotEqual(Linearity.Curved, network.LinearityOf(node)));
        Assert.Null(network.FirstCurvedNode());
    }
}
