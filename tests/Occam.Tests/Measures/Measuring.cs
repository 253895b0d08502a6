using System.Collections.Immutable;
using Occam.Data;
using Occam.Measures;
using Occam.Measures.Certificates;
using Occam.Measures.Curvature;
using Occam.Measures.Loss;
using Occam.Measures.Posterior;
using Occam.Measures.Regions;
using Occam.Measures.Sharpness;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Loading;
using Occam.Tests.Networks;
using Occam.Torch;

namespace Occam.Tests.Measures;

/// <summary>Networks in float64 and data to measure them on.</summary>
internal static class Measuring
{
    public static MeasureContext Context(
        Network network, DataSet data, MeasureOptions? options = null, FinalActivation final = FinalActivation.None) =>
        new(new Subject(network, final), data, options);

    /// <summary>A measure with random draws and steps enough for what isn't about them.</summary>
    public static Measure Find(string id) => MeasureCatalogue.Find(id) switch
    {
        ExpectedSharpness measure => measure with { Grid = [1e-3, 1e-2], Draws = 8 },
        PacBayesCurve measure => measure with { Grid = [1e-3, 1e-2], Draws = 8 },
        PacBayesBound measure => measure with { Grid = [1e-3, 1e-2], Draws = 8 },
        MaxSharpness measure => measure with { Steps = 20 },
        HessianTrace measure => measure with { Products = 6 },
        HessianTopEigenvalue measure => measure with { Products = 5 },
        CurvatureEigenvalues measure => measure with { K = 2, Products = 5 },
        InputLossCurvature measure => measure with { Directions = 2 },
        CurvatureDiagonal measure => measure with { Draws = 3 },
        CurvatureTrace measure => measure with { Products = 6 },
        SpectralDensity measure => measure with { Draws = 2, Steps = 3 },
        AdaptiveSharpness measure => measure with { Steps = 3 },
        AverageAdaptiveSharpness measure => measure with { Draws = 4 },
        LocalComplexity measure => measure with { Directions = 3 },
        LipschitzExact measure => measure with { Subproblems = 20, Seconds = double.PositiveInfinity },
        LearningCoefficient measure => measure with { Chains = 2, Draws = 60, Leaps = 4 },
        var measure => measure,
    };

    public static MeasureResult Measure(string id, Network network, DataSet data, MeasureOptions? options = null) =>
        Measure(id, Context(network, data, options));

    public static MeasureResult Measure(string id, MeasureContext context) => Measure(Find(id), context);

    public static MeasureResult Measure(Measure measure, Network network, DataSet data, MeasureOptions? options = null) =>
        Measure(measure, Context(network, data, options));

    public static MeasureResult Measure(Measure measure, MeasureContext context)
    {
        var result = measure.Measurement(context);
        return result.NotApplicable is null ? result : throw new InvalidOperationException($"{measure}: {result.NotApplicable}");
    }

    public static double Value(string id, Network network, DataSet data, MeasureOptions? options = null) =>
        Measure(id, network, data, options).Value!.Value;

    /// <summary>Standard normal examples with labels drawn evenly.</summary>
    public static DataSet Gaussian(int count, int classes, params int[] shape)
    {
        SeededRandom random = new(7);
        var x = new double[count * shape.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = random.NextGaussian();
        }

        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = random.NextInt(classes);
        }

        return DataSet.FromArrays("test", shape, x, labels);
    }

    public static DataSet Points(int[] shape, params double[] x) => DataSet.FromArrays("points", shape, x);

    public static Network Perceptron(string activation, params long[] sizes)
    {
        using Generator generator = new(11);
        return Shaken(Mlp.Build(sizes, activation, InitializationScheme.He, generator, type: ScalarType.Float64));
    }

    /// <summary>Convolutions with batch normalization, both poolings, a strided one, on 2×8×8.</summary>
    public static Network Cnn(string activation = "relu")
    {
        using Generator generator = new(12);
        return Shaken(new NetworkBuilder("cnn", [2, 8, 8], InitializationScheme.PyTorch, generator, ScalarType.Float64)
            .Convolution("conv1", 4, 3, padding: 1).BatchNorm("bn1").Activation("act1", activation).MaxPool("max", 2, 2)
            .Convolution("conv2", 5, 3, stride: 2, padding: 1).BatchNorm("bn2").Activation("act2", activation).AveragePool("mean", 2, 1)
            .Flatten("flat").Dense("fc", 3).Build());
    }

    /// <summary>Two residual blocks with batch normalization, on 2×6×6.</summary>
    public static Network Residual()
    {
        using Generator generator = new(13);
        var builder = new NetworkBuilder("residual", [2, 6, 6], InitializationScheme.PyTorch, generator, ScalarType.Float64)
            .Convolution("stem", 4, 3, padding: 1).BatchNorm("bn0").Activation("relu0", "relu");
        for (var block = 1; block <= 2; block++)
        {
            var start = builder.Here;
            builder.Convolution($"a{block}", 4, 3, padding: 1, bias: false).BatchNorm($"bna{block}").Activation($"relua{block}", "relu")
                .Convolution($"b{block}", 4, 3, padding: 1, bias: false).BatchNorm($"bnb{block}")
                .Add($"add{block}", start).Activation($"relub{block}", "relu");
        }

        return Shaken(builder.GlobalAveragePool("pool").Flatten("flat").Dense("fc", 3).Build());
    }

    /// <summary>The same network with biases and batch normalization away from where they start.</summary>
    public static Network Shaken(Network network)
    {
        using Generator generator = new(14);
        return network.WithInitializers(network.Graph.Initializers
            .Where(pair => pair.Value.IsFloatingPoint && pair.Value.Dimensions == 1)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Key.EndsWith("running_var", StringComparison.Ordinal)
                || (pair.Key.Contains("bn") && pair.Key.EndsWith("weight", StringComparison.Ordinal))
                ? Tensor.Rand(pair.Value.Shape, generator, ScalarType.Float64) + 0.5
                : Tensor.Randn(pair.Value.Shape, generator, ScalarType.Float64) * 0.3)));
    }

    /// <summary>A graph of float64 tensors.</summary>
    public static Network Graph(long[] exampleShape, Node[] nodes, params (string Name, Tensor Value)[] initializers) =>
        new(TestGraphs.Graph([null, .. exampleShape.Select(size => (long?)size)], nodes, initializers));

    /// <summary>x ↦ W x + b.</summary>
    public static Network Affine(double[,] W, params double[] b)
    {
        var weight = Tensor.FromArray(W.Cast<double>().ToArray(), W.GetLength(0), W.GetLength(1));
        return Graph(
            [W.GetLength(1)], [TestGraphs.Node("Gemm", ["x", "W", "b"], ["y"], Attributes.Of(("transB", 1L)))], ("W", weight),
            ("b", Tensor.FromArray(b, b.Length)));
    }

    /// <summary>The Jacobian at one example by central differences of the function: k × d.</summary>
    public static double[,] NumericJacobian(
        Network network, double[] x, long[] shape, Func<double[], double[]>? after = null, double step = 1e-5)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        double[] At(int i, double move)
        {
            var moved = (double[])x.Clone();
            moved[i] += move;
            var y = network.Forward(Tensor.FromArray(moved, [1, .. shape])).ToArray<double>();
            return after is null ? y : after(y);
        }

        var columns = Enumerable.Range(0, x.Length)
            .Select(i => At(i, step).Zip(At(i, -step), (up, down) => (up - down) / (2 * step)).ToArray())
            .ToArray();
        var jacobian = new double[columns[0].Length, x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            for (var j = 0; j < columns[i].Length; j++)
            {
                jacobian[j, i] = columns[i][j];
            }
        }

        return jacobian;
    }

    public static double SquaredNorm(double[,] matrix) => matrix.Cast<double>().Sum(value => value * value);

    public static double LargestSingularValue(double[,] matrix) =>
        Tensor.FromArray(matrix.Cast<double>().ToArray(), matrix.GetLength(0), matrix.GetLength(1)).SingularValues().AMax([0]).Item();

    public static double[] Example(DataSet data, int index)
    {
        var x = new double[data.ExampleSize];
        data.CopyInputs([index], x);
        return x;
    }

    public static ImmutableArray<double[]> Examples(DataSet data) => [.. Enumerable.Range(0, data.Count).Select(i => Example(data, i))];

    /// <summary>Equal up to a relative tolerance.</summary>
    public static void AssertClose(double expected, double? actual, double tolerance) =>
        Xunit.Assert.True(
            actual is { } value && Math.Abs(value - expected) <= tolerance * Math.Abs(expected) + 1e-300,
            $"{actual:R} where {expected:R} was expected: off by {Math.Abs((actual ?? double.NaN) / expected - 1):E1}");
}
