using Occam.Data;
using Occam.Measures;
using Occam.Measures.Curvature;
using Occam.Measures.Sharpness;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

public sealed class RobustnessTests
{
    private static readonly string[] s_boundsByBatch = ["lipschitz-upper", "local-lipschitz-upper"];

    public static TheoryData<string> All =>
        [.. MeasureCatalogue.All.Keys.Where(id => MeasureCatalogue.Find(id).Needs.HasFlag(MeasureNeeds.Data))];

    [Theory]
    [MemberData(nameof(All))]
    public void Batches_of_any_size_give_the_same(string id)
    {
        foreach (var (network, data) in new[]
        {
            (Perceptron("relu", 5, 9, 4), Gaussian(11, 4, 5)), (Cnn(), Gaussian(11, 3, 2, 8, 8)),
            (Perceptron("tanh", 2, 9, 1), Gaussian(11, 2, 2)), (Perceptron("relu", 1, 9, 1), Gaussian(11, 2, 1)),
        })
        {
            var all = Find(id).Measurement(Context(network, data));
            foreach (var batch in new[] { 1, 4, 11 })
            {
                var parts = Find(id).Measurement(Context(network, data, new MeasureOptions { Batch = batch }));
                Assert.Equal(all.NotApplicable, parts.NotApplicable);
                if (all.Value is { } value)
                {
                    AssertClose(value, parts.Value, 1e-12);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void One_example_is_enough_or_the_reason_is_told(string id)
    {
        foreach (var (network, data) in new[] { (Perceptron("relu", 5, 9, 4), Gaussian(1, 4, 5)), (
            Perceptron("relu", 1, 9, 1), Gaussian(1, 2, 1)), (Perceptron("tanh", 2, 9, 1), Gaussian(1, 2, 2)) })
        {
            AssertSane(Find(id).Measurement(Context(network, data)));
            AssertSane(Find(id).Measurement(Context(network, data, new MeasureOptions { Directions = 1, Layers = true })));
        }
    }

    [Fact]
    public void One_hot_targets_are_told_from_none()
    {
        var network = Perceptron("relu", 2, 5, 3);
        var oneHot = DataSet.FromArrays("points", [2], [1f, 2, 3, 4], targets: [0, 1, 0, 1, 0, 0]);
        var real = DataSet.FromArrays("points", [2], [1f, 2, 3, 4], targets: [0, 1, 1, 1, 0, 0]);

        Assert.Contains("argmax", Find("margin").Measurement(Context(network, oneHot)).NotApplicable);
        Assert.DoesNotContain("argmax", Find("margin").Measurement(Context(network, real)).NotApplicable);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Constant_functions_are_measured(string id)
    {
        // Outputs that don't depend on the input's numbers but on their number only; and a layer of zeros.
        var shaped = Graph([3], [
            TestGraphs.Node("Shape", ["x"], ["s"]), TestGraphs.Node("Gather", ["s", "first"], ["n"]),
            TestGraphs.Node("Concat", ["n", "outputs"], ["size"], Attributes.Of(("axis", 0L))),
            TestGraphs.Node("ConstantOfShape", ["size"], ["y"]),
        ],
            ("type", Tensor.Zeros([1], ScalarType.Float64)), ("first", Tensor.FromArray([0L], 1)), ("outputs", Tensor.FromArray([2L], 1)));
        var zeros = Perceptron("relu", 3, 4, 2);
        zeros = zeros.WithInitializers([KeyValuePair.Create("layer1.weight", Tensor.Zeros([4, 3], ScalarType.Float64))]);
        foreach (var network in new[] { shaped, zeros })
        {
            var result = Find(id).Measurement(Context(network, Gaussian(5, 2, 3)));
            AssertSane(result);
            if (id is "geometric-complexity" or "dirichlet-energy" or "geometric-complexity-by-regions" or "local-lipschitz"
                or "lipschitz-lower")
            {
                // Zero where it was found out; where no way leads from the input to the output, there is nothing to measure.
                Assert.Equal(network == zeros ? 0 : null, result.Value);
            }
        }

        AssertSane(Find(id).Measurement(Context(shaped, Gaussian(5, 2, 3), new MeasureOptions { Directions = 2, Layers = true })));
    }

    [Fact]
    public void A_network_without_parameters_has_a_complexity_and_no_loss_slope()
    {
        var network = Graph([3], [TestGraphs.Node("Relu", ["x"], ["y"])]);
        Assert.Equal(ScalarType.Float32, network.Type);
        var data = Points([3], 1, 2, -1);
        Assert.Equal(2, Value("geometric-complexity", network, data));
        var labelled = DataSet.FromArrays("one", [3], [1.0, 2, -1], [0]);
        Assert.Contains("no parameters", MeasureCatalogue.Find("loss-slope").Measurement(Context(network, labelled)).NotApplicable);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Weights_that_are_not_finite_are_refused_in_one_line(float bad)
    {
        var graph = TestGraphs.Mlp();
        var network = new Network(graph with { Initializers = graph.Initializers.SetItem("b1", Tensor.FromArray([1, bad, 0, 0], 4)) });
        var message = Assert.Throws<OccamException>(() => Context(network, Gaussian(2, 2, 3))).Message;
        Assert.Contains("b1", message);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("margin", 3, 3)]
    [InlineData("loss-slope", 3, 3)]
    [InlineData("loss-slope", 1, 2)]
    public void Labels_out_of_range_are_refused_in_one_line(string id, int outputs, int label)
    {
        var data = DataSet.FromArrays("two", [2], [1.0, 2, 3, 4], [0, label]);
        var message = Assert.Throws<OccamException>(() => Value(id, Perceptron("relu", 2, 4, outputs), data)).Message;
        Assert.Contains($"{label}", message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void What_the_measures_need_and_is_not_there_is_told()
    {
        var unlabelled = Points([5], 1, 2, 3, 4, 5);
        string Reason(string id, Network network, DataSet data) => Find(id).Measurement(Context(network, data)).NotApplicable!;
        Assert.Contains("labels", Reason("margin", Perceptron("relu", 5, 4, 2), unlabelled));
        Assert.Contains("labels", Reason("loss-slope", Perceptron("relu", 5, 4, 2), unlabelled));
        Assert.Contains("one input", Reason("arc-length", Perceptron("relu", 5, 4, 1), unlabelled));
        Assert.Contains("three input", Reason("integrated-dirichlet-energy", Perceptron("relu", 5, 4, 1), unlabelled));
        Assert.Contains("one output", Reason("graph-volume", Perceptron("relu", 2, 4, 2), Gaussian(5, 2, 2)));
        Assert.Equal("needs data", MeasureCatalogue.Find("geometric-complexity").Measurement(
            new MeasureContext(new Subject(Perceptron("relu", 5, 4, 1)), null)).NotApplicable);
    }

    [Fact]
    public void Batches_and_probes_below_one_are_refused()
    {
        foreach (var options in new MeasureOptions[] { new() { Batch = 0 }, new() { Batch = -3 }, new() { Directions = 0 } })
        {
            Assert.Contains(
                "at least 1",
                Assert.Throws<OccamException>(() => Context(Perceptron("relu", 5, 4, 2), Gaussian(3, 2, 5), options)).Message);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_cancelled_token_stops_every_measure(string id)
    {
        using CancellationTokenSource source = new();
        foreach (var (network, data) in new[] { (Perceptron("relu", 5, 9, 4), Gaussian(11, 4, 5)), (
            Perceptron("relu", 1, 9, 1), Gaussian(11, 2, 1)), (Perceptron("tanh", 1, 9, 1), Gaussian(11, 2, 1)) })
        {
            var context = Context(network, data, new MeasureOptions { Cancellation = new CancellationToken(true) });
            if (context.Missing(MeasureCatalogue.Find(id).Needs) is null)
            {
                Assert.ThrowsAny<OperationCanceledException>(() => Find(id).Measurement(context));
            }
        }
    }

    [Fact]
    public void A_measure_keeps_no_tensors_beyond_its_batch()
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = Context(Perceptron("tanh", 5, 9, 4), Gaussian(400, 4, 5), new MeasureOptions { Batch = 8 });
        var before = scope.Count;
        foreach (var id in new[] { "geometric-complexity", "local-lipschitz", "margin", "loss-slope", "lipschitz-lower" })
        {
            var most = 0;
            var counted = Context(
                Perceptron("tanh", 5, 9, 4), Gaussian(400, 4, 5),
                new MeasureOptions { Batch = 8, Progress = _ => most = Math.Max(most, Open()) });
            Measure(id, counted);

            // 50 batches of one tensor each would be 50.
            Assert.True(most < before + 30, $"{id} keeps {most} tensors");
            int Open() => scope.Count;
        }
    }

    [Fact]
    public void A_graph_of_a_fixed_batch_size_is_measured_as_one_of_any()
    {
        // The rows added are the same for each example, but there are three of them.
        using Generator generator = new(2);
        var free = TestGraphs.Mlp();
        var fixedBatch = free with
        {
            Input = free.Input with { Shape = [3, 3] },
            Nodes = [free.Nodes[0], TestGraphs.Node("Add", ["h", "rows"], ["i"]), TestGraphs.Node("Relu", ["i"], ["a"]), free.Nodes[2]],
            Initializers = free.Initializers.Add("rows", Tensor.Zeros([3, 4])),
        };
        using TemporaryFolder folder = new();
        OnnxWriter.Write(fixedBatch, folder.File("a.onnx"));
        var loaded = NetworkLoader.Load(folder.File("a.onnx"));
        Assert.Equal(3, loaded.FixedBatch);
        var data = Gaussian(7, 2, 3);
        var context = new MeasureContext(Subject.Of(loaded), data, new MeasureOptions { Layers = true });
        foreach (var id in All.Select(row => row.Data))
        {
            var expected = Find(id).Measurement(Context(new Network(free), data));
            var actual = Find(id).Measurement(context);
            AssertSane(actual);
            if (MeasureCatalogue.Find(id) is SharpnessMeasure or CurvatureMeasure)
            {
                // The rows are perturbed like any other parameter.
                continue;
            }

            if ((id is "certified-radius" or "lipschitz-exact") && actual.NotApplicable is { } why)
            {
                // These take passes of as many points as they need.
                Assert.Contains("takes no other number of examples", why);
                continue;
            }

            Assert.Equal(expected.NotApplicable, actual.NotApplicable);
            if (expected.Value is { } value && s_boundsByBatch.Contains(id))
            {
                // Rows of one example aren't told from those of another, so a bound of all of them stands.
                Assert.True(actual.Value >= value * (1 - 1e-6), id);
            }
            else if (expected.Value is { } same && id is not "loss-slope" and not "implicit-gradient-regularization")
            {
                AssertClose(same, actual.Value, 1e-5);
            }
        }

        Assert.Contains("h", Measure("geometric-complexity", context).Layers.Select(layer => layer.Name.Split(':')[1]));
    }

    private static void AssertSane(MeasureResult result)
    {
        Assert.True(result.Value is null != result.NotApplicable is null, $"{result.Id}: {result.Value} and '{result.NotApplicable}'");
        Assert.True(result.Value is null || double.IsFinite(result.Value.Value), $"{result.Id} is {result.Value}");
        Assert.True(!double.IsInfinity(result.StandardError), $"{result.Id}: standard error {result.StandardError}");
        Assert.All(result.Details, pair => Assert.True(
            double.IsFinite(pair.Value) || (double.IsNaN(pair.Value) && pair.Key.EndsWith(".standardError", StringComparison.Ordinal)),
            $"{result.Id}: {pair.Key} is {pair.Value}"));
    }
}
