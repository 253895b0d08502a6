using MathNet.Numerics.Statistics;
using Occam.Data;
using Occam.Measures;
using Occam.Measures.Curvature;
using Occam.Measures.Graphs;
using Occam.Measures.Sharpness;
using Occam.Measures.Slope;
using Occam.Networks;
using Occam.Tests.Measures.Curvature;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

/// <summary>
/// How often the 95 % intervals hold what is estimated, over 1,000 seeds. The short tests simulate what a measure draws; with
/// <c>OCCAM_COVERAGE=1000</c> the measures themselves are made with so many seeds, and the table of docs/measures.md is printed; with
/// <c>OCCAM_COVERAGE_OF=density</c> its rows in whose names that stands.
/// </summary>
public sealed class CoverageTests(ITestOutputHelper output)
{
    private const int Seeds = 1000;

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(100)]
    public void Of_means_of_few_or_many_samples(int count)
    {
        SeededRandom random = new(3);
        AssertCovers(1, Repeated(Seeds, _ => Uncertain.Mean([.. Enumerable.Range(0, count).Select(_ => 1 + random.NextGaussian())])));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void Of_means_over_examples_that_few_directions_estimate(int directions)
    {
        // k‖vᵀJ‖² for random unit v, of Jacobians of a network.
        var (network, data) = (Perceptron("tanh", 6, 10, 4), Gaussian(40, 2, 6));
        double[][,] jacobians = [.. Examples(data).Select(x => NumericJacobian(network, x, [6]))];
        SeededRandom random = new(4);
        double Direction(double[,] J)
        {
            double[] v = [.. Enumerable.Range(0, 4).Select(_ => random.NextGaussian())];
            var image = Enumerable.Range(0, 6).Sum(j => Math.Pow(Enumerable.Range(0, 4).Sum(i => v[i] * J[i, j]), 2));
            return 4 * image / v.Sum(one => one * one);
        }

        AssertCovers(
            jacobians.Average(SquaredNorm),
            Repeated(Seeds, _ => Uncertain.MeanOverExamples(
                [.. jacobians.Select(J => Enumerable.Range(0, directions).Select(_ => Direction(J)).ToArray())])));
    }

    [Fact]
    public void Of_the_trace_of_a_Hessian_and_of_Hutchinsons_estimate()
    {
        using var scope = Libtorch.NewDisposeScope();
        var H = HessianOf(Perceptron("tanh", 4, 8, 3), Gaussian(60, 3, 4));
        var trace = H.Diagonal().Sum().Item();
        var like = Tensor.Zeros([H.Size(0)], ScalarType.Float64);
        var found = Enumerable.Range(0, Seeds).Select(seed =>
        {
            using var each = Libtorch.NewDisposeScope();
            using Generator generator = new((ulong)seed);
            return HutchPlusPlus.Of(new DenseMatrix(H), like, 30, generator);
        }).ToArray();
        AssertCovers(trace, found.Select(one => one.Trace));
        AssertCovers(trace, found.Select(one => one.Hutchinson));

        // The errors of ten products are the spread of the estimates.
        var z = found.Select(one => (one.Hutchinson.Value - trace) / one.Hutchinson.StandardError).StandardDeviation();
        Assert.InRange(z, 0.95, 1.08);
    }

    [Fact]
    public void Of_XTrace()
    {
        using var scope = Libtorch.NewDisposeScope();
        var H = HessianOf(Perceptron("tanh", 4, 8, 3), Gaussian(60, 3, 4));
        var like = Tensor.Zeros([H.Size(0)], ScalarType.Float64);
        AssertCovers(H.Diagonal().Sum().Item(), Enumerable.Range(0, Seeds).Select(seed =>
        {
            using var each = Libtorch.NewDisposeScope();
            using Generator generator = new((ulong)seed);
            return XTrace.Of(new DenseMatrix(H), like, 30, generator)!.Value.Trace;
        }));
    }

    [Fact]
    public void Of_the_diagonals_share_of_a_Hessian()
    {
        using var scope = Libtorch.NewDisposeScope();
        var H = HessianOf(Perceptron("tanh", 4, 8, 3), Gaussian(60, 3, 4));
        var like = Tensor.Zeros([H.Size(0)], ScalarType.Float64);
        AssertCovers(H.Diagonal().Square().Sum().Item() / H.Square().Sum().Item(), Enumerable.Range(0, Seeds).Select(seed =>
        {
            using var each = Libtorch.NewDisposeScope();
            using Generator generator = new((ulong)seed);
            return DiagonalEstimate.Of(new DenseMatrix(H), like, 30, generator).Share;
        }));
    }

    [Fact]
    public void Of_a_spectrums_sums()
    {
        // What a random vector of signs gives in a process that has come to its end: Σ_i f(λ_i) (q_iᵀg)², of five of them.
        using var scope = Libtorch.NewDisposeScope();
        var parts = HessianOf(Perceptron("tanh", 4, 8, 3), Gaussian(60, 3, 4)).EigenSymmetric();
        var size = (int)parts[0].Elements;
        double[] f = [.. parts[0].ToArray<double>().Select(value => Math.Max(value, 0) / (Math.Max(value, 0) + 0.1))];
        using Generator generator = new(1);
        var signs = (Tensor.RandInt(2, [size, 5 * Seeds], generator, ScalarType.Float64) * 2) - 1;
        var values = Tensor.FromArray(f, 1, size).MatMul(parts[1].T().MatMul(signs).Square()).ToArray<double>();
        AssertCovers(f.Sum(), values.Chunk(5).Select(each => Uncertain.Mean(each)));
    }

    [Fact]
    public void Of_the_sigma_at_which_noise_raises_the_error()
    {
        // A linear classifier of points on a line, whose threshold moves by the noise: the errors under it are what lies between.
        SeededRandom random = new(5);
        double[] x = [.. Enumerable.Range(0, 400).Select(_ => random.NextGaussian())];
        double Rise(double moved) => x.Count(one => (one > 0) != (one > moved)) / (double)x.Length;
        var exact = Bisect(sigma => Enumerable.Range(-4000, 8001).Average(
            i => Rise(sigma * MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (i + 4000.5) / 8001))));
        var found = Enumerable.Range(0, Seeds).Select(_ =>
        {
            double[] noise = [.. Enumerable.Range(0, 15).Select(_ => random.NextGaussian())];
            return SigmaSearch.Of((sigma, _) => Uncertain.Mean([.. noise.Select(each => Rise(sigma * each))]));
        }).ToArray();
        Assert.All(found, search => Assert.True(search.Converged));
        AssertShare(found.Count(search => search.Interval95 is { } interval && interval.Holds(exact)) / (double)Seeds);

        // The standard error is the spread of ln σ.
        var spread = found.Average(search => Math.Pow(Math.Log(search.Sigma / exact), 2));
        Assert.InRange(found.Average(search => search.LogError * search.LogError), 0.8 * spread, 1.25 * spread);
    }

    [Fact]
    public void Of_the_measures_themselves()
    {
        Assert.SkipUnless(
            int.TryParse(Environment.GetEnvironmentVariable("OCCAM_COVERAGE"), out var seeds),
            "takes minutes: OCCAM_COVERAGE=1000 ./occam test -class Occam.Tests.Measures.CoverageTests");
        var network = Perceptron("tanh", 4, 8, 3);
        var data = OwnLabels(network, 150);
        var (line, points) = (Perceptron("relu", 2, 8, 1), Gaussian(30, 2, 2));
        var wide = Perceptron("tanh", 12, 16, 14);
        ExpectedSharpness sharpness = new(Draws: 30, Grid: [1e-3, 1e-2], Batch: 40);
        PacBayesCurve curve = new(Draws: 100, Grid: [2e-3, 5e-3, 1e-2, 2e-2, 5e-2]);
        Row[] rows =
        [
            new("`geometric-complexity`, `--estimate 2`", new GeometricComplexity(), network, data, Exact: true, Directions: 2),
            new("`geometric-complexity`, `--estimate 8`", new GeometricComplexity(), wide, Gaussian(40, 2, 12), Exact: true, Directions: 8),
            new("`mean-dirichlet-energy`", new MeanDirichletEnergy(), network, data),
            new("`integrated-dirichlet-energy`, two inputs", new IntegratedDirichletEnergy(), line, points),
            new("`hessian-trace`", new HessianTrace(), network, data, Truth: Trace),
            new(
                "`hessian-trace`: `hutchinson`", new HessianTrace(), network, data, Truth: Trace,
                Of: result => Detail(result, "hutchinson")),
            new("`curvature-trace`", new CurvatureTrace(), network, data, Truth: Trace),
            new("`curvature-diagonal`", new CurvatureDiagonal(), network, data, Truth: DiagonalShare),
            new(
                "`spectral-density(of=gauss-newton)`, 20 steps",
                new SpectralDensity(CurvatureMatrix.GaussNewton, Steps: 20), network, data, Truth: EffectiveParameters),
            new("`average-adaptive-sharpness`, 50 draws", new AverageAdaptiveSharpness(Draws: 50, Batch: 40), network, data),
            new("`expected-sharpness`, 30 draws", sharpness, network, data),
            new("`expected-sharpness`, 300 draws", sharpness with { Draws = 300 }, network, data),
            new("`pac-bayes-curve`, 100 draws", curve, network, data),
            new("`pacbayes-flatness`", new PacBayesFlatness(), network, data, Truth: Flatness(magnitudeAware: false)),
            new("`pacbayes-mag-flatness`", new PacBayesMagnitudeFlatness(), network, data, Truth: Flatness(magnitudeAware: true)),
            new("`pacbayes-orig`, `batch=50`", new PacBayesOrigin(Batch: 50), network, data, Truth: Origin),
        ];
        output.WriteLine("| estimate | held | z: mean | z: spread |");
        output.WriteLine("| --- | --- | --- | --- |");
        List<string> off = [];
        var chosen = Environment.GetEnvironmentVariable("OCCAM_COVERAGE_OF") ?? "";
        foreach (var row in rows.Where(row => row.Name.Contains(chosen, StringComparison.Ordinal)))
        {
            var subject = new Subject(row.Network);
            MeasureContext Context(int? directions, int seed) =>
                new(subject, row.Data, new MeasureOptions { Directions = directions, Seed = seed });
            Uncertain[] found = [.. Enumerable.Range(0, seeds).Select(seed => (row.Of ?? (result => result.Quantity!.Value))(
                row.Measure.Measurement(Context(row.Directions, seed))))];
            var truth = row.Exact ? row.Measure.Measurement(Context(null, 0)).Value!.Value
                : row.Truth?.Invoke(Context(null, 0)) ?? found.Average(one => one.Value);
            var share = found.Count(one => one.Interval95 is { } interval && interval.Holds(truth)) / (double)seeds;
            double[] z = [.. found.Select(one => (one.Value - truth) / one.StandardError)];
            output.WriteLine(FormattableString.Invariant($"| {row.Name} | {share:P1} | {z.Mean():F2} | {z.StandardDeviation():F2} |"));
            if (share is < 0.93 or > 0.97)
            {
                off.Add(row.Name);
            }
        }

        Assert.Empty(off);
    }

    // An estimate among the details, with the error that stands beside it.
    private static Uncertain Detail(MeasureResult result, string name) =>
        Uncertain.Estimated(result.Detail(name), result.Detail(name + ".standardError"));

    private static double DiagonalShare(MeasureContext context)
    {
        using var scope = Libtorch.NewDisposeScope();
        var H = HessianOf(LossSurface.Of(context, out _)!);
        return H.Diagonal().Square().Sum().Item() / H.Square().Sum().Item();
    }

    private static double Trace(MeasureContext context)
    {
        using var scope = Libtorch.NewDisposeScope();
        var surface = LossSurface.Of(context, out _)!;
        return HessianOf(surface).Diagonal().Sum().Item();
    }

    // Σ λ/(λ + z) over the eigenvalues of the Gauss–Newton matrix, written out.
    private static double EffectiveParameters(MeasureContext context)
    {
        using var scope = Libtorch.NewDisposeScope();
        var loss = ParameterLoss.Of(context, out _)!;
        var size = (int)loss.Weights.Size;
        using var matrix = loss.Curvature(CurvatureMatrix.GaussNewton, size);
        var dense = Tensor.Stack([.. Enumerable.Range(0, size).Select(i => matrix.Times([Unit(size, i)])[0])], 0);
        var z = new SpectralDensity().Z;
        return dense.EigenvaluesSymmetric().ToArray<double>().Sum(value => Math.Max(value, 0) / (Math.Max(value, 0) + z));
    }

    private static Tensor Unit(int size, int place)
    {
        var unit = new double[size];
        unit[place] = 1;
        return Tensor.FromArray(unit, size);
    }

    private static Func<MeasureContext, double> Flatness(bool magnitudeAware) => context => Math.Pow(Sigma(context, magnitudeAware), -2);

    private static double Origin(MeasureContext context)
    {
        var (sigma, m) = (Sigma(context, magnitudeAware: false), context.Data!.Count);
        var squared = LossSurface.Of(context, out _)!.Weights.Origin.Square().Sum().Item();
        return (squared / (4 * sigma * sigma)) + Math.Log(m / sigma) + 10;
    }

    // The σ at which the mean of the errors under 3,000 draws is raised by a tenth, on all data.
    private static double Sigma(MeasureContext context, bool magnitudeAware)
    {
        const int Draws = 3000;
        var surface = LossSurface.Of(context, out _)!;
        var batch = new MiniBatches(context, context.Data!.Count).Next();
        var own = surface.Errors.Average();
        return Bisect(sigma =>
        {
            using var scope = Libtorch.NewDisposeScope();
            Tensor Scale(Tensor w) => ((w.Square() * (sigma * sigma)) + 1e-6).Sqrt();
            using var noise = new GaussianNoise(context, surface, magnitudeAware ? Scale : null);
            var rise = 0.0;
            for (var draw = 0; draw < Draws; draw++)
            {
                noise.Draw();
                noise.Move(magnitudeAware ? 1 : sigma);
                rise += (surface.On(batch).Error - own) / Draws;
            }

            return rise;
        });
    }

    // Where a function that rises is a tenth.
    private static double Bisect(Func<double, double> of)
    {
        var (low, high) = (1e-4, 1e2);
        while (high / low > 1.0005)
        {
            var middle = Math.Sqrt(low * high);
            (low, high) = of(middle) > SigmaSearch.Target ? (low, middle) : (middle, high);
        }

        return Math.Sqrt(low * high);
    }

    private static Tensor HessianOf(Network network, DataSet data) => HessianOf(LossSurface.Of(Context(network, data), out _)!);

    private static Tensor HessianOf(LossSurface surface)
    {
        var size = (int)surface.Weights.Size;
        using var hessian = surface.Hessian(size);
        return Tensor.Stack(hessian.Times([.. Enumerable.Range(0, size).Select(i => Unit(size, i))]), 0);
    }

    // Labels that the network gives, so that noise raises its error from 0.
    private static DataSet OwnLabels(Network network, int count)
    {
        using var scope = Libtorch.NewDisposeScope();
        var data = Gaussian(count, 3, 4);
        var logits = network.Forward(Context(network, data).Examples(0, count));
        return DataSet.FromArrays(
            "own", [4], [.. Examples(data).SelectMany(x => x)], [.. logits.ArgMax(1).ToArray<long>().Select(label => (int)label)]);
    }

    private static IEnumerable<Uncertain> Repeated(int times, Func<int, Uncertain> of) => Enumerable.Range(0, times).Select(of);

    private static void AssertCovers(double truth, IEnumerable<Uncertain> found)
    {
        Uncertain[] all = [.. found];
        AssertShare(all.Count(one => one.Interval95!.Holds(truth)) / (double)all.Length);
    }

    private static void AssertShare(double share) => Assert.InRange(share, 0.93, 0.97);

    private sealed record Row(
        string Name, Measure Measure, Network Network, DataSet Data, bool Exact = false, int? Directions = null,
        Func<MeasureContext, double>? Truth = null, Func<MeasureResult, Uncertain>? Of = null);
}
