using Occam.Data;
using Occam.Measures;
using Occam.Measures.Loss;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks;
using Occam.Tests.Training;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

public sealed class ImplicitGradientTests
{
    public static TheoryData<string, Func<Network>, int[], int> Networks => new()
    {
        { "dense", () => Perceptron("tanh", 4, 6, 5, 3), [4], 3 },
        { "one output", () => Perceptron("relu", 4, 6, 1), [4], 2 },
        { "convolutional", () => Cnn(), [2, 8, 8], 3 },
        { "residual", Residual, [2, 6, 6], 3 },
        { "without rules", Tied, [3], 3 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Terms_are_those_of_gradients_written_out_one_by_one(string what, Func<Network> build, int[] shape, int classes)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (build(), Gaussian(5, classes, shape));
        var context = Context(network, data);
        var actual = Measure("implicit-gradient-regularization", context);
        var (norms, labels, batch) = WrittenOut(network, context.Examples(0, 5), (n, logits) => Residuals(logits, data.Labels![n]));
        AssertClose(norms, actual.Detail("gradientNorms"), 1e-9);
        Assert.Equal(labels, actual.Detail("labelAlignment"), 1e-9 * norms);
        Assert.Equal(batch, actual.Detail("batchAlignment"), 1e-9 * norms);
        AssertClose(norms + labels + batch, actual.Value, 1e-9);
        AssertClose(Value("loss-slope", network, data), actual.Value, 1e-12);
        Assert.NotEmpty(what);
    }

    /// <summary>Answers by position, of which some don't count: L_x is the mean of those that do, and i goes over all outputs.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(-1L)]
    public void Of_answers_by_position_the_outputs_are_those_of_all_positions(long? position)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        using Generator generator = new(6);
        var (count, positions, classes) = (4, 3, 5);
        long[] labels = [0, 4, DataSet.Ignored, 2, 1, 3, DataSet.Ignored, DataSet.Ignored, 0, 3, 3, 1];
        labels[2] = position is null ? DataSet.Ignored : 2;
        var x = Tensor.Randn([count, positions, 2], generator, ScalarType.Float64);
        NpzFile.Write(folder.File("data.npz"), [
            KeyValuePair.Create("x", new NumberArray(x.ToArray<double>(), [count, positions, 2])),
            KeyValuePair.Create("y", new NumberArray(labels, [count, positions])),
        ]);
        var data = DataSource.Open(folder.File("data.npz"), new DataOptions());
        var graph = TestGraphs.Graph(
            [null, positions, 2],
            [
                TestGraphs.Node("MatMul", ["x", "V"], ["h"]), TestGraphs.Node("Tanh", ["h"], ["t"]),
                TestGraphs.Node("MatMul", ["t", "W"], ["y"]),
            ],
            ("V", Tensor.Randn([2, 4], generator)), ("W", Tensor.Randn([4, classes], generator)));
        OnnxWriter.Write(graph, folder.File("tokens.onnx"));
        var loaded = NetworkLoader.Load(
            folder.File("tokens.onnx"), new FunctionChoice { Position = position is null ? null : new PositionChoice(position) });
        var context = new MeasureContext(Subject.Of(loaded, ScalarType.Float64), data);
        var actual = Measure("implicit-gradient-regularization", context);

        var counted = Enumerable.Range(0, count).Select(n => Enumerable.Range(0, positions).Count(
            t => labels[(n * positions) + t] != DataSet.Ignored)).ToArray();
        double[] Residual(int n, double[] logits) => position is null
            ? [.. logits.Chunk(classes).SelectMany((part, t) => labels[(n * positions) + t] is var label && label == DataSet.Ignored
                ? new double[classes]
                : Residuals(part, (int)label).Select(residual => residual / counted[n]).ToArray())]
            : Residuals(logits, (int)labels[(n * positions) + positions - 1]);
        var (norms, label, batch) = WrittenOut(loaded.Network!.To(ScalarType.Float64, Device.Cpu), x, Residual);
        AssertClose(norms, actual.Detail("gradientNorms"), 1e-9);
        Assert.Equal(label, actual.Detail("labelAlignment"), 1e-9 * norms);
        Assert.Equal(batch, actual.Detail("batchAlignment"), 1e-9 * norms);
        AssertClose(Measure("loss-slope", context).Value!.Value, actual.Value, 1e-12);
    }

    [Fact]
    public void Of_least_squares_the_residual_is_the_slope()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Affine(new double[,] { { 1, 2 }, { 0, -1 } }, 0.5, 0);
        var data = DataSet.FromArrays("one", [2], new[] { 3.0, 1 }, targets: [5, 1]);

        // f = (5.5, −1), ε = (0.5, −2); ‖∇f^i‖² = ‖x‖² + 1 = 11, and the outputs share no parameter.
        var terms = Measure("implicit-gradient-regularization", network, data);
        AssertClose(4.25 * 11, terms.Value, 1e-12);
        AssertClose(4.25 * 11, terms.Detail("gradientNorms"), 1e-12);
        Assert.Equal(0, terms.Detail("labelAlignment"), 1e-12);
        Assert.Equal(0, terms.Detail("batchAlignment"), 1e-12);
        AssertClose(4.25 / 2, terms.Detail("loss"), 1e-12);
    }

    [Fact]
    public void Frozen_parameters_have_no_part_in_the_terms()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Perceptron("tanh", 4, 6, 5, 3), Gaussian(5, 3, 4));
        string[] held = [.. network.Parameters.Select(parameter => parameter.Name).Take(2)];
        var all = Measure("loss-slope", Context(network, data)).Layers;
        var subject = new Subject(network) { Frozen = held };
        var terms = new ImplicitGradientRegularization().Measurement(new MeasureContext(subject, data));
        AssertClose(all.Where(layer => !held.Contains(layer.Name)).Sum(layer => layer.Value), terms.Value, 1e-12);
        AssertClose(
            terms.Value!.Value, terms.Detail("gradientNorms") + terms.Detail("labelAlignment") + terms.Detail("batchAlignment"), 1e-9);
        var none = new Subject(network) { Frozen = [.. network.Parameters.Select(parameter => parameter.Name)] };
        Assert.NotNull(new ImplicitGradientRegularization().Measurement(new MeasureContext(none, data)).NotApplicable);
    }

    [Fact]
    public void Batch_normalization_is_noted()
    {
        var data = TrainingData.Quarters(12);
        using var generator = new Generator(3);
        var network = new NetworkBuilder("cnn", [1, 6, 6], InitializationScheme.He, generator)
            .Convolution("conv", 3, 3)
            .BatchNorm("norm")
            .Flatten("flat")
            .Dense("out", 4)
            .Build();
        Assert.Contains("not defined", Assert.Single(Measure("implicit-gradient-regularization", network, data).Notes));
    }

    // Every ε_x^i ∇f^i(x) as a vector, and eq. 6–8 as they are printed.
    private static (double Norms, double Labels, double Batch) WrittenOut(
        Network network, Tensor x, Func<int, double[], double[]> residuals)
    {
        using var grad = Libtorch.EnableGrad();
        string[] names = [.. network.Parameters.Select(parameter => parameter.Name)];
        var parameters = network.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value.Detach().RequireGrad());
        var B = (int)x.Size(0);
        var vectors = new List<Tensor[]>();
        for (var n = 0; n < B; n++)
        {
            var z = network.Run(new Dictionary<string, Tensor>(parameters) { [network.Graph.Input.Name] = x.Narrow(0, n, 1) }, [
                network.Output,
            ])[network.Output].Reshape(-1);
            var k = (int)z.Elements;
            var epsilon = residuals(n, z.Detach().ToArray<double>());
            vectors.Add([.. Enumerable.Range(0, k).Select(i =>
            {
                var gradients = Autograd.Grad([z.Select(0, i)], [.. names.Select(name => parameters[name])], retainGraph: true);
                return Tensor.Cat([
                    .. gradients.Zip(names, (gradient, name) => (gradient ?? Tensor.ZerosLike(parameters[name])).Reshape(-1)),
                ], 0).Detach() * epsilon[i];
            })]);
        }

        double Dot(Tensor a, Tensor b) => (a * b).Sum().Item();
        Tensor Total(Tensor[] parts) => parts.Aggregate((sum, part) => sum + part);
        var norms = vectors.Sum(parts => parts.Sum(part => Dot(part, part)));
        var label = vectors.Sum(parts => Pairs(parts.Length).Sum(pair => Dot(parts[pair.Item1], parts[pair.Item2])));
        var batch = Pairs(B).Sum(pair => Dot(Total(vectors[pair.Item1]), Total(vectors[pair.Item2])));
        return (norms / (B * B), label / (B * B), batch / (B * B));
    }

    // Of the cross-entropy: the probabilities, less 1 at the label.
    private static double[] Residuals(double[] logits, int label)
    {
        double[] p = logits.Length == 1
            ? [1 / (1 + Math.Exp(-logits[0]))]
            : [.. logits.Select(value => Math.Exp(value) / logits.Sum(Math.Exp))];
        return logits.Length == 1 ? [p[0] - label] : [.. p.Select((value, i) => value - (i == label ? 1 : 0))];
    }

    private static IEnumerable<(int, int)> Pairs(int count) =>
        from i in Enumerable.Range(0, count) from j in Enumerable.Range(0, count) where i != j select (i, j);

    private static Network Tied()
    {
        using var generator = new Generator(2);
        return Graph(
            [3],
            [
                TestGraphs.Node("MatMul", ["x", "W"], ["m"]), TestGraphs.Node("Tanh", ["m"], ["t"]),
                TestGraphs.Node("MatMul", ["t", "W"], ["y"]),
            ],
            ("W", Tensor.Randn([3, 3], generator, ScalarType.Float64)));
    }
}
