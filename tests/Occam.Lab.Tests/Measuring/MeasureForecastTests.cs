using Occam.Lab.Measuring;
using Xunit;

namespace Occam.Lab.Tests.Measuring;

public sealed class MeasureForecastTests
{
    private static readonly List<(double Share, double Seconds)> s_steady =
        [.. Enumerable.Range(1, 400).Select(i => (i / 400.0, (double)i))];

    [Fact]
    public void What_is_long_is_told_once_from_its_first_part()
    {
        // One per cent in four seconds.
        var said = Said(s_steady);

        Assert.Equal(("the measure", 400), Assert.Single(said));
    }

    [Fact]
    public void What_is_short_or_was_told_already_is_not()
    {
        Assert.Empty(Said([(0.1, 2.1), (0.5, 10), (1, 21)]));
        Assert.Empty(Said([(0.02, 0.1), (1, 5)]));
        Assert.Empty(Said([(0, 3), (double.NaN, 4)]));
        Assert.Empty(Said(s_steady, isTold: true));
    }

    [Fact]
    public void A_share_that_hardly_grows_is_taken_after_a_while() =>
        Assert.Equal(("the measure", 16_000), Assert.Single(Said([(0.0001, 2), (0.0005, 8), (0.001, 16), (0.002, 32)])));

    private static List<(string What, double Seconds)> Said(IEnumerable<(double Share, double Seconds)> reports, bool isTold = false)
    {
        List<(string, double)> said = [];
        var forecast = new MeasureForecast("the measure", (what, time) => said.Add((what, Math.Round(time.TotalSeconds))));
        if (isTold)
        {
            forecast.IsTold();
        }

        foreach (var (share, seconds) in reports)
        {
            forecast.Report(share, TimeSpan.FromSeconds(seconds));
        }

        return said;
    }
}
