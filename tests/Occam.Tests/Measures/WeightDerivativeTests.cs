using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Rewrites;
using Occam.Tests.Networks;
using Occam.Tests.Networks.Operators;
using Occam.Theory;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Probes;
using Xunit;

namespace Occam.Tests.Measures;

/// <summary>A derivative by the weights that is zero by construction is no measurement, whichever measure takes it.</summary>
public sealed class WeightDerivativeTests
{
    private const string Missing = "needs a derivative by the weights, and ";

    private static readonly string[] s_byWeights =
    [
        "adaptive-sharpness", "critical-sharpness", "curvature-diagonal", "curvature-eigenvalues", "curvature-trace",
        "hessian-top-eigenvalue", "hessian-trace", "implicit-gradient-regularization", "learning-coefficient", "loss-slope",
        "max-sharpness", "spectral-density",
    ];

    // Of outputs that step, and of a spectrum of two numbers: zeros that were counted or compared.
    private static readonly string[] s_ownZeros = ["margin", "outlier-eigenvalues"];

    private static TrainingSettings Settings => new() { Loss = new CrossEntropy(), Optimizer = new Sgd(0.1), Steps = 1 };

    [Theory]
    [InlineData("Sign")]
    [InlineData("Round")]
    [InlineData("Floor")]
    public void No_measure_has_a_zero_for_weights_behind_a_step(string step)
    {
        using var scope = Libtorch.NewDisposeScope();
        List<string> refused = [];
        foreach (var id in MeasureCatalogue.All.Keys.Order(StringComparer.Ordinal))
        {
            var result = Of(id, Last(step));
            if (result.NotApplicable?.StartsWith(Missing, StringComparison.Ordinal) == true)
            {
                Assert.Equal(
                    $"{Missing}{step} '{step}:h' passes none: it is constant between its jumps, and no other way leads to the output",
                    result.NotApplicable);
                refused.Add(id);
            }

            // A number that is zero whatever the weights are: a measure that took a derivative unasked.
            Assert.False(result.Value == 0 && !s_ownZeros.Contains(id), $"{id} is 0");
        }

        Assert.Equal(s_byWeights, refused);
    }

    [Theory]
    [InlineData("Sign")]
    [InlineData("Round")]
    [InlineData("Floor")]
    public void Straight_through_there_is_a_derivative(string step)
    {
        using var scope = Libtorch.NewDisposeScope();
        foreach (var id in s_byWeights)
        {
            var result = Of(id, StraightThrough.Apply(Last(step)).Graph);
            Assert.DoesNotContain("derivative", result.NotApplicable ?? "", StringComparison.Ordinal);
            Assert.DoesNotContain(result.Notes, note => note.Contains("derivative"));
        }

        Assert.True(Of("loss-slope", StraightThrough.Apply(Last(step)).Graph).Value > 0);
    }

    [Theory]
    [InlineData("Sign")]
    [InlineData("Round")]
    [InlineData("Floor")]
    public void Weights_behind_a_step_are_named_where_others_are_not(string step)
    {
        using var scope = Libtorch.NewDisposeScope();
        foreach (var id in s_byWeights)
        {
            var result = Of(id, Between(step));
            Assert.DoesNotContain("derivative", result.NotApplicable ?? "", StringComparison.Ordinal);
            if (result.Value is not null)
            {
                Assert.Contains(
                    $"{step} '{step}:s' passes no derivative, so that some of the ways from the weights to the output don't count: the "
                        + "function jumps there. No other way leads from 'w' and 'b', 8 of 12 numbers: by them the derivative is zero",
                    result.Notes);
            }
        }

        var slope = Of("loss-slope", Between(step));
        Assert.Equal(0, slope.Layers.Single(layer => layer.Name == "w").Value);
        Assert.True(slope.Layers.Single(layer => layer.Name == "v").Value > 0);
    }

    /// <summary>The step is added to what it steps on: a way leads around it from every weight.</summary>
    [Fact]
    public void A_way_around_a_step_leaves_no_weights_behind_it()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = Of("loss-slope", Graph(
            TestGraphs.Node("Gemm", ["x", "w", "b"], ["h"]), TestGraphs.Node("Round", ["h"], ["s"]),
            TestGraphs.Node("Add", ["s", "h"], ["a"]), TestGraphs.Node("MatMul", ["a", "v"], ["y"])));

        Assert.True(result.Value > 0);
        Assert.Contains(result.Notes, note => note.EndsWith("the function jumps there", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_step_there_is_nothing_to_say()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = Of("loss-slope", Between("Tanh"));

        Assert.True(result.Value > 0);
        Assert.DoesNotContain(result.Notes, note => note.Contains("passes no derivative"));
    }

    /// <summary>Weights of which the signs alone are taken, as in binarized networks.</summary>
    [Fact]
    public void A_step_of_the_weights_themselves_is_named()
    {
        using var scope = Libtorch.NewDisposeScope();
        var graph = Graph(TestGraphs.Node("Sign", ["v"], ["s"]), TestGraphs.Node("MatMul", ["z", "s"], ["y"]));
        graph = graph with { Input = new ValueInfo("z", ScalarType.Float32, [null, 2]) };
        var context = new MeasureContext(
            new Subject(new Network(graph)), DataSet.FromArrays("points", [2], [0.1f, 0.2f, -1f, 2f], labels: [0, 1]));

        Assert.StartsWith($"{Missing}Sign 'Sign:s' passes none", MeasureCatalogue.Find("loss-slope").Measurement(context).NotApplicable);
    }

    [Theory]
    [InlineData("Sign", 2)]
    [InlineData("Round", 2)]
    [InlineData("Floor", 1)]
    public void No_theorem_compares_zeros_behind_a_step(string step, int outputs)
    {
        using var scope = Libtorch.NewDisposeScope();
        var graph = Last(step);
        graph = graph with
        {
            Initializers = graph.Initializers.SetItem("w", Stored(1, 3, outputs)).SetItem("b", Stored(2, outputs)),
        };
        var context = new TheoryContext(new Network(graph), Points());
        List<string> refused = [];
        foreach (var (id, theorem) in TheoremCatalogue.All)
        {
            var result = theorem.Check(context);
            Assert.DoesNotContain(result.Inequalities, inequality => inequality is { Left: 0, Right: 0 });
            if (result.NotApplicable?.Contains($"and {step} '{step}:h' passes none") == true)
            {
                refused.Add(id);
            }
        }

        Assert.Equal(
            [
                .. outputs == 1 ? ["bth-lemma-5"] : (string[])[], "gc-equation-3", "gc-equation-6", "gc-theorem-5-1", "gor-lemma-3",
                "gor-lemma-4", "gor-theorem-1", "munn-collapse", "munn-margin",
            ],
            refused);
    }

    [Fact]
    public void An_edge_of_stability_behind_a_step_is_refused()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var trainer = new Trainer(
            new Network(Last("Round")), Points(), Settings);

        Assert.Contains($"{Missing}Round 'Round:h' passes none", Assert.Throws<OccamException>(
            () => new EdgeOfStability(Points(), Cadence.EverySteps(1)).Observe(trainer).ToArray()).Message);
    }

    private static MeasureResult Of(string id, Graph graph)
    {
        var network = new Network(graph);
        var initial = network.WithInitializers(
            [KeyValuePair.Create("w", Stored(8, 3, 2))]);
        return Measuring.Find(id).Measurement(new MeasureContext(new Subject(network).WithInitial(initial), Points()));
    }

    private static Graph Last(string step) =>
        Graph(TestGraphs.Node("Gemm", ["x", "w", "b"], ["y"]), TestGraphs.Node(step, ["y"], ["h"])) with
        {
            Outputs = [new ValueInfo("h", ScalarType.Float32, [null, 2])],
        };

    private static Graph Between(string step) => Graph(
        TestGraphs.Node("Gemm", ["x", "w", "b"], ["h"]), TestGraphs.Node(step, ["h"], ["s"]), TestGraphs.Node("MatMul", ["s", "v"], ["y"]));

    private static Graph Graph(params Node[] nodes) => TestGraphs.Graph(
        [null, 3], nodes, ("w", Stored(1, 3, 2)), ("b", Stored(2, 2)), ("v", Stored(3, 2, 2)));

    private static Tensor Stored(int seed, params long[] shape) =>
        (OneNode.Random(seed, shape) * 2).To(ScalarType.Float32).DetachFromDisposeScope();

    private static DataSet Points() => Measuring.Gaussian(12, 2, 3);
}
