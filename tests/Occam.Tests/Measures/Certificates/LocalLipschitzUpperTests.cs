using Occam.Measures;
using Occam.Measures.Certificates;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Certificates;

public sealed class LocalLipschitzUpperTests
{
    public static TheoryData<string, Func<Network>, int[]> Networks => EnclosureTests.Networks;

    [Theory]
    [MemberData(nameof(Networks))]
    public void What_is_found_in_a_ball_is_below_the_bound_and_the_bound_below_the_global_one(string what, Func<Network> build, int[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (build(), Gaussian(3, 2, shape));
        var context = Context(network, data);
        var global = Measure("lipschitz-upper", context).Value!.Value;
        var here = Measure("local-lipschitz", context).PerExample;
        double[] last = [.. here];
        foreach (var radius in new[] { 0, 0.05, 0.5, 50 })
        {
            var result = Measure(new LocalLipschitzUpper(radius), context);
            Assert.Equal(BoundSide.Upper, result.Quantity!.Value.Side);
            for (var i = 0; i < data.Count; i++)
            {
                var bound = result.PerExample[i];
                var found = BallPoints.Of(context.Examples(i, 1), radius, true, 12)
                    .Max(x => BallPoints.Jacobian(network, x).SingularValues().AMax([0]).Item());
                Assert.True(found <= bound * (1 + 1e-12), $"{what}: {found} is above {bound} in {radius}");
                Assert.True(bound <= global, $"{what}: {bound} is above {global} in {radius}");

                // A larger ball holds the smaller one; nearly, since a bound needn't be the best.
                Assert.True(bound >= last[i] * 0.999, $"{what}: {bound} is below {last[i]} of a smaller ball");
                last[i] = bound;
            }

            if (radius == 0)
            {
                Assert.All(here.Zip(result.PerExample), pair => AssertClose(pair.First, pair.Second, 1e-7));
            }
        }
    }

    /// <summary>The largest found ≤ every bound in a ball ≤ the least of the whole, whatever of these is asked for together.</summary>
    [Theory]
    [InlineData("lipschitz-certificate")]
    [InlineData("lipschitz-exact")]
    [InlineData("lipschitz-upper")]
    public void A_bound_in_a_ball_is_never_above_what_the_same_run_says_of_the_whole(string whole)
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(5);
        var (network, data) = (
            Occam.Networks.Builders.Mlp.Build(
                [3, 8, 8, 2], "relu", Occam.Networks.Builders.InitializationScheme.He, generator), Gaussian(3, 2, 3));
        var context = Context(network, data);
        var local = new LocalLipschitzUpper(2);
        context.Plan([MeasureCatalogue.Find(whole), local]);

        var result = Measure(local, context);
        var global = Measure(whole, context).Value!.Value;

        Assert.All(result.PerExample, bound => Assert.InRange(bound, 0, global * (1 + 1e-8)));
        Assert.All(
            Measure("local-lipschitz", context).PerExample.Zip(result.PerExample),
            pair => Assert.InRange(pair.First, 0, pair.Second * (1 + 1e-8)));
        Assert.Equal(whole != "lipschitz-upper", result.Details.Single(detail => detail.Key == "byGlobalBound").Value > 0);
    }

    /// <summary>In a linear network every ball has the constant of the matrix.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(100)]
    public void Of_a_linear_network_it_is_the_norm_of_its_matrix(double radius)
    {
        using var scope = Libtorch.NewDisposeScope();
        double[,] W = { { 3, 0, 4 }, { -1, 2, 2 } };
        var (network, data) = (Affine(W, 5, -7), Gaussian(2, 2, 3));
        AssertClose(LargestSingularValue(W), Measure(new LocalLipschitzUpper(radius), network, data).Value, 1e-12);
        AssertClose(7, Measure(new LocalLipschitzUpper(radius, BallNorm.Linf), network, data).Value, 1e-12);
    }

    /// <summary>
    /// f(x) = 2 max(0, x − 1) + 3 max(0, −x − 1) has the slopes −3, 0 and 2, with kinks at ±1: what a ball touches counts, and no slope
    /// that it doesn't touch.
    /// </summary>
    [Theory]
    [InlineData(0, 0.9, 0)]
    [InlineData(0.5, 0.6, 2)]
    [InlineData(3, 1, 2)]
    [InlineData(-0.5, 0.6, 3)]
    [InlineData(-3, 1.5, 3)]
    public void Of_one_layer_of_rectified_units_it_is_the_steepest_slope_that_the_ball_touches(double x, double radius, double expected)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Hinges();
        AssertClose(expected, Measure(new LocalLipschitzUpper(radius), network, Points([1], x)).Value, 1e-9);
    }

    /// <summary>
    /// Where the ball touches both kinks no slope is above 3, and the bound, which takes both units as free, is at most 2 + 3.
    /// </summary>
    [Fact]
    public void Where_several_units_bend_it_is_a_bound()
    {
        using var scope = Libtorch.NewDisposeScope();
        var bound = Measure(new LocalLipschitzUpper(2), Hinges(), Points([1], 0)).Value!.Value;
        Assert.InRange(bound, 3, 5 + 1e-9);
    }

    /// <summary>
    /// A sum of large integers that float64 can't hold, so that its result is wrong, and the interval holds the right one all the same.
    /// </summary>
    [Fact]
    public void Rounding_moves_the_bounds_outwards()
    {
        using var scope = Libtorch.NewDisposeScope();
        SeededRandom random = new(3);
        var missed = 0;
        for (var trial = 0; trial < 20; trial++)
        {
            var (x, w) = (new double[50], new double[50]);
            Int128 exact = 0;
            for (var i = 0; i < x.Length; i++)
            {
                (x[i], w[i]) = (Math.Floor(random.NextDouble() * (1L << 40)), Math.Floor((random.NextDouble() - 0.5) * (1L << 40)));
                exact += (Int128)x[i] * (Int128)w[i];
            }

            var weight = new double[1, 50];
            Buffer.BlockCopy(w, 0, weight, 0, 50 * sizeof(double));
            var network = Affine(weight, 0);
            EnclosureSpace space = new(50, 0, isEuclidean: true, hasSlopes: true);
            var (output, _) = new Enclosures(network, [50]).Of(
                space, Tensor.FromArray(x, 1, 50), TestContext.Current.CancellationToken);
            var (low, high) = ((Int128)output!.Low.Item(), (Int128)output.High.Item());
            Assert.True(low <= exact && exact <= high);
            missed += (Int128)network.Forward(Tensor.FromArray(x, 1, 50)).Item() == exact ? 0 : 1;
        }

        Assert.True(missed > 10, "the sums were meant to be too large for float64");
    }

    [Fact]
    public void Where_a_node_has_no_bound_it_is_named()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Graph([2], [TestGraphs.Node("Log", ["x"], ["y"])]);
        var result = new LocalLipschitzUpper().Measurement(Context(network, Points([2], 0.05, 1)));
        Assert.Null(result.Value);
        Assert.StartsWith("at example 0, no finite bound passes through Log", result.NotApplicable);
    }

    [Fact]
    public void Parameters_that_can_t_be_are_refused() =>
        Assert.Contains("can't be", Assert.Throws<OccamException>(
            () => new LocalLipschitzUpper(-1).Measurement(Context(Hinges(), Points([1], 0)))).Message, StringComparison.Ordinal);

    private static Network Hinges() => Graph(
        [1],
        [
            TestGraphs.Node("Gemm", ["x", "W", "b"], ["h"]), TestGraphs.Node("Relu", ["h"], ["r"]),
            TestGraphs.Node("MatMul", ["r", "a"], ["y"]),
        ],
        ("W", Tensor.FromArray([1.0, -1], 1, 2)), ("b", Tensor.FromArray([-1.0, -1], 2)), ("a", Tensor.FromArray([2.0, 3], 2, 1)));
}
