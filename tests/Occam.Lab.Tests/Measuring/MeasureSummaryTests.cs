using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Measuring;
using Occam.Lab.Measuring.Pages;
using Occam.Lab.Reports;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Lab.Tests.Measuring;

/// <summary>"In short" says of a small step only what the derivative tells of it.</summary>
public sealed class MeasureSummaryTests
{
    private const string Step = "moves the outputs by about";
    private const string AskedFor = "by the derivative that was asked for";

    [Fact]
    public void A_function_that_does_not_jump_moves_by_its_slope()
    {
        var text = Summary(Around("Tanh"), Points());

        Assert.Contains(Step, text);
        Assert.Contains("keep their class, to first order, within any step", text);
        Assert.Contains("Lengths are those of the input as the network takes it.", text);
        Assert.DoesNotContain("jump", text);
        Assert.DoesNotContain(AskedFor, text);
    }

    [Fact]
    public void Where_some_ways_are_cut_it_does_so_between_the_jumps()
    {
        var text = Summary(Around("Round"), Points());

        Assert.Contains(": between its jumps a small step", text);
        Assert.Contains("Between its jumps it moves in its steepest direction by", text);
        Assert.Contains("to first order and between the function’s jumps, within any step", text);
    }

    [Fact]
    public void Straight_through_no_step_is_told()
    {
        var text = Summary(Around("Round"), Points(), new FunctionChoice { IsStraightThrough = true });

        Assert.Contains(AskedFor, text);
        Assert.DoesNotContain(Step, text);
        Assert.DoesNotContain("<var>ε</var>", text);
        Assert.DoesNotContain("within any step", text);
    }

    [Fact]
    public void Of_token_ids_lengths_are_those_of_their_vectors()
    {
        Node[] nodes =
        [
            Make("Gather", ["table", "x"], "e"), Make("ReduceMean", ["e"], "m", ("axes", new[] { 1L }), ("keepdims", 0L)),
            Make("MatMul", ["m", "w"], "y"),
        ];
        var ids = DataSet.FromArrays("ids", [2], [0f, 1, 2, 3, 1, 3], labels: [0, 1, 0]);

        Assert.Contains(
            "Lengths are those of the embedding’s vectors.", Summary(Graph(new ValueInfo("x", ScalarType.Int64, [null, 2]), nodes), ids));
        Assert.Contains(
            "Lengths are those of <code>m</code>, a value inside the model.",
            Summary(Graph(new ValueInfo("x", ScalarType.Int64, [null, 2]), nodes), ids, new FunctionChoice { Input = "m" }));
    }

    private static string Summary(Graph graph, DataSet data, FunctionChoice? choice = null)
    {
        using var scope = Libtorch.NewDisposeScope();
        var file = Path.GetTempFileName();
        try
        {
            OnnxWriter.Write(graph, file);
            var loaded = NetworkLoader.Load(file, choice ?? new FunctionChoice());
            var context = new MeasureContext(Subject.Of(loaded), data);
            string[] ids = ["geometric-complexity", "local-lipschitz", "margin"];
            MeasuredNetwork measured = new(loaded, context, [.. ids.Select(id => MeasureCatalogue.Find(id).Measurement(context))], 1);
            return string.Join('\n', ((Prose)MeasureSummary.Of(measured, null)!.Blocks[0]).Paragraphs);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // y = (h + step(h)) w, h = x v: a way leads around the step.
    private static Graph Around(string step) => Graph(
        new ValueInfo("x", ScalarType.Float32, [null, 3]),
        [Make("MatMul", ["x", "v"], "h"), Make(step, ["h"], "s"), Make("Add", ["s", "h"], "a"), Make("MatMul", ["a", "w"], "y")]);

    private static Graph Graph(ValueInfo input, Node[] nodes)
    {
        using Generator generator = new(4);
        Tensor Stored(params long[] shape) => Tensor.Randn(shape, generator).DetachFromDisposeScope();
        return new Graph
        {
            Opset = 17,
            Input = input,
            Outputs = [new ValueInfo("y", ScalarType.Float32, [null, 2])],
            Nodes = [.. nodes],
            Initializers = new Dictionary<string, Tensor>
            {
                ["table"] = Stored(5, 4),
                ["v"] = Stored(3, 4),
                ["w"] = Stored(4, 2),
            }.ToImmutableDictionary(),
        };
    }

    private static Node Make(string type, string[] inputs, string output, params (string Name, object Value)[] attributes) =>
        new(type, type, "", [.. inputs], [output], Attributes.Of(attributes));

    private static DataSet Points() =>
        DataSet.FromArrays("points", [3], [0.1f, 0.2f, 0.3f, -0.4f, 0.5f, -0.6f, 1, 2, -1], labels: [0, 1, 0]);
}
