using System.Collections.Immutable;
using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures;

/// <summary>A derivative that is zero by construction is no measurement.</summary>
public class DerivativePathsTests
{
    [Theory]
    [InlineData("Sign")]
    [InlineData("Round")]
    [InlineData("Floor")]
    public void A_step_on_the_only_way_leaves_nothing_to_measure(string step)
    {
        var context = Context(
            TestGraphs.Node("MatMul", ["x", "w"], ["h"]), TestGraphs.Node(step, ["h"], ["s"]),
            TestGraphs.Node("MatMul", ["s", "v"], ["y"]));

        foreach (var id in new[] { "geometric-complexity", "dirichlet-energy", "local-lipschitz", "lipschitz-lower", "transfer-functions" })
        {
            var result = MeasureCatalogue.Find(id).Measurement(context);
            Assert.Null(result.Value);
            Assert.Contains(step, result.NotApplicable);
        }
    }

    [Fact]
    public void A_step_on_one_of_two_ways_is_said()
    {
        var context = Context(
            TestGraphs.Node("MatMul", ["x", "w"], ["h"]), TestGraphs.Node("Round", ["h"], ["s"]), TestGraphs.Node("Add", ["s", "h"], ["a"]),
            TestGraphs.Node("MatMul", ["a", "v"], ["y"]));

        var result = MeasureCatalogue.Find("geometric-complexity").Measurement(context);

        Assert.NotNull(result.Value);
        Assert.Contains(result.Notes, note => note.Contains("Round 'Round:s' passes no derivative"));
    }

    [Fact]
    public void A_choice_between_constants_is_a_step()
    {
        var context = Context(
            TestGraphs.Node("MatMul", ["x", "w"], ["h"]), TestGraphs.Node("Greater", ["h", "zero"], ["c"]),
            TestGraphs.Node("Where", ["c", "one", "zero"], ["s"]), TestGraphs.Node("Add", ["s", "h"], ["a"]),
            TestGraphs.Node("MatMul", ["a", "v"], ["y"]));

        var result = MeasureCatalogue.Find("geometric-complexity").Measurement(context);

        Assert.NotNull(result.Value);
        Assert.Contains(result.Notes, note => note.Contains("passes no derivative"));
    }

    [Fact]
    public void A_derivative_that_is_not_finite_is_told()
    {
        var context = Context(
            TestGraphs.Node("MatMul", ["x", "w"], ["h"]), TestGraphs.Node("Mul", ["h", "zero"], ["z"]),
            TestGraphs.Node("Log", ["z"], ["y"]));

        Assert.Contains(
            "not finite", Assert.Throws<OccamException>(() => MeasureCatalogue.Find("local-lipschitz").Measurement(context)).Message);
    }

    [Fact]
    public void A_choice_between_values_is_no_step()
    {
        var context = Context(
            TestGraphs.Node("MatMul", ["x", "w"], ["h"]), TestGraphs.Node("Greater", ["h", "zero"], ["c"]),
            TestGraphs.Node("Where", ["c", "h", "zero"], ["a"]), TestGraphs.Node("MatMul", ["a", "v"], ["y"]));

        var result = MeasureCatalogue.Find("geometric-complexity").Measurement(context);

        Assert.NotNull(result.Value);
        Assert.DoesNotContain(result.Notes, note => note.Contains("passes no derivative"));
    }

    [Fact]
    public void Whole_numbers_without_an_embedding_have_no_derivative()
    {
        var graph = Graph(TestGraphs.Node("Cast", ["x"], ["f"], Attributes.Of(("to", 1L))), TestGraphs.Node("MatMul", ["f", "w"], ["y"]));
        var network = new Network(graph with { Input = new ValueInfo("x", ScalarType.Int64, [null, 3]) });
        var context = new MeasureContext(new Subject(network), DataSet.FromArrays("ids", [3], [1f, 2, 3, 4, 5, 6]));

        var result = MeasureCatalogue.Find("geometric-complexity").Measurement(context);

        Assert.Contains("'x' holds whole numbers", result.NotApplicable);
        Assert.Contains(
            "takes whole numbers", Assert.Throws<OccamException>(() => new MeasureContext(
                new Subject(network), DataSet.FromArrays("ids", [3], [1f, 2.5f, 3]))).Message);
    }

    private static MeasureContext Context(params Node[] nodes) => new(
        new Subject(new Network(Graph(nodes))), DataSet.FromArrays("points", [3], [0.1f, 0.2f, 0.3f, -0.4f, 0.5f, -0.6f]));

    private static Graph Graph(params Node[] nodes)
    {
        using var generator = new Generator(5);
        return new Graph
        {
            Opset = 17,
            Input = new ValueInfo("x", ScalarType.Float32, [null, 3]),
            Outputs = [new ValueInfo("y", ScalarType.Float32, [null, 2])],
            Nodes = [.. nodes],
            Initializers = new Dictionary<string, Tensor>
            {
                ["w"] = Tensor.Randn([3, 4], generator).DetachFromDisposeScope(),
                ["v"] = Tensor.Randn([4, 2], generator).DetachFromDisposeScope(),
                ["zero"] = Tensor.Zeros([1]).DetachFromDisposeScope(),
                ["one"] = Tensor.Ones([1]).DetachFromDisposeScope(),
            }.ToImmutableDictionary(),
        };
    }
}
