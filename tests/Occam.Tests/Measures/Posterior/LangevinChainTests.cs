using Occam.Measures.Posterior;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Posterior.Potential;

namespace Occam.Tests.Measures.Posterior;

public sealed class LangevinChainTests
{
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.1)]
    public void Of_a_quadratic_the_variance_is_too_large_by_a_quarter_of_step_times_curvature(double step)
    {
        const double t = 3, h = 2, gamma = 1;
        LocalPosterior density = new([0], t, gamma);
        var sample = PosteriorSample.Of(
            density, 4, 4000, number => new LangevinChain(Quadratic(h), density, step, 10, new Generator((ulong)number + 40)),
            cancellation: TestContext.Current.CancellationToken);
        var a = (t * h) + gamma;
        var exact = t * h / (2 * a) / (1 - (step * a / 4));
        Assert.InRange(Math.Abs(sample.Coefficient.Mean - exact) / sample.Coefficient.StandardError, 0, 3.5);
        Assert.InRange(sample.Coefficient.StandardError / exact, 0, 0.03);
    }
}
