using Occam.Measures.Posterior;
using Xunit;
using static Occam.Tests.Measures.Posterior.Potential;

namespace Occam.Tests.Measures.Posterior;

public sealed class HamiltonianChainTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2, 1.0 / 2)]
    [InlineData(4, 1.0 / 4)]
    [InlineData(6, 1.0 / 6)]
    public void The_learning_coefficient_of_a_power_is_one_over_it(int p, double exact)
    {
        // The localization is so weak that it takes less than 1 %.
        Assert.InRange(ExactPower(p, 1e4, 1e-2), 0.99 * exact, exact);
        var found = Sample(Power(p), 1e4, 1e-2, draws: 4000, leaps: 40);
        Assert.Null(found.Problem);
        Assert.InRange(found.Coefficient.Mean, 0.93 * exact, 1.07 * exact);
        Assert.True(found.Coefficient.Estimate.Interval95!.Holds(exact) || Math.Abs(found.Coefficient.Mean - exact) < 0.01 * exact);
    }

    // Inputs, hidden units, outputs: cases 1 (odd and even), 2, 3 and 4 of Aoyagi and Watanabe 2005, the true rank being 0.
    [Theory]
    [InlineData(5, 3, 5)]
    [InlineData(5, 4, 5)]
    [InlineData(4, 3, 8)]
    [InlineData(8, 3, 4)]
    [InlineData(3, 8, 4)]
    public void Reduced_rank_regressions_have_the_coefficients_of_Aoyagi_and_Watanabe(int m, int h, int n)
    {
        var found = Sample(ReducedRank(m, h, n), 1e5, 1, draws: 400);
        Assert.Null(found.Problem);
        var exact = AoyagiWatanabe(m, h, n, 0);
        Assert.InRange(found.Coefficient.Mean / exact, 0.9, 1.1);
        Assert.InRange(found.Coefficient.StandardError / exact, 0, 0.03);
    }

    [Fact]
    public void The_closed_form_is_one_function_where_its_cases_meet()
    {
        Assert.Equal(6.5, AoyagiWatanabe(5, 3, 5, 0));
        for (var (m, r) = (1, 0); m < 9; m++)
        {
            for (var h = 1; h < 9; h++)
            {
                // n = m + h − r is the border of cases 1 and 2, and h = m + n that of 1 and 4.
                Assert.Equal(((h * m) - (h * r) + ((m + h - r) * r)) / 2.0, AoyagiWatanabe(m, h, m + h - r, r));
                Assert.Equal(m * h / 2.0, AoyagiWatanabe(m, m + h, h, r));
            }
        }
    }

    [Fact]
    public void The_trajectories_are_exact_whatever_their_steps()
    {
        // A localization that matters, and an anharmonic loss: the mean is that of the density by quadrature.
        var exact = ExactPower(4, 30, 8);
        var found = Sample(Power(4), 30, 8, draws: 6000, leaps: 6);
        Assert.InRange(Math.Abs(found.Coefficient.Mean - exact) / found.Coefficient.StandardError, 0, 3.5);
        Assert.InRange(found.Coefficient.StandardError / exact, 0, 0.05);
    }

    [Fact]
    public void Of_a_quadratic_each_direction_counts_by_its_curvature_against_the_localization()
    {
        double[] h = [100, 10, 1, 0.1, 0];
        const double t = 50, gamma = 20;
        var found = Sample(Quadratic(h), t, gamma, draws: 3000);
        var exact = h.Sum(one => t * one / ((t * one) + gamma)) / 2;
        Assert.InRange(Math.Abs(found.Coefficient.Mean - exact) / found.Coefficient.StandardError, 0, 3.5);

        // ∂λ/∂ln γ = −½ Σ γ t h/(t h + γ)².
        var slope = -h.Sum(one => gamma * t * one / Math.Pow((t * one) + gamma, 2)) / 2 / exact;
        Assert.InRange(found.LocalizationElasticity / slope, 0.8, 1.2);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void The_intervals_hold_the_coefficient_as_often_as_they_say(int p)
    {
        // OCCAM_COVERAGE=1000 for the numbers of docs/measures.md.
        var repeats = int.TryParse(Environment.GetEnvironmentVariable("OCCAM_COVERAGE"), out var asked) ? asked : 200;
        var (exact, held, told) = (ExactPower(p, 100, 1), 0, 0);
        for (var seed = 0; seed < repeats; seed++)
        {
            var found = Sample(Power(p), 100, 1, draws: 200, leaps: 12, seed: seed);
            if (found.Problem is null)
            {
                told++;
                held += found.Coefficient.Estimate.Interval95!.Holds(exact) ? 1 : 0;
            }
        }

        // Three standard deviations of a share of 95 % among so many, and a percent.
        output.WriteLine(FormattableString.Invariant($"x^{p}: {told} of {repeats} told, {(double)held / told:P1} held"));
        Assert.InRange(told, 0.95 * repeats, repeats);
        Assert.InRange(held / (double)told, 0.94 - (3 * Math.Sqrt(0.05 * 0.95 / told)), 1);
    }

    [Fact]
    public void Chains_that_go_too_slowly_to_agree_are_refused()
    {
        // A direction a thousand times wider than another, by single steps: the chains agree, but have seen only half of the directions.
        var found = Sample(Quadratic(1e3, 1e-3), 1, 1e-6, draws: 200, leaps: 1);
        Assert.Contains("of the directions", found.Problem);
        Assert.InRange(found.Explored.Mean, 0.4, 0.7);
        Assert.Null(Sample(Quadratic(1e3, 1e-3), 1, 1e-6, draws: 200, leaps: 4000).Problem);

    }

    [Fact]
    public void The_draws_are_the_same_however_many_chains_run_at_a_time()
    {
        PosteriorSample Of(int width)
        {
            LocalPosterior density = new([0, 0], 10, 1);
            return PosteriorSample.Of(
                density, 3, 20, number => new HamiltonianChain(Quadratic(1, 2), density, 8, new SeededRandom(5, number)),
                cancellation: TestContext.Current.CancellationToken, width: width);
        }

        Assert.Equal(Of(1).Chains.SelectMany(chain => chain), Of(3).Chains.SelectMany(chain => chain));
    }

    /// <summary>λ of reduced-rank regression with m inputs, h hidden units, n outputs and a truth of rank r.</summary>
    private static double AoyagiWatanabe(int m, int h, int n, int r) =>
        m + h < n + r ? ((h * m) - (h * r) + (n * r)) / 2.0
        : n + h < m + r ? ((h * n) - (h * r) + (m * r)) / 2.0
        : m + n < h + r ? m * n / 2.0
        : (((m + h + n + r) % 2) - Math.Pow(h + r, 2) - (m * m) - (n * n) + (2 * (h + r) * (m + n)) + (2 * m * n)) / 8.0;
}
