using MathNet.Numerics.LinearAlgebra;
using Occam.Data;
using Occam.Measures;
using Occam.Measures.Weights;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures.Weights;

public sealed class WeightNormTests
{
    [Fact]
    public void Norms_of_a_perceptron_are_those_of_its_matrices()
    {
        var network = Measuring.Perceptron("relu", 5, 7, 6, 3);
        var data = Labelled(network, 5);
        var matrices = Matrices(network);
        double Product(Func<Matrix<double>, double> norm) => matrices.Aggregate(1.0, (product, W) => product * Math.Pow(norm(W), 2));
        var γ = Measuring.Value("margin", network, data);
        Assert.True(γ > 0);
        void Check(string id, double expected, double terms) => CheckMeasure(MeasureCatalogue.Find(id), expected, terms);
        void CheckMeasure(Measure measure, double expected, double terms)
        {
            var result = Measuring.Measure(measure, network, data);
            Measuring.AssertClose(expected, result.Value, 1e-12);
            Measuring.AssertClose(Math.Log(expected), result.Detail("ln"), 1e-12);
            Measuring.AssertClose(expected / (γ * γ), result.Detail("overMargin"), 1e-11);
            Measuring.AssertClose(expected * terms / (γ * γ), result.Detail("capacity"), 1e-11);
        }

        Check("l2-norm", Product(W => W.FrobeniusNorm()), 64);
        Check("spectral-norm", Product(W => W.L2Norm()), 7 * 6 * 3);
        Check("operator-norm", Product(W => W.L2Norm()), 7 * 6 * 3);
        Check("l1-infinity-norm", Product(W => W.RowNorms(1).Max()), 64);
        Check("group-norm", Product(W => W.RowNorms(2).Max()), 64 * 7 * 6 * 3);
        CheckMeasure(new GroupNorm(2, double.PositiveInfinity), Product(W => W.RowNorms(2).Max()), 64 * 7 * 6 * 3);
        CheckMeasure(new GroupNorm(2, 2), Product(W => W.FrobeniusNorm()), 64);
        CheckMeasure(new GroupNorm(3, 1.5), Product(W => Math.Pow(W.RowNorms(3).Sum(norm => Math.Pow(norm, 1.5)), 1 / 1.5)), 64);
        CheckMeasure(new GroupNorm(1, double.PositiveInfinity), Product(W => W.RowAbsoluteSums().Maximum()), 64);
    }

    [Fact]
    public void The_families_of_Jiang_et_al_are_their_formulas()
    {
        var (network, initial) = (Measuring.Perceptron("relu", 5, 7, 6, 3), Started(5, 7, 6, 3));
        var context = new MeasureContext(new Subject(network).WithInitial(initial), Labelled(network, 5));
        var (W, W0) = (Matrices(network), Matrices(initial));
        Matrix<double>[] D = [.. W.Zip(W0, (after, before) => after - before)];
        double Squared(Matrix<double> matrix) => Math.Pow(matrix.FrobeniusNorm(), 2);
        double Spectral(Matrix<double> matrix) => Math.Pow(matrix.L2Norm(), 2);
        var γ = Measuring.Measure("margin", context).Value!.Value;
        var (spec, fro) = (W.Select(Spectral).Aggregate((a, b) => a * b), W.Select(Squared).Aggregate((a, b) => a * b));
        var expected = new Dictionary<string, double>
        {
            ["inverse-margin"] = 1 / (γ * γ),
            ["log-prod-of-spec"] = Math.Log(spec),
            ["log-prod-of-spec-over-margin"] = Math.Log(spec / γ / γ),
            ["log-sum-of-spec"] = Math.Log(3 * Math.Cbrt(spec)),
            ["log-sum-of-spec-over-margin"] = Math.Log(3 * Math.Cbrt(spec / γ / γ)),
            ["log-prod-of-fro"] = Math.Log(fro),
            ["log-prod-of-fro-over-margin"] = Math.Log(fro / γ / γ),
            ["log-sum-of-fro"] = Math.Log(3 * Math.Cbrt(fro)),
            ["log-sum-of-fro-over-margin"] = Math.Log(3 * Math.Cbrt(fro / γ / γ)),
            ["fro-over-spec"] = W.Sum(matrix => Squared(matrix) / Spectral(matrix)),
            ["log-spec-orig-main"] = Math.Log(spec * W.Sum(matrix => Squared(matrix) / Spectral(matrix)) / γ / γ),
            ["log-spec-init-main"] = Math.Log(spec * D.Zip(W, (change, matrix) => Squared(change) / Spectral(matrix)).Sum() / γ / γ),
            ["param-norm"] = W.Sum(Squared),
            ["fro-dist"] = D.Sum(Squared),
            ["dist-spec-init"] = D.Sum(Spectral),
            ["distance-from-initialization"] = D.Sum(Squared),
            ["spectrally-normalized-margin"] = Math.Sqrt(spec) / γ * Math.Pow(
                D.Zip(W, (change, matrix) => Math.Pow(change.RowNorms(2).Sum() / matrix.L2Norm(), 2.0 / 3)).Sum(), 1.5),
            ["path-norm-over-margin"] = Measuring.Measure("path-norm", context).Value!.Value / γ / γ,
        };
        foreach (var (id, value) in expected)
        {
            Measuring.AssertClose(value, Measuring.Measure(id, context).Value, 1e-11);
        }

        var distance = Measuring.Measure("distance-from-initialization", context);
        Measuring.AssertClose(Math.Sqrt(D.Sum(Squared) / W.Sum(Squared)), distance.Detail("relative"), 1e-12);
        Measuring.AssertClose(D.Sum(Spectral), distance.Detail("spectralSum"), 1e-12);
        Measuring.AssertClose(D.Sum(change => Math.Log(Spectral(change))), distance.Detail("lnSpectralProduct"), 1e-11);
        Measuring.AssertClose(D.Sum(change => Math.Log(Squared(change))), distance.Detail("lnFrobeniusProduct"), 1e-11);
    }

    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(1, 2, 1, 1)]
    [InlineData(2, 0, 1, 1)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(3, 1, 1, 1)]
    [InlineData(1, 2, 2, 1)]
    [InlineData(2, 1, 1, 2)]
    public void Operator_norms_of_convolutions_are_those_of_their_dense_matrices(long stride, long padding, long dilation, long groups)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(5);
        var W = Tensor.Randn([4, 4 / groups, 3, 3], generator, ScalarType.Float64);
        var network = Measuring.Graph(
            [4, 7, 6],
            [TestGraphs.Node("Conv", ["x", "W", "b"], ["y"], Attributes.Of(
                ("strides", new[] { stride, stride }), ("pads", new[] { padding, padding, padding, padding }),
                ("dilations", new[] { dilation, dilation }), ("group", groups)))],
            ("W", W), ("b", Tensor.FromArray([1.0, 2, 3, 4], 4)));
        var data = Measuring.Gaussian(3, 2, 4, 7, 6);
        var dense = network.Forward(Tensor.Eye(4 * 42, ScalarType.Float64).Reshape(4 * 42, 4, 7, 6)) - network.Forward(
            Tensor.Zeros([1, 4, 7, 6], ScalarType.Float64));
        var expected = dense.SingularValues().AMax([0]).Item();
        Measuring.AssertClose(expected * expected, Measuring.Value("operator-norm", network, data), 2e-5);
        var reshaped = W.Flatten(1).SingularValues().AMax([0]).Item();
        Measuring.AssertClose(reshaped * reshaped, Measuring.Value("spectral-norm", network, data), 1e-12);
    }

    [Fact]
    public void The_reshaped_norm_of_a_convolution_bounds_nothing()
    {
        // Nine ones: as a matrix of one row its norm is 3, while a constant image comes out 9 times as large inside.
        var network = Measuring.Graph(
            [1, 20, 20],
            [TestGraphs.Node("Conv", ["x", "W"], ["y"])],
            ("W", Tensor.Ones([1, 1, 3, 3], ScalarType.Float64)));
        var data = Measuring.Gaussian(3, 2, 1, 20, 20);
        Measuring.AssertClose(9, Measuring.Value("spectral-norm", network, data), 1e-12);
        var lower = Measuring.Value("lipschitz-lower", network, data);
        Assert.InRange(lower * lower, 60, 81);
        Assert.InRange(Measuring.Value("operator-norm", network, data), lower * lower, 81);
    }

    [Fact]
    public void Transposed_and_grouped_convolutions_have_a_row_for_each_output_channel()
    {
        using var generator = new Generator(6);
        var W = Tensor.Randn([4, 3, 2, 2], generator, ScalarType.Float64);
        var network =
            Measuring.Graph([4, 3, 3], [TestGraphs.Node("ConvTranspose", ["x", "W"], ["y"], Attributes.Of(("group", 2L)))], ("W", W));
        var data = Measuring.Gaussian(3, 2, 4, 3, 3);

        // Output channel g·3 + o takes from the two input channels of group g.
        var numbers = W.ToArray<double>();
        var largest = Enumerable.Range(0, 6).Max(channel => Enumerable
            .Range(0, 2)
            .Sum(i => Enumerable.Range(0, 4).Sum(at => Math.Abs(numbers[((((channel / 3 * 2) + i) * 3) + (channel % 3)) * 4 + at]))));
        Measuring.AssertClose(largest * largest, Measuring.Value("l1-infinity-norm", network, data), 1e-12);
    }

    [Fact]
    public void Folded_norms_are_those_of_the_network_built_without_batch_norm()
    {
        var network = Measuring.Residual();
        var plain = WithoutBatchNorm(network);
        var data = Measuring.Gaussian(20, 3, 2, 6, 6);
        var ids = MeasureCatalogue.All.Values
            .Where(measure => measure is WeightMeasure or PathNorm or PublishedPathNorm or ParameterCount or VcDimension)
            .Where(measure => !measure.Needs.HasFlag(MeasureNeeds.Initial));
        Assert.True(ids.Count() > 15);
        foreach (var measure in ids)
        {
            var (folded, built) = (
                measure.Measurement(Measuring.Context(network, data)), measure.Measurement(Measuring.Context(plain, data)));
            Assert.Equal(built.NotApplicable, folded.NotApplicable);
            if (built.Value is { } value)
            {
                Measuring.AssertClose(value, folded.Value, 1e-9);
            }
        }

        Assert.Equal(6, Measuring.Measure("vc-dimension", network, data).Detail("depth"));
    }

    private static Network Started(params long[] sizes)
    {
        using Generator generator = new(99);
        return Mlp.Build(sizes, "relu", InitializationScheme.He, generator, type: ScalarType.Float64);
    }

    private static DataSet Labelled(Network network, int inputs)
    {
        using var scope = Libtorch.NewDisposeScope();
        double[] x = [.. Measuring.Examples(Measuring.Gaussian(30, 2, inputs)).SelectMany(example => example)];
        var labels = network.Forward(Tensor.FromArray(x, [30, inputs])).ArgMax(1).ToArray<long>();
        return DataSet.FromArrays("labelled", [inputs], x, [.. labels.Select(label => (int)label)]);
    }

    private static Matrix<double>[] Matrices(Network network) =>
    [
        .. network.Parameters.Where(parameter => parameter.Value.Dimensions == 2).Select(parameter =>
            Matrix<double>.Build.DenseOfRowMajor(
                (int)parameter.Value.Size(0), (int)parameter.Value.Size(1), parameter.Value.ToArray<double>())),
    ];

    // The residual network of Measuring built without normalizations, each put into the convolution before it by hand.
    private static Network WithoutBatchNorm(Network network)
    {
        using Generator generator = new(1);
        var builder = new NetworkBuilder("plain", [2, 6, 6], InitializationScheme.PyTorch, generator, ScalarType.Float64)
            .Convolution("stem", 4, 3, padding: 1).Activation("relu0", "relu");
        for (var block = 1; block <= 2; block++)
        {
            var start = builder.Here;
            builder.Convolution($"a{block}", 4, 3, padding: 1).Activation($"relua{block}", "relu")
                .Convolution($"b{block}", 4, 3, padding: 1).Add($"add{block}", start).Activation($"relub{block}", "relu");
        }

        var plain = builder.GlobalAveragePool("pool").Flatten("flat").Dense("fc", 3).Build();
        var from = network.Graph.Initializers;
        var values = new Dictionary<string, Tensor> { ["fc.weight"] = from["fc.weight"], ["fc.bias"] = from["fc.bias"] };
        foreach (var (layer, norm) in new[] { ("stem", "bn0"), ("a1", "bna1"), ("b1", "bnb1"), ("a2", "bna2"), ("b2", "bnb2") })
        {
            var scale = from[$"{norm}.weight"] / (from[$"{norm}.running_var"] + 1e-5).Sqrt();
            values[$"{layer}.weight"] = from[$"{layer}.weight"] * scale.Reshape(-1, 1, 1, 1);
            var before = from.TryGetValue($"{layer}.bias", out var bias) ? bias : Tensor.Zeros([4], ScalarType.Float64);
            values[$"{layer}.bias"] = from[$"{norm}.bias"] + ((before - from[$"{norm}.running_mean"]) * scale);
        }

        return plain.WithInitializers(values);
    }
}
