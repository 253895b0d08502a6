using Occam.Measures.Posterior;
using Xunit;

namespace Occam.Tests.Measures.Posterior;

public sealed class ChainAgreementTests
{
    [Fact]
    public void Independent_draws_agree_and_all_count()
    {
        var found = ChainAgreement.Of(Chains(0, 4, 2000));
        Assert.InRange(found.RHat, 0.999, 1.005);
        Assert.InRange(found.EffectiveSize, 6500, 9500);
        Assert.InRange(found.StandardError * Math.Sqrt(8000), 0.5, 1.6);
        Assert.Equal(7, found.Estimate.DegreesOfFreedom);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(-0.4)]
    public void Of_an_autoregression_as_many_are_effective_as_theory_says(double phi)
    {
        // The mean of n draws of x' = φx + √(1−φ²) ξ has the variance of n (1 − φ)/(1 + φ) independent ones.
        var found = ChainAgreement.Of(Chains(phi, 4, 20_000));
        Assert.InRange(found.EffectiveSize / (80_000 * (1 - phi) / (1 + phi)), 0.85, 1.15);
    }

    [Fact]
    public void Chains_about_different_means_disagree()
    {
        var chains = Chains(0, 4, 200);
        chains[2] = Array.ConvertAll(chains[2], draw => draw + 2);
        Assert.InRange(ChainAgreement.Of(chains).RHat, 1.2, 2);

        // By hand: two chains of halves (0, 2 | 0, 2) and (10, 12 | 10, 12) repeated.
        double[] low = [0, 2, 0, 2, 0, 2, 0, 2], high = Array.ConvertAll(low, draw => draw + 10);
        var (within, between) = (4.0 / 3, 100.0 / 3);
        Assert.Equal(Math.Sqrt(((within * 3 / 4) + between) / within), ChainAgreement.Of([low, high]).RHat, 12);
    }

    [Fact]
    public void A_chain_that_drifts_disagrees_with_itself()
    {
        double[][] drifting = [.. Chains(0, 4, 200).Select(chain => chain.Select((x, i) => x + (i / 50.0)).ToArray())];
        Assert.InRange(ChainAgreement.Of(drifting).RHat, 1.2, 2);
    }

    [Fact]
    public void Chains_that_stand_still_have_no_agreement() =>
        Assert.Equal(double.NaN, ChainAgreement.Of([new double[20], new double[20]]).RHat);

    private static double[][] Chains(double phi, int count, int draws)
    {
        SeededRandom random = new(3);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var x = random.NextGaussian();
            return Enumerable.Range(0, draws)
                .Select(_ => x = (phi * x) + (Math.Sqrt(1 - (phi * phi)) * random.NextGaussian())).ToArray();
        })];
    }
}
