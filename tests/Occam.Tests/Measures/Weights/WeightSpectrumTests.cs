using Occam.Measures.Weights;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Weights;

public sealed class WeightSpectrumTests
{
    [Theory]
    [InlineData(2.5)]
    [InlineData(4)]
    public void The_exponent_of_a_Pareto_law_is_found(double alpha)
    {
        SeededRandom random = new(1);
        double[] found = [.. Enumerable.Range(0, 60).Select(_ => PowerLawTail.Of(Pareto(random, alpha, 1000))!.Value.Alpha)];
        Assert.InRange(found.Average(), alpha - 0.1, alpha + 0.1);
    }

    [Fact]
    public void The_fit_is_the_one_of_least_distance_among_all_tails()
    {
        // The definition, tail by tail.
        SeededRandom random = new(2);
        double[] x = [.. Pareto(random, 3, 40), .. Enumerable.Range(0, 30).Select(_ => random.NextDouble(0.1, 1))];
        var best = (Distance: double.PositiveInfinity, Alpha: 0.0, From: 0.0);
        foreach (var from in x)
        {
            double[] tail = [.. x.Where(one => one >= from).Order()];
            if (tail.Length < 20)
            {
                continue;
            }

            var alpha = 1 + (tail.Length / tail.Sum(one => Math.Log(one / from)));
            var distance = tail.Select((one, i) => Math.Max(
                Math.Abs(1 - Math.Pow(one / from, 1 - alpha) - ((double)i / tail.Length)),
                Math.Abs(1 - Math.Pow(one / from, 1 - alpha) - ((i + 1.0) / tail.Length)))).Max();
            best = distance < best.Distance ? (distance, alpha, from) : best;
        }

        var found = PowerLawTail.Of(x)!.Value;
        AssertClose(best.Alpha, found.Alpha, 1e-9);
        AssertClose(best.From, found.From, 1e-12);
        AssertClose(best.Distance, found.Distance, 1e-9);
    }

    [Fact]
    public void The_bootstraps_intervals_hold_the_exponent_about_as_often_as_they_say()
    {
        SeededRandom random = new(3);
        var held = 0;
        for (var i = 0; i < 100; i++)
        {
            var x = Pareto(random, 3, 300);
            held += PowerLawTail.Of(x)!.Value.Interval(x, 100, random).Interval95!.Holds(3) ? 1 : 0;
        }

        Assert.InRange(held / 100.0, 0.87, 1);
    }

    [Fact]
    public void A_power_law_is_plausible_and_what_is_none_is_not()
    {
        SeededRandom random = new(4);
        double Share(Func<double[]> draw) => Enumerable.Range(0, 40).Count(_ =>
        {
            var x = draw();
            return PowerLawTail.Of(x)!.Value.Plausibility(x, 60, random) >= 0.1;
        }) / 40.0;
        Assert.InRange(Share(() => Pareto(random, 3, 400)), 0.75, 1);

        // Numbers of one size each, and the density of a power with an end.
        Assert.InRange(Share(() => [.. Enumerable.Range(0, 1000).Select(_ => 1.0 + random.NextInt(5))]), 0, 0.2);
        Assert.InRange(Share(() => [.. Enumerable.Range(0, 1000).Select(_ => Math.Cbrt(random.NextDouble()))]), 0, 0.2);
    }

    [Fact]
    public void A_heavy_tail_is_told_from_an_exponential_one_by_its_likelihood()
    {
        SeededRandom random = new(5);
        double[] Above(Func<double> draw) => [.. Enumerable.Range(0, 60).Select(_ =>
        {
            double[] x = [.. Enumerable.Range(0, 300).Select(_ => draw())];
            return PowerLawTail.Of(x)!.Value.AboveExponential(x);
        })];
        Assert.InRange(Above(() => Math.Pow(1 - random.NextDouble(), -0.5)).Count(one => one > 1.28), 45, 60);
        Assert.InRange(Above(() => -Math.Log(1 - random.NextDouble())).Count(one => one > 1.28), 0, 6);

        // By hand: 1 to 3 in steps, of which the law's exponent is 1 + n/Σ ln x and the exponential's mean is that of x − 1.
        double[] steps = [.. Enumerable.Range(0, 60).Select(i => 1 + (i / 30.0))];
        PowerLawTail tail = new(1 + (60 / steps.Sum(x => Math.Log(x))), 1, 60, 0);
        var c = steps.Average() - 1;
        double[] ratios =
            [.. steps.Select(x => Math.Log((tail.Alpha - 1) * Math.Pow(x, -tail.Alpha)) - Math.Log(Math.Exp(-(x - 1) / c) / c))];
        var mean = ratios.Average();
        AssertClose(
            mean * Math.Sqrt(60) / Math.Sqrt(ratios.Average(one => (one - mean) * (one - mean))), tail.AboveExponential(steps), 1e-10);
    }

    [Fact]
    public void Matrices_of_independent_numbers_get_no_grade()
    {
        var graded = 0;
        for (var seed = 0UL; seed < 12; seed++)
        {
            using Generator generator = new(seed);
            var network = Graph(
                [120], [TestGraphs.Node("MatMul", ["x", "W"], ["y"])], ("W", Tensor.Randn([120, 160], generator, ScalarType.Float64)));
            graded += new PowerLawExponent(60).Measurement(Context(network, Gaussian(2, 2, 120))).Value is null ? 0 : 1;
        }

        Assert.InRange(graded, 0, 1);
    }

    [Fact]
    public void A_layer_counts_where_a_power_law_is_plausible_and_is_named_where_it_is_not()
    {
        SeededRandom random = new(6);
        var heavy = Diagonal([.. Pareto(random, 3, 300).Select(Math.Sqrt)]);
        var clusters = Diagonal([.. Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? 1.0 : 30 + (i / 1e4))]);
        var few = Tensor.Ones([4, 300], ScalarType.Float64);
        var network = Graph(
            [300],
            [
                TestGraphs.Node("MatMul", ["x", "A"], ["a"]), TestGraphs.Node("MatMul", ["a", "B"], ["b"]),
                TestGraphs.Node("Gemm", ["b", "C"], ["y"], Attributes.Of(("transB", 1L))),
            ],
            ("A", heavy), ("B", clusters), ("C", few));
        var found = Measure(new PowerLawExponent(), network, Gaussian(3, 2, 300));
        Assert.Equal((3.0, 1.0), (found.Detail("layers"), found.Detail("plausibleLayers")));
        Assert.InRange(found.Value!.Value, 2.5, 3.5);
        Assert.True(found.Layers.Single().Quantity.Interval95!.Holds(3));
        Assert.Contains(found.Skipped, skipped => skipped.Why.Contains("implausible"));
        Assert.Contains(found.Skipped, skipped => skipped.Why.Contains("1 eigenvalues above 0"));

        var none = new PowerLawExponent().Measurement(Context(Perceptron("relu", 4, 3, 2), Gaussian(3, 2, 4)));
        Assert.Contains("no layer whose eigenvalues may be of a power law", none.NotApplicable);
    }

    [Fact]
    public void Independent_numbers_have_an_outlier_once_in_a_hundred_matrices()
    {
        var found = 0.0;
        for (var seed = 0UL; seed < 200; seed++)
        {
            using Generator generator = new(seed);
            found += Outliers(Tensor.Randn([60, 90], generator, ScalarType.Float64) * 0.3);
        }

        // 2 are expected.
        Assert.InRange(found, 0, 7);
    }

    [Fact]
    public void What_sticks_out_of_noise_is_counted_on_either_side_of_its_threshold()
    {
        // The singular value θ of a spike in noise of variance 1 on n × m comes out at √((n + θ²)(m + θ²))/θ, beyond the edge from
        // θ⁴ = n m on (Benaych-Georges and Nadakuditi 2012, §3.1).
        using Generator generator = new(3);
        var noise = Tensor.Randn([200, 300], generator, ScalarType.Float64);
        var threshold = Math.Pow(200 * 300, 0.25);
        Tensor Spiked(double factor)
        {
            var spikes = Tensor.Zeros([200, 300], ScalarType.Float64);
            foreach (var i in new[] { 0, 1, 2 })
            {
                spikes.Narrow(0, i, 1).Narrow(1, i, 1).AddInPlace(Tensor.Ones([1, 1], ScalarType.Float64) * (factor * threshold));
            }

            return noise + spikes;
        }

        Assert.Equal(0, Outliers(noise));
        Assert.Equal(0, Outliers(Spiked(0.5)));
        Assert.Equal(3, Outliers(Spiked(2)));
        Assert.Equal(3, Outliers(Spiked(50)));
    }

    [Fact]
    public void The_effective_rank_is_that_of_the_singular_values()
    {
        static double Rank(params double[] singular) => Measure(
            new EffectiveRank(), Graph([singular.Length], [TestGraphs.Node("MatMul", ["x", "W"], ["y"])], ("W", Diagonal(singular))),
            Gaussian(3, 2, singular.Length)).Value!.Value;
        AssertClose(5, Rank(2, 2, 2, 2, 2), 1e-12);
        AssertClose(1, Rank(0, 3, 0), 1e-12);

        // ¾ and ¼: exp(−¾ ln ¾ − ¼ ln ¼).
        AssertClose(Math.Exp(-(0.75 * Math.Log(0.75)) - (0.25 * Math.Log(0.25))), Rank(3, -1), 1e-12);
    }

    [Fact]
    public void Large_matrices_have_the_same_spectrum_by_their_gram_matrix()
    {
        using Generator generator = new(4);
        var matrix = Tensor.Randn([520, 540], generator, ScalarType.Float64);
        var context = Context(
            Graph([520], [TestGraphs.Node("MatMul", ["x", "W"], ["y"])], ("W", matrix)), Gaussian(2, 2, 520));
        var exact = matrix.SingularValues().ToArray<double>();
        var found = WeightSpectrum.Of(context).Single();
        Assert.Equal(540, found.Larger);
        foreach (var (value, singular) in found.Eigenvalues.Zip(exact.OrderDescending()))
        {
            Assert.InRange(value - (singular * singular), -1e-8, 1e-8);
        }
    }

    private static double Outliers(Tensor matrix) => Measure(
        new OutlierEigenvalues(), Graph([matrix.Size(0)], [TestGraphs.Node("MatMul", ["x", "W"], ["y"])], ("W", matrix)),
        Gaussian(2, 2, (int)matrix.Size(0))).Value!.Value;

    private static Tensor Diagonal(double[] values)
    {
        var matrix = new double[values.Length * values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            matrix[(i * values.Length) + i] = values[i];
        }

        return Tensor.FromArray(matrix, values.Length, values.Length);
    }

    private static double[] Pareto(SeededRandom random, double alpha, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Math.Pow(1 - random.NextDouble(), -1 / (alpha - 1)))];
}
