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

    /// <summary>The places that an image is sampled at are rounded, or not.</summary>
    [Theory]
    [InlineData("nearest", false)]
    [InlineData("linear", true)]
    [InlineData("bilinear", true)]
    [InlineData("cubic", true)]
    public void Places_that_an_image_is_sampled_at_have_a_derivative_but_where_the_nearest_is_taken(string mode, bool hasOne)
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(2);
        var graph = TestGraphs.Graph(
            [null, 2, 2, 2],
            [
                TestGraphs.Node("Tanh", ["x"], ["grid"]),
                TestGraphs.Node("Shape", ["x"], ["shape"]), TestGraphs.Node("Gather", ["shape", "first"], ["n"]),
                TestGraphs.Node("Concat", ["n", "rest"], ["sizes"], Attributes.Of(("axis", 0L))),
                TestGraphs.Node("Expand", ["image", "sizes"], ["images"]),
                TestGraphs.Node("GridSample", ["images", "grid"], ["s"], Attributes.Of(("mode", mode))),
                TestGraphs.Node("Flatten", ["s"], ["y"]),
            ],
            ("image", Tensor.Randn([1, 1, 5, 5], generator)), ("first", Tensor.FromArray([0L], 1)),
            ("rest", Tensor.FromArray([1L, 5, 5], 3)));
        var context = new MeasureContext(
            new Subject(new Network(graph)), DataSet.FromArrays("x", [2, 2, 2], Tensor.Randn([24], generator).ToArray<float>()));

        var result = MeasureCatalogue.Find("geometric-complexity").Measurement(context);

        Assert.Equal(hasOne, result.Value > 0);
        Assert.Equal(!hasOne, result.NotApplicable?.Contains("GridSample", StringComparison.Ordinal) == true);
    }

    /// <summary>x − (x mod 1) is constant between jumps, though each of its operators has a derivative.</summary>
    [Fact]
    public void Outputs_that_differ_where_no_slope_explains_it_are_told()
    {
        var stairs = Context(
            TestGraphs.Node("MatMul", ["x", "w"], ["h"]), TestGraphs.Node("Mod", ["h", "one"], ["m"], Attributes.Of(("fmod", 1L))),
            TestGraphs.Node("Sub", ["h", "m"], ["s"]), TestGraphs.Node("MatMul", ["s", "v"], ["y"]));
        var line = Context(TestGraphs.Node("MatMul", ["x", "w"], ["h"]), TestGraphs.Node("MatMul", ["h", "v"], ["y"]));
        var constant = Context(
            TestGraphs.Node("MatMul", ["x", "w"], ["h"]), TestGraphs.Node("Mul", ["h", "zero"], ["z"]),
            TestGraphs.Node("MatMul", ["z", "v"], ["y"]));

        foreach (var id in new[] { "geometric-complexity", "dirichlet-energy" })
        {
            bool IsTold(MeasureContext context) => MeasureCatalogue.Find(id).Measurement(context).Notes
                .Any(note => note.Contains("10⁴ times as much as the slopes there explain", StringComparison.Ordinal));

            Assert.Equal(0, MeasureCatalogue.Find(id).Measurement(stairs).Value);
            Assert.True(IsTold(stairs));
            Assert.False(IsTold(line));
            Assert.False(IsTold(constant));
        }
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
