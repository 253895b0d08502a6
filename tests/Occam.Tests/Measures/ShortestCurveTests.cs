using Google.OrTools.LinearSolver;
using Occam.Measures.Graphs;
using Xunit;

namespace Occam.Tests.Measures;

public sealed class ShortestCurveTests
{
    private const double Certified = 1e-10;

    private static readonly double[] s_places = [.. Enumerable.Range(0, 10).Select(i => -1 + (2.0 * i / 9))];
    private static readonly double[] s_parabola = [.. s_places.Select(x => x * x)];

    private static double Polyline(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        Enumerable.Range(0, x.Count - 1).Sum(i => Math.Sqrt(Math.Pow(x[i + 1] - x[i], 2) + Math.Pow(y[i + 1] - y[i], 2)));

    private static double MeanSquare(IReadOnlyList<double> y, IReadOnlyList<double> t) => y.Zip(t, (a, b) => (a - b) * (a - b)).Average();

    private static (double[] X, double[] T) Draw(int seed, int count)
    {
        var random = new SeededRandom(seed);
        var x = new double[count];
        for (var i = 1; i < count; i++)
        {
            x[i] = x[i - 1] + 0.05 + random.NextDouble();
        }

        return (x, [.. x.Select(_ => random.NextGaussian())]);
    }

    [Theory]
    [InlineData(0.04)]
    [InlineData(0.49)]
    [InlineData(3)]
    public void Two_points_move_towards_each_other_by_the_root_of_the_error(double error)
    {
        var rise = Math.Max(0, 1.5 - (2 * Math.Sqrt(error)));

        var curve = ShortestCurve.Of([1, 3], [0.5, 2], error);

        Assert.Equal(Math.Sqrt(4 + (rise * rise)), curve.Length, 12);
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(0.02)]
    [InlineData(0.15)]
    [InlineData(0.3)]
    public void A_valley_is_filled_twice_as_much_as_its_sides_fall(double error)
    {
        // (a, 0, a): of all p, q with 2p² + q² = 3e the sum p + q is largest at q = 2p = 2√(e/2).
        const double A = 0.8;
        var depth = Math.Max(0, A - (3 * Math.Sqrt(error / 2)));

        var curve = ShortestCurve.Of([0, 1, 2], [A, 0, A], error);

        Assert.Equal(2 * Math.Sqrt(1 + (depth * depth)), curve.Length, 12);
        if (depth > 0)
        {
            Assert.Equal(A - Math.Sqrt(error / 2), curve.Values[0], 9);
            Assert.Equal(2 * Math.Sqrt(error / 2), curve.Values[1], 9);
        }
    }

    [Fact]
    public void Without_an_error_it_is_the_polyline_through_the_targets()
    {
        var curve = ShortestCurve.Of(s_places, s_parabola, 0);

        Assert.Equal(s_parabola, curve.Values);
        Assert.Equal(Polyline(s_places, s_parabola), curve.Length, 14);
        Assert.InRange(curve.Gap, -1e-14, 1e-14);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.0001)]
    [InlineData(50)]
    public void With_the_error_of_the_mean_it_is_flat(double share)
    {
        var mean = s_parabola.Average();
        var error = share * s_parabola.Average(value => (value - mean) * (value - mean));

        var curve = ShortestCurve.Of(s_places, s_parabola, error * (1 + 1e-12));

        Assert.Equal(2, curve.Length, 12);
        Assert.Equal(2, curve.LowerBound, 12);
    }

    [Fact]
    public void A_grid_finds_nothing_shorter_and_comes_close()
    {
        double[] x = [0, 0.5, 1.75], t = [1, -0.4, 0.3];
        const double Error = 0.06;
        const int Places = 160;
        var radius = Math.Sqrt(3 * Error);
        double[] steps = [.. Enumerable.Range(-Places, (2 * Places) + 1).Select(i => radius * i / Places)];
        var least = double.PositiveInfinity;
        foreach (var a in steps)
        {
            foreach (var b in steps.Where(b => (a * a) + (b * b) <= radius * radius))
            {
                // The last falls or rises as far as it may: towards the one before.
                var c = Math.Sqrt(Math.Max(0, (radius * radius) - (a * a) - (b * b)));
                var middle = t[1] + b;
                least = Math.Min(least, Polyline(x, [t[0] + a, middle, Math.Clamp(middle, t[2] - c, t[2] + c)]));
            }
        }

        var curve = ShortestCurve.Of(x, t, Error);

        Assert.InRange(least - curve.Length, 0, 1e-4);
        Assert.InRange(curve.Gap, -1e-12, Certified);
    }

    [Theory]
    [InlineData(1, 4, 0.3)]
    [InlineData(2, 5, 0.05)]
    [InlineData(3, 6, 0.6)]
    public void Cutting_planes_find_the_same_length(int seed, int count, double share)
    {
        var (x, t) = Draw(seed, count);
        var mean = t.Average();
        var error = share * t.Average(value => (value - mean) * (value - mean));

        Assert.Equal(ByCuttingPlanes(x, t, error), ShortestCurve.Of(x, t, error).Length, 1e-6);
    }

    [Fact]
    public void It_satisfies_the_conditions_of_optimality()
    {
        const double Error = 0.01;
        var curve = ShortestCurve.Of(s_places, s_parabola, Error);

        // The slope of the length by each value is −λ times what the value is off by, with one λ for all.
        double Length(int i, double by) => Polyline(s_places, [.. curve.Values.Select((value, j) => i == j ? value + by : value)]);
        const double Step = 1e-5;
        double[] multipliers = [.. Enumerable.Range(0, 10).Select(
            i => (Length(i, Step) - Length(i, -Step)) / (2 * Step) / (s_parabola[i] - curve.Values[i]))];

        Assert.True(multipliers[0] > 0);
        Assert.All(multipliers, multiplier => Assert.Equal(multipliers[0], multiplier, 1e-5 * multipliers[0]));
        Assert.Equal(Error, MeanSquare(curve.Values, s_parabola), 1e-12);
    }

    [Fact]
    public void It_is_shorter_the_larger_the_error_and_certified_throughout()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (x, t) = seed == 0 ? (s_places, s_parabola) : Draw(seed, 2 + (3 * seed));
            var longest = Polyline(x, t);
            foreach (var exponent in Enumerable.Range(-14, 17))
            {
                var error = Math.Pow(10, exponent);
                var curve = ShortestCurve.Of(x, t, error);

                Assert.InRange(curve.Gap, -1e-12 * curve.Length, Certified * curve.Length);
                Assert.InRange(Math.Sqrt(MeanSquare(curve.Values, t)), 0, Math.Sqrt(error) + 1e-15);
                Assert.Equal(Polyline(x, curve.Values), curve.Length, 12);
                Assert.InRange(curve.Length, (x[^1] - x[0]) * (1 - 1e-12), longest + 1e-12);
                longest = curve.Length;
            }
        }
    }

    [Fact]
    public void What_is_no_data_is_refused()
    {
        Assert.Throws<ArgumentException>(() => ShortestCurve.Of([1], [1], 0));
        Assert.Throws<ArgumentException>(() => ShortestCurve.Of([1, 2], [1], 0));
        Assert.Throws<ArgumentException>(() => ShortestCurve.Of([2, 1], [1, 2], 0));
        Assert.Throws<ArgumentException>(() => ShortestCurve.Of([1, 2], [1, double.NaN], 0));
        Assert.Throws<ArgumentException>(() => ShortestCurve.Of([1, 2], [1, 2], -1));
    }

    // Kelley's method: a linear program of tangents to the lengths and to the ball, each solution of which adds more.
    private static double ByCuttingPlanes(double[] x, double[] t, double error)
    {
        using var solver = Solver.CreateSolver("GLOP");
        var y = solver.MakeNumVarArray(x.Length, -100, 100);
        var lengths = solver.MakeNumVarArray(x.Length - 1, 0, 1000);
        solver.Minimize(new SumVarArray(lengths));
        for (var round = 0; round < 500; round++)
        {
            Assert.Equal(Solver.ResultStatus.OPTIMAL, solver.Solve());
            double[] at = [.. y.Select(value => value.SolutionValue())];
            var own = Polyline(x, at);
            var excess = MeanSquare(at, t) - error;
            if (own - solver.Objective().Value() < 1e-8 && excess < 1e-8)
            {
                return solver.Objective().Value();
            }

            for (var i = 0; i < lengths.Length; i++)
            {
                var (run, rise) = (x[i + 1] - x[i], at[i + 1] - at[i]);
                var hypotenuse = Math.Sqrt((run * run) + (rise * rise));
                solver.Add(lengths[i] >= (run * run / hypotenuse) + (rise / hypotenuse * (y[i + 1] - y[i])));
            }

            solver.Add(new SumArray([.. at.Select((value, i) => 2 * (value - t[i]) / x.Length * (y[i] - value))]) <= -excess);
        }

        throw new InvalidOperationException("no convergence");
    }
}
