using Occam.Data;
using Occam.Measures.Certificates;
using Occam.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Certificates;

public sealed class CertifiedRadiusTests
{
    public static TheoryData<string, Func<Network>, int[], int> Networks => new()
    {
        { "ReLU", () => Perceptron("relu", 6, 12, 12, 4), [6], 4 },
        { "tanh", () => Perceptron("tanh", 6, 12, 4), [6], 4 },
        { "one logit", () => Perceptron("relu", 4, 12, 1), [4], 2 },
        { "convolutions and poolings", () => Cnn(), [2, 8, 8], 3 },
        { "residual", () => Residual(), [2, 6, 6], 3 },
    };

    /// <summary>Labels as the network chooses them, so that all have a radius; then projected gradient steps at that radius.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void No_attack_within_a_radius_changes_the_class(string what, Func<Network> build, int[] shape, int classes)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = build();
        var data = Labelled(network, shape, classes);
        foreach (var norm in new[] { BallNorm.L2, BallNorm.Linf })
        {
            var context = Context(network, data);
            var result = Measure(new CertifiedRadius(Norm: norm), context);
            Assert.Equal((1.0, BoundSide.Lower), (result.Detail("accuracy"), result.Quantity!.Value.Side));
            for (var i = 0; i < data.Count; i++)
            {
                var (x, radius, label) = (context.Examples(i, 1), result.PerExample[i], data.Labels![i]);
                Assert.True(radius > 0, $"{what}: an example without a radius");
                Assert.True(Attacked(network, x, label, radius, norm) > 0, $"{what}: example {i} is broken within {radius}");
            }

            if (norm == BallNorm.L2)
            {
                var byGlobalBound = result.Detail("byGlobalBound");
                Assert.True(result.Value >= byGlobalBound * 0.99, $"{what}: {result.Value} is below {byGlobalBound} of the global bound");
            }
        }
    }

    /// <summary>Of a linear classifier the radius is (f_y − f_j)/‖w_y − w_j‖ in the dual norm, to the tolerance of the search.</summary>
    [Fact]
    public void Of_a_linear_classifier_it_is_the_distance_to_the_boundary()
    {
        using var scope = Libtorch.NewDisposeScope();
        double[,] W = { { 1, 2 }, { -1, 0.5 }, { 0, -1 } };
        double[] b = [0.1, -0.2, 0.3];
        var network = Affine(W, b);
        var data = Labelled(network, [2], 3);
        foreach (var norm in new[] { BallNorm.L2, BallNorm.Linf })
        {
            var result = Measure(new CertifiedRadius(Norm: norm), network, data);
            for (var i = 0; i < data.Count; i++)
            {
                var (x, y) = (Example(data, i), data.Labels![i]);
                var expected = Enumerable.Range(0, 3).Where(j => j != y).Min(j =>
                {
                    double[] w = [W[y, 0] - W[j, 0], W[y, 1] - W[j, 1]];
                    var slope = norm == BallNorm.L2 ? Math.Sqrt((w[0] * w[0]) + (w[1] * w[1])) : Math.Abs(w[0]) + Math.Abs(w[1]);
                    return ((w[0] * x[0]) + (w[1] * x[1]) + b[y] - b[j]) / slope;
                });
                Assert.InRange(result.PerExample[i], expected * 0.985, expected);
            }
        }
    }

    /// <summary>Shares, by hand, of the radii that it gives; and no radius where the class is wrong.</summary>
    [Fact]
    public void Shares_are_those_of_all_examples()
    {
        using var scope = Libtorch.NewDisposeScope();
        double[,] W = { { 1 }, { -1 } };
        var data = DataSet.FromArrays("line", [1], [0.5, 2, -1, -3], [0, 0, 0, 1]);
        var result = Measure(new CertifiedRadius(Epsilon: 1), Affine(W, 0, 0), data);
        double[] expected = [0.5, 2, 0, 3];
        Assert.All(expected.Zip(result.PerExample), pair => Assert.InRange(pair.Second, pair.First * 0.985, pair.First));
        Assert.Equal((0.75, 0.5), (result.Detail("accuracy"), result.Detail("certified")));
        Assert.Equal(0.75, result.Curve!.Y[0].Value);
        Assert.Equal(result.PerExample.Average(), result.Value!.Value, 1e-12);
    }

    [Fact]
    public void What_has_no_label_or_several_answers_has_no_radius()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Perceptron("relu", 2, 4, 2);
        var result = new CertifiedRadius().Measurement(Context(network, Points([2], 1, 2)));
        Assert.Contains("labels", result.NotApplicable, StringComparison.Ordinal);
    }

    // The smallest margin that projected gradient steps find from several starts.
    private static double Attacked(Network network, Tensor x, int label, double radius, BallNorm norm)
    {
        var worst = double.PositiveInfinity;
        foreach (var start in BallPoints.Of(x, radius, norm == BallNorm.L2, 3))
        {
            var point = start;
            for (var step = 0; step < 25; step++)
            {
                using var grad = Libtorch.EnableGrad();
                var leaf = point.Detach().RequireGrad();
                var logits = network.Forward(leaf).Flatten();
                var margin = Margin(logits, label);
                worst = Math.Min(worst, margin.Item());
                if (!margin.RequiresGrad)
                {
                    break;
                }

                var slope = Autograd.Grad([margin], [leaf])[0]!;
                var length = slope.Norm().Item();
                var move = norm == BallNorm.Linf ? slope.Sign() * (radius / 4) : slope * (radius / 4 / Math.Max(length, 1e-30));
                point = Projected(point.Detach() - move, x, radius, norm);
            }
        }

        return worst;
    }

    private static Tensor Projected(Tensor point, Tensor x, double radius, BallNorm norm)
    {
        var away = point - x;
        return norm == BallNorm.Linf ? x + away.Clamp(-radius, radius)
            : x + (away * Math.Min(1, radius / Math.Max(away.Norm().Item(), 1e-30)));
    }

    private static Tensor Margin(Tensor logits, int label)
    {
        if (logits.Elements == 1)
        {
            return label == 1 ? logits.Sum() : -logits.Sum();
        }

        var others = Tensor.Cat([logits.Narrow(0, 0, label), logits.Narrow(0, label + 1, logits.Elements - label - 1)], 0);
        return logits.Select(0, label) - others.AMax([0]);
    }

    private static DataSet Labelled(Network network, int[] shape, int classes)
    {
        var given = Gaussian(5, classes, shape);
        double[] x = [.. Examples(given).SelectMany(example => example)];
        var logits = network.Forward(Tensor.FromArray(x, [5, .. shape.Select(size => (long)size)]));
        int[] labels = logits.Size(1) == 1
            ? [.. logits.ToArray<double>().Select(logit => logit > 0 ? 1 : 0)]
            : [.. logits.ArgMax(1).ToArray<long>().Select(label => (int)label)];
        return DataSet.FromArrays("labelled", shape, x, labels);
    }
}
