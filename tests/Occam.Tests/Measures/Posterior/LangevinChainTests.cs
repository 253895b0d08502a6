using Occam.Measures.Posterior;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Posterior.Potential;

namespace Occam.Tests.Measures.Posterior;

public sealed class LangevinChainTests
{
    [Theory]
    [InlineData(0.02, 1)]
    [InlineData(0.1, 1)]
    [InlineData(0.2, 0.5)]
    public void Of_a_quadratic_the_variance_is_too_large_by_a_quarter_of_step_times_curvature(double step, double scale)
    {
        const double t = 3, h = 2, gamma = 1;
        LocalPosterior density = new([0], t, gamma);
        var sample = PosteriorSample.Of(
            density, 4, 4000, number => new LangevinChain(
                Quadratic(h), density, new LangevinScale(step, [scale]), 10, new Generator((ulong)number + 40)),
            cancellation: TestContext.Current.CancellationToken);
        var a = (t * h) + gamma;
        var exact = t * h / (2 * a) / (1 - (step * scale * a / 4));
        Assert.InRange(Math.Abs(sample.Coefficient.Mean - exact) / sample.Coefficient.StandardError, 0, 3.5);
        Assert.InRange(sample.Coefficient.StandardError / exact, 0, 0.03);
    }

    [Theory]
    [InlineData(2, 1.0 / 2)]
    [InlineData(4, 1.0 / 4)]
    [InlineData(6, 1.0 / 6)]
    public void The_learning_coefficient_of_a_power_is_one_over_it(int p, double exact)
    {
        const double t = 1e3, gamma = 1e-2;
        var width = Math.Pow(1 / t, 2.0 / p);
        var sample = PosteriorSample.Of(
            new LocalPosterior([0], t, gamma), 4, 8000,
            number => new LangevinChain(
                Power(p), new LocalPosterior([0], t, gamma), LangevinScale.Equal(0.01 * width, 1), 50, new Generator((ulong)number + 7)),
            cancellation: TestContext.Current.CancellationToken, width: Libtorch.Threads);

        Assert.Null(sample.Problem);
        Assert.InRange(ExactPower(p, t, gamma), 0.98 * exact, exact);
        Assert.InRange(sample.Coefficient.Mean, 0.92 * exact, 1.08 * exact);
    }

    /// <summary>
    /// Curvatures from 1 to 10,000: by equal steps, as small as the steepest asks for, the flat ones don't get around, and it is found out;
    /// by their own all do.
    /// </summary>
    [Fact]
    public void Weights_of_their_own_steps_get_around_where_equal_steps_do_not()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(3);
        double[] curvatures = [.. Enumerable.Range(0, 60).Select(i => Math.Pow(10, 4.0 * i / 59))];
        const double t = 100, gamma = 0.01;
        LocalPosterior density = new(new double[60], t, gamma);
        var scale = LangevinScale.Of(
            density, new Diagonal(curvatures), Tensor.Zeros([60], ScalarType.Float64, Device.Cpu), int.MaxValue, 0.2, 20, generator);
        PosteriorSample Sample(LangevinScale by) => PosteriorSample.Of(
            density, 4, 400, number => new LangevinChain(Quadratic(curvatures), density, by, 10, new Generator((ulong)number + 3)),
            cancellation: TestContext.Current.CancellationToken);

        var (equal, own) = (Sample(LangevinScale.Equal(0.2 / ((t * 1e4) + gamma), 60)), Sample(scale));

        Assert.NotNull(equal.Problem);
        Assert.Null(own.Problem);
        Assert.InRange(own.Coefficient.Mean, 0.97 * 30, 1.08 * 30);
        Assert.Equal(1, scale.Scale.Max(), 12);
    }

    private sealed class Diagonal(double[] numbers) : Occam.Measures.Sharpness.ISymmetricMatrix
    {
        private readonly Tensor _numbers = Tensor.FromArray(numbers, numbers.Length);

        public Tensor[] Times(IReadOnlyList<Tensor> vectors) => [.. vectors.Select(vector => vector * _numbers)];

        public double[] Forms(IReadOnlyList<Tensor> vectors) => [.. vectors.Select(vector => (vector * vector * _numbers).Sum().Item())];

        public void Dispose()
        {
        }
    }
}
