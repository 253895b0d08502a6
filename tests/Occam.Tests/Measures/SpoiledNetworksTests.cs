using System.Collections.Immutable;
using System.Globalization;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures;

/// <summary>Measures of networks out of spoiled files: a number, or why there is none, never a mistake of the program's own.</summary>
public sealed class SpoiledNetworksTests
{
    private const long ElementLimit = 1 << 20;

    // What takes a second and more on some of the networks.
    private static readonly string[] s_slow = ["volume", "density", "regions", "polytope", "pac-bayes", "sharpness", "hessian", "length"];

    private static readonly ImmutableArray<Measure> s_cheap =
    [
        .. MeasureCatalogue.All.Keys.Where(id => !s_slow.Any(word => id.Contains(word, StringComparison.Ordinal))).Select(Measuring.Find),
    ];

    [Theory]
    [InlineData("mlp")]
    [InlineData("cnn")]
    [InlineData("shapes")]
    public void Every_measure_has_a_number_or_says_why_not(string kind)
    {
        using TemporaryFolder folder = new();
        var model = OnnxFuzzTests.Model(kind);
        var limit = Limits.MostElements;
        Limits.MostElements = ElementLimit;
        var (first, last) = Seeds();
        var measured = 0;
        try
        {
            for (var seed = first; seed < last; seed++)
            {
                var mutant = OnnxFuzzTests.SpoilFields(model, new SeededRandom(seed));
                measured += Measured(mutant, folder, $"mutant {seed} of {kind}") ? 1 : 0;
            }
        }
        finally
        {
            Limits.MostElements = limit;
        }

        // Else it would test the reader only.
        Assert.InRange(measured, (last - first) / 20, last - first);
    }

    [Theory]
    [InlineData("ConstantOfShape")]
    [InlineData("Gather")]
    [InlineData("one output")]
    [InlineData("no outputs")]
    [InlineData("overflow")]
    [InlineData("single number")]
    [InlineData("as many rows as dimensions")]
    [InlineData("rows that are doubled")]
    [InlineData("mean over the rows")]
    [InlineData("largest floats")]
    public void Networks_at_the_edge_are_measured_or_told_why_not(string kind)
    {
        using TemporaryFolder folder = new();
        Node[] nodes = kind switch
        {
            "ConstantOfShape" => [Node("Shape", ["x"], ["s"]), Node("ConstantOfShape", ["s"], ["y"])],
            "Gather" => [Node("Gather", ["W", "i"], ["g"]), Node("Mul", ["x", "zero"], ["n"]), Node("Add", ["g", "n"], ["y"])],
            "one output" => [Node("MatMul", ["x", "column"], ["y"])],
            "single number" => [Node("ReduceSum", ["x"], ["s"]), Node("Squeeze", ["s"], ["y"])],
            "no outputs" => [Node("MatMul", ["x", "nothing"], ["y"])],
            "as many rows as dimensions" => [Node("Shape", ["x"], ["s"]), Node("Gather", ["many", "s"], ["y"])],
            "rows that are doubled" => [Node("MatMul", ["x", "square"], ["a"]), Node("Concat", ["a", "a"], ["y"], ("axis", 0L))],
            "mean over the rows" =>
                [Node("MatMul", ["x", "square"], ["a"]), Node("ReduceMean", ["a"], ["y"], ("axes", new[] { 0L }), ("keepdims", 1L))],
            "largest floats" => [Node("MatMul", ["x", "largest"], ["y"])],
            _ => [Node("MatMul", ["x", "huge"], ["a"]), Node("Mul", ["a", "a"], ["b"]), Node("Mul", ["b", "b"], ["y"])],
        };
        var graph = TestGraphs.Graph(
            [null, 3],
            nodes,
            ("W", Tensor.Ones([2, 3])), ("i", Tensor.FromArray(new[] { 0L, 1L }, 2)), ("zero", Tensor.Zeros([3])),
            ("column", Tensor.Ones([3, 1])), ("nothing", Tensor.Ones([3, 0])), ("huge", Tensor.Ones([3, 3]) * 1e20),
            ("many", Tensor.Ones([50, 3])), ("square", Tensor.FromArray(new[] { 1f, 2, 3, 4, 5, 6, 7, 8, 10 }, 3, 3)),
            ("largest", Tensor.Ones([3, 3]) * 3e38));

        Measured(OnnxFiles.Bytes(graph), folder, kind);
    }

    private static (int First, int Last) Seeds() =>
        Environment.GetEnvironmentVariable("OCCAM_FUZZ_SEEDS")?.Split('-') is [var first, var last]
            ? (int.Parse(first, CultureInfo.InvariantCulture), int.Parse(last, CultureInfo.InvariantCulture))
            : (0, 120);

    private static Node Node(string type, string[] inputs, string[] outputs, params (string, object)[] attributes) =>
        TestGraphs.Node(type, inputs, outputs, Attributes.Of(attributes));

    // Whether the file could be measured at all.
    private static bool Measured(byte[] file, TemporaryFolder folder, string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        File.WriteAllBytes(folder.File("model.onnx"), file);
        MeasureContext context;
        try
        {
            var loaded = NetworkLoader.Load(folder.File("model.onnx"));
            int[] shape = loaded.Function.ExampleShape is { IsDefault: false } known && known.All(size => size is > 0 and < 100)
                ? [.. known.Select(size => (int)size!.Value)]
                : [3];
            context = new MeasureContext(Subject.Of(loaded), Measuring.Gaussian(2, 2, shape));
        }
        catch (OccamException)
        {
            return false;
        }
        catch (Exception e)
        {
            Assert.Fail($"{name}: {e}");
            return false;
        }

        foreach (var measure in s_cheap)
        {
            try
            {
                var result = measure.Measurement(context);
                Assert.True(
                    result.Value is not { } value ? result.NotApplicable is not null
                        : double.IsFinite(value) || result.Details.Any(detail => detail.Key == "ln"),
                    $"{name}, {measure} is {result.Value}, and nothing is said of it");
            }
            catch (OccamException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
            catch (Exception e)
            {
                Report($"{name}, {measure}: {e}");
            }
        }

        return true;
    }

    private static void Report(string what)
    {
        if (Environment.GetEnvironmentVariable("OCCAM_FUZZ_LOG") is { } log)
        {
            File.AppendAllText(log, what + "\n\n");
            return;
        }

        Assert.Fail(what);
    }
}
