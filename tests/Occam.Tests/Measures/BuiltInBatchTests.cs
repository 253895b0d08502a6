using System.Collections.Immutable;
using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures;

/// <summary>Files of several inputs that take three examples at a time: they measure as the same network that takes any number.</summary>
public sealed class BuiltInBatchTests
{
    private const int Count = 5;
    private const long Together = 3;

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(true, "last")]
    public void Each_example_is_run_by_itself(bool isOfTokens, string? position)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var data = Examples(isOfTokens, hasLabels: !isOfTokens || position is not null);
        var choice = new FunctionChoice { Position = position is null ? null : PositionChoice.Parse(position) };
        LoadedNetwork Loaded(string name, bool isBuiltIn)
        {
            OnnxWriter.Write(isOfTokens ? Tokens(isBuiltIn) : Numbers(isBuiltIn), folder.File(name));
            return NetworkLoader.Load(folder.File(name), choice);
        }

        var (free, built) = (Loaded("free.onnx", isBuiltIn: false), Loaded("built.onnx", isBuiltIn: true));
        Assert.Null(free.FixedBatch);
        Assert.Equal(1, built.FixedBatch);
        Assert.Contains(built.Notes, note => note.Contains("takes 3 examples at a time, of several inputs", StringComparison.Ordinal));
        var (expected, actual) = (Context(free), Context(built));
        foreach (var id in new[] { "geometric-complexity", "local-lipschitz", "margin", "loss-slope", "parameter-count", "l2-norm" })
        {
            var (one, other) = (MeasureCatalogue.Find(id).Measurement(expected), MeasureCatalogue.Find(id).Measurement(actual));
            if (one.Value is not { } value)
            {
                Assert.True(data.Labels is null && one.NotApplicable is not null && other.NotApplicable == one.NotApplicable, id);
                continue;
            }

            Assert.True(Math.Abs(value - other.Value!.Value) <= 1e-9 * (1 + Math.Abs(value)), id);
            Assert.All(
                one.PerExample.Zip(other.PerExample), pair => Assert.Equal(pair.First, pair.Second, 1e-9 * (1 + Math.Abs(pair.First))));
        }

        MeasureContext Context(LoadedNetwork loaded) => new(Subject.Of(loaded, ScalarType.Float64), data);
    }

    [Fact]
    public void An_output_that_is_no_multiple_of_the_batch_is_refused()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = new Network(new Graph
        {
            Opset = 17,
            Input = new ValueInfo("x", ScalarType.Float64, [4, 4]),
            Outputs = [new ValueInfo("y", ScalarType.Float64, [null])],
            Nodes = [TestGraphs.Node("Unique", ["x"], ["y"])],
            Initializers = [],
        });
        var function = new BatchedFunction(network, 4);
        Assert.Contains(
            "4 examples in give 1 numbers out",
            Assert.Throws<OccamException>(() => function.Forward(Tensor.Zeros([4, 4], ScalarType.Float64, Device.Cpu))).Message);
    }

    // W₂ tanh(x W₁ ∘ s + …): the file goes through one long row on its way, of which no example can be told.
    private static Graph Numbers(bool isBuiltIn)
    {
        using Generator generator = new(3);
        return Graph(
            isBuiltIn,
            new ValueInfo("x", ScalarType.Float32, [isBuiltIn ? Together : null, 4]),
            new ValueInfo("s", ScalarType.Float32, [isBuiltIn ? Together : null, 6]),
            [TestGraphs.Node("MatMul", ["x", "W1"], ["h"]), TestGraphs.Node("Mul", ["h", "s"], ["p"])],
            [6],
            ("W1", Tensor.Randn([4, 6], generator)), ("W2", Tensor.Randn([6, 3], generator)));
    }

    private static Graph Tokens(bool isBuiltIn)
    {
        using Generator generator = new(4);
        return Graph(
            isBuiltIn,
            new ValueInfo("ids", ScalarType.Int64, [isBuiltIn ? Together : null, 4]),
            new ValueInfo("mask", ScalarType.Int64, [isBuiltIn ? Together : null, 4]),
            [
                TestGraphs.Node("Gather", ["table", "ids"], ["e"]), TestGraphs.Node("Cast", ["mask"], ["m"], Attributes.Of(("to", 1L))),
                TestGraphs.Node("Unsqueeze", ["m", "two"], ["u"]), TestGraphs.Node("Mul", ["e", "u"], ["p"]),
            ],
            [4, 6],
            ("table", Tensor.Randn([9, 6], generator)), ("two", Tensor.FromArray([2L], 1)), ("W2", Tensor.Randn([6, 3], generator)));
    }

    private static Graph Graph(
        bool isBuiltIn, ValueInfo input, ValueInfo held, Node[] nodes, long[] shape, params (string Name, Tensor Value)[] stored)
    {
        long[] whole = [Together, .. shape];
        (string, Tensor)[] sizes = [("flat", Tensor.FromArray([-1L], 1)), ("whole", Tensor.FromArray(whole, whole.Length))];
        return new Graph
        {
            Opset = 17,
            Input = input,
            Held = [held],
            Outputs = [new ValueInfo("y", ScalarType.Float32, default)],
            Nodes =
            [
                .. nodes,
                .. isBuiltIn
                    ? [TestGraphs.Node("Reshape", ["p", "flat"], ["f"]), TestGraphs.Node("Reshape", ["f", "whole"], ["r"])]
                    : new[] { TestGraphs.Node("Identity", ["p"], ["r"]) },
                TestGraphs.Node("Tanh", ["r"], ["a"]), TestGraphs.Node("MatMul", ["a", "W2"], ["y"]),
            ],
            Initializers = stored.Concat(isBuiltIn ? sizes : []).ToImmutableDictionary(pair => pair.Item1, pair => pair.Item2),
        };
    }

    private static DataSet Examples(bool isOfTokens, bool hasLabels)
    {
        using Generator generator = new(7);
        var labels = hasLabels ? Enumerable.Range(0, Count).Select(i => i * 5 % 3).ToArray() : null;
        float[] Random(int size) => Tensor.Randn([Count * size], generator).ToArray<float>();
        DataSet Held(string name, float[] numbers) => DataSet.FromArrays(name, [numbers.Length / Count], numbers);
        return isOfTokens
            ? DataSet.FromArrays("ids", [4], [.. Enumerable.Range(0, Count * 4).Select(i => (float)(i * 7 % 9))], labels)
                .With("ids", ImmutableDictionary<string, DataSet>.Empty.Add(
                    "mask", Held("mask", [.. Enumerable.Range(0, Count * 4).Select(i => i % 5 == 3 ? 0f : 1)])))
            : DataSet.FromArrays("x", [4], Random(4), labels)
                .With("x", ImmutableDictionary<string, DataSet>.Empty.Add("s", Held("s", Random(6))));
    }
}
