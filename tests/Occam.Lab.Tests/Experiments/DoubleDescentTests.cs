using MathNet.Numerics.Distributions;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

/// <summary>gc-5 looks for dips, peaks and bottoms in many places: where there are none, chance must not make them.</summary>
public sealed class DoubleDescentTests
{
    private const int Repetitions = 400;

    private const int Widths = 8;

    [Theory]
    [InlineData("loss-descends-twice", 3, 0)]
    [InlineData("loss-descends-twice", 10, 0)]
    [InlineData("complexity-descends-twice", 5, 0.5)]
    [InlineData("loss-is-u-shaped", 3, 0)]
    [InlineData("loss-is-u-shaped", 10, 0.5)]
    public void A_shape_that_is_not_there_is_reproduced_at_most_at_the_stated_rate(string claim, int seeds, double fall)
    {
        var (figure, random) = (new DoubleDescent(), new Random(11));
        var reproduced = Enumerable.Range(0, Repetitions).Count(_ => figure
            .Verdicts(new ComplexityRuns([.. Trainings(seeds, fall, random)]), ExperimentScale.Laptop)
            .Single(block => block.Id == claim).Verdict == Verdict.Reproduced);

        Assert.InRange((double)reproduced / Repetitions, 0, Evidence.Level + (3 * Math.Sqrt(Evidence.Level / Repetitions)));
    }

    // Both fall from width to width by so many standard deviations of a seed, or not at all; labels are learned from the fifth on.
    private static IEnumerable<ComplexityRun> Trainings(int seeds, double fall, Random random) =>
        from width in Enumerable.Range(0, Widths)
        from seed in Enumerable.Range(0, seeds)
        let loss = width < 4 ? 1 : 0.01
        let end = new ComplexityMeasurement(
            100, 0.5, Normal.Sample(random, -fall * width, 1), Normal.Sample(random, -fall * width, 1), 1)
        select new ComplexityRun($"width {width}", width, seed, [new(100, loss, 1, 0.5, 1)], end, end);
}
