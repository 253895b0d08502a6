using System.Globalization;
using Occam.Lab.Ranking;
using Xunit;

namespace Occam.Lab.Tests.Ranking;

public sealed class ForeignRunsTests : IDisposable
{
    private static readonly RankingOptions s_options = new() { Resamples = 200 };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-rank-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>
    /// The gap is 10 by learning rate, and within one 0 to 5. A measure that follows the gap keeps its order; one that follows the learning
    /// rate alone, and runs against the gap within each, has a positive τ over all runs and −1 at each learning rate.
    /// </summary>
    [Fact]
    public void A_measure_that_follows_what_was_swept_is_told_from_one_that_follows_the_gap()
    {
        var ranking = Rank("rate,name,gap,follows,turns", from rate in new[] { 1, 2, 3 }
                                                          from run in Enumerable.Range(0, 6)
                                                          let gap = (10 * rate) + run
                                                          select $"{rate},r{rate},{gap},{2 * gap},{(10 * rate) - run}", ["rate"]);

        Assert.Equal(18, ranking.Runs.Length);
        Assert.Equal(["rate"], ranking.Hyperparameters);
        Assert.Equal(["follows", "turns"], ranking.Measures.Select(measure => measure.Measure).Order());
        var (follows, turns) = (Of(ranking, "follows"), Of(ranking, "turns"));
        Assert.Equal(1, follows.Tau.Value);
        Assert.True(follows.Robustness.IsKept);
        Assert.Equal((3, 3), (follows.Robustness.Kept, follows.Robustness.Parts.Length));
        // Of 153 pairs 45 lie within a rate.
        Assert.Equal((108 - 45) / 153.0, turns.Tau.Value!.Value, 12);
        Assert.False(turns.Robustness.IsKept);
        Assert.Equal(0, turns.Robustness.Kept);
        Assert.All(turns.Robustness.Parts, part => Assert.Equal(("rate", 6, -1.0), (part.Hyperparameter, part.Runs, part.Tau)));
        Assert.Contains("of 2 measures", RankingText.RobustnessNote(ranking), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("1 keeps", RankingText.RobustnessNote(ranking));
    }

    [Fact]
    public void Text_is_a_setting_and_numbers_are_measures_where_nothing_is_said()
    {
        var ranking = Rank("optimizer,gap,norm", ["sgd,1,1", "sgd,2,2", "adam,3,4", "adam,4,nan", "adam,,7"], []);
        Assert.Equal(["optimizer"], ranking.Hyperparameters);
        Assert.Equal(4, ranking.Runs.Length);
        Assert.Equal(("row 5", "its 'gap' is missing"), Assert.Single(ranking.LeftOut));
        var norm = Assert.Single(ranking.Measures);
        Assert.Equal(("norm", 3, 1, 1.0), (norm.Measure, norm.Runs, norm.LeftOut, norm.Tau.Value));
        Assert.Empty(norm.Robustness.Parts);
        Assert.Null(norm.Robustness.IsKept);
        Assert.Null(RankingText.RobustnessNote(ranking));
    }

    [Theory]
    [InlineData("gap,a\n1,2\n3,4\n", "gp", "no column 'gp': did you mean 'gap'? It has gap, a")]
    [InlineData("gap,name\n1,a\n3,b\n", "gap", "there is no measure to rank")]
    [InlineData("gap,a\n1,2\n", "gap", "has 1 run with a value of 'gap'")]
    public void What_cannot_be_ranked_is_refused(string table, string by, string why)
    {
        var path = Path.Combine(_folder.FullName, "runs.csv");
        File.WriteAllText(path, table);
        Assert.Contains(why, Assert.Throws<OccamException>(() => ForeignRuns.Rank(path, by, [], [], s_options)).Message);
    }

    private static MeasureRanking Of(SweepRanking ranking, string measure) => ranking.Measures.Single(one => one.Measure == measure);

    private SweepRanking Rank(string header, IEnumerable<string> rows, string[] settings)
    {
        var path = Path.Combine(_folder.FullName, "runs.csv");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"{header}\n{string.Join('\n', rows)}\n"));
        return ForeignRuns.Rank(path, "gap", settings, [], s_options);
    }
}
