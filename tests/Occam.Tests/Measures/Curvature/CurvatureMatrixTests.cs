using Occam.Data;
using Occam.Measures;
using Occam.Measures.Curvature;
using Occam.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Curvature.DenseCurvature;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Curvature;

public sealed class CurvatureMatrixTests
{
    private const double Promised = 1e-8;

    /// <summary>Networks of three classes.</summary>
    public static TheoryData<string> Names => ["perceptron", "cnn", "residual"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Products_with_the_Hessian_are_those_of_differences_of_gradients(string name)
    {
        var (network, data) = Case(name);
        AssertIs(new DenseCurvature(network, data).Hessian(), network, data, CurvatureMatrix.Hessian);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_Gauss_Newton_matrix_is_that_of_explicit_Jacobians(string name)
    {
        var (network, data) = Case(name);
        AssertIs(new DenseCurvature(network, data).Projected((_, z) => OfCrossEntropy(z)), network, data, CurvatureMatrix.GaussNewton);
    }

    [Fact]
    public void Fishers_matrix_is_the_mean_over_the_answers_that_the_network_gives()
    {
        var (network, data) = Case("perceptron");
        var dense = new DenseCurvature(network, data);

        // Σ_y p_y (p − e_y)(p − e_y)ᵀ.
        AssertIs(
            dense.Projected((_, z) =>
            {
                var p = Softmax(z);
                return Matrix(z.Length, (a, b) => Enumerable.Range(0, z.Length).Sum(
                    y => p[y] * (p[a] - (a == y ? 1 : 0)) * (p[b] - (b == y ? 1 : 0))));
            }),
            network, data, CurvatureMatrix.Fisher);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_empirical_Fisher_matrix_is_of_the_examples_gradients(string name)
    {
        var (network, data) = Case(name);
        AssertIs(
            new DenseCurvature(network, data).Projected((x, z) =>
            {
                double[] slope = [.. Softmax(z).Select((p, a) => p - (a == data.Labels![x] ? 1 : 0))];
                return Matrix(z.Length, (a, b) => slope[a] * slope[b]);
            }),
            network, data, CurvatureMatrix.EmpiricalFisher);
    }

    [Fact]
    public void Of_targets_the_loss_is_half_the_squared_error()
    {
        var network = Perceptron("tanh", 3, 4, 2);
        double[] y = [.. Enumerable.Range(0, 14).Select(i => Math.Sin(i))];
        var data = DataSet.FromArrays("regression", [3], [.. Examples(Gaussian(7, 2, 3)).SelectMany(x => x)], targets: y);
        var dense = new DenseCurvature(network, data);
        AssertIs(dense.Hessian(), network, data, CurvatureMatrix.Hessian);
        var gaussNewton = dense.Projected((_, z) => Matrix(2, (a, b) => a == b ? 1 : 0));
        AssertIs(gaussNewton, network, data, CurvatureMatrix.GaussNewton);
        AssertIs(gaussNewton, network, data, CurvatureMatrix.Fisher);
        AssertIs(
            dense.Projected((x, z) => Matrix(2, (a, b) => (z[a] - y[(2 * x) + a]) * (z[b] - y[(2 * x) + b]))),
            network, data, CurvatureMatrix.EmpiricalFisher);
    }

    [Fact]
    public void Of_one_output_the_answers_are_of_its_sigmoid()
    {
        var (network, data) = (Perceptron("tanh", 3, 4, 1), Gaussian(7, 2, 3));
        var dense = new DenseCurvature(network, data);
        static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
        AssertIs(
            dense.Projected((_, z) => Matrix(1, (_, _) => Sigmoid(z[0]) * (1 - Sigmoid(z[0])))),
            network, data, CurvatureMatrix.GaussNewton);
        AssertIs(
            dense.Projected((x, z) => Matrix(1, (_, _) => Math.Pow(Sigmoid(z[0]) - data.Labels![x], 2))),
            network, data, CurvatureMatrix.EmpiricalFisher);
    }

    [Fact]
    public void The_gradient_is_the_slope_of_the_loss()
    {
        var (network, data) = Case("perceptron");
        var dense = new DenseCurvature(network, data);
        using var scope = Libtorch.NewDisposeScope();
        var gradient = ParameterLoss.Of(Context(network, data), out _)!.Gradient().Gradient.ToArray<double>();
        var J = dense.Jacobian();
        for (var j = 0; j < dense.Size; j++)
        {
            var expected = Enumerable.Range(0, data.Count).Sum(x =>
            {
                var p = Softmax(dense.Logits[(3 * x)..((3 * x) + 3)]);
                return Enumerable.Range(0, 3).Sum(a => (p[a] - (a == data.Labels![x] ? 1 : 0)) * J[(3 * x) + a, j]);
            }) / data.Count;
            Assert.Equal(expected, gradient[j], Promised);
        }
    }

    [Theory]
    [InlineData(CurvatureMatrix.GaussNewton)]
    [InlineData(CurvatureMatrix.EmpiricalFisher)]
    public void Products_free_what_they_take(CurvatureMatrix of)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = Case("residual");
        foreach (var batch in new[] { 7, 2 })
        {
            var loss = ParameterLoss.Of(Context(network, data, new MeasureOptions { Batch = batch }), out _)!;
            using var matrix = loss.Curvature(of, 20);
            using Generator generator = new(1);
            var v = Tensor.Randn([loss.Weights.Size], generator, ScalarType.Float64);
            int Held(Action action)
            {
                action();
                var before = scope.Count;
                action();
                return scope.Count - before;
            }

            Assert.Equal(0, Held(() => matrix.Times([v])[0].Dispose()));
            Assert.Equal(0, Held(() => matrix.Forms([v, v])));
        }
    }

    private static (Network Network, DataSet Data) Case(string name) => name switch
    {
        "perceptron" => (Perceptron("tanh", 3, 4, 3), Gaussian(7, 3, 3)),
        "cnn" => (Cnn("tanh"), Gaussian(3, 3, 2, 8, 8)),
        _ => (Residual(), Gaussian(7, 3, 2, 6, 6)),
    };

    // In one batch and in several, a vector at a time and several at once.
    private static void AssertIs(double[,] expected, Network network, DataSet data, CurvatureMatrix of)
    {
        using var scope = Libtorch.NewDisposeScope();
        var size = expected.GetLength(0);
        var dense = Tensor.FromArray(expected.Cast<double>().ToArray(), size, size);
        var scale = dense.Abs().Flatten().AMax([0]).Item();
        foreach (var batch in new[] { data.Count, 2 })
        {
            var loss = ParameterLoss.Of(Context(network, data, new MeasureOptions { Batch = batch }), out _)!;
            using var matrix = loss.Curvature(of, size + 10);
            var columns = Tensor.Stack(matrix.Times([.. Enumerable.Range(0, size).Select(i => Unit(size, i))]), 1);
            var off = (columns - dense).Abs().Flatten().AMax([0]).Item();
            Assert.True(off <= Promised * scale, $"{of}, {batch} at once: off by {off / scale:E1} of the largest");
            using Generator generator = new(1);
            Tensor[] vectors = [.. Enumerable.Range(0, 3).Select(_ => Tensor.Randn([size], generator, ScalarType.Float64))];
            var forms = matrix.Forms(vectors);
            for (var i = 0; i < forms.Length; i++)
            {
                Assert.Equal((vectors[i] * dense.MatMul(vectors[i])).Sum().Item(), forms[i], 1e-7 * scale * size);
                var alone = matrix.Times([vectors[i]])[0];
                Assert.True((alone - dense.MatMul(vectors[i])).Abs().AMax([0]).Item() <= 1e-7 * scale * size);
            }
        }
    }

    private static Tensor Unit(int size, int at)
    {
        var unit = new double[size];
        unit[at] = 1;
        return Tensor.FromArray(unit, size);
    }
}
