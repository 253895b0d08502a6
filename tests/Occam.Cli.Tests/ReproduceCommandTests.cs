using System.Text.Json;
using Occam.Cli.Running;
using Occam.Lab.Experiments.Contract;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class ReproduceCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Listing_names_every_experiment_in_a_line_with_its_times()
    {
        var outcome = Workplace.Run("reproduce", "--list");

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.All(ExperimentCatalogue.All.Keys, id => Assert.Contains(id, outcome.Output));
        Assert.Matches(@"gor-1\s.*Dherin et al. 2021.*its own\s+2 s\s+20 s\s+40 s", outcome.Output);
        Assert.InRange(outcome.Output.Split('\n').Length, ExperimentCatalogue.All.Count, 2 * ExperimentCatalogue.All.Count);
    }

    [Fact]
    public void Listing_an_experiment_tells_its_claims_by_their_names()
    {
        var outcome = Workplace.Run("reproduce", "--list", "gor-1");

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.All(ExperimentCatalogue.Find("gor-1").Claims, claim =>
        {
            Assert.Contains($"{claim.Id}: ", outcome.Output);
            Assert.All(claim.Text.Split(' '), word => Assert.Contains(word, outcome.Output));
        });
        Assert.DoesNotContain("gor-2", outcome.Output);
    }

    [Fact]
    public void A_reproduction_prints_each_verdict_and_where_the_page_is()
    {
        var folder = _place.In("out");

        var outcome = Workplace.Run("reproduce", "gor-1", "--scale", "smoke", "--seeds", "2", "--seed", "7", "--out", folder);

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Equal(
            ExperimentCatalogue.Find("gor-1").Claims.Length,
            outcome.Output.Split('\n').Count(line => line.StartsWith("? undecided: ", StringComparison.Ordinal)));
        Assert.EndsWith($"The page: {Path.Combine(folder, "index.html")}\n", outcome.Output);
        using var record = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "experiment.json")));
        Assert.Equal([7, 8], record.RootElement.GetProperty("seeds").EnumerateArray().Select(seed => seed.GetInt32()));
        Assert.Equal($"occam reproduce gor-1 --scale smoke --seeds 2 --seed 7 --out {folder}", record.RootElement
            .GetProperty("command")
            .GetString());
        Assert.Contains("gor-1: training", outcome.Error);
    }

    [Theory]
    [InlineData("reproduce gor1", "unknown experiment 'gor1': did you mean 'gor-1'?")]
    [InlineData("reproduce", "no experiment is named")]
    [InlineData("reproduce gor-1 --scale huge", "unknown scale 'huge'")]
    [InlineData("reproduce gor-1 --seeds 0", "--seeds 0 is out of range")]
    [InlineData("reproduce gor-1 --set input-scale=10", "'input-scale' can't be set: gor-1 has nothing to set")]
    [InlineData("reproduce bth-9 --set input-scael=10", "unknown option 'input-scael': did you mean 'input-scale'?")]
    [InlineData("reproduce bth-9 --set input-scale=ten", "'--set input-scale=ten' can't be read")]
    [InlineData("reproduce gor-1 --device tpu", "unknown device 'tpu'")]
    [InlineData("reproduce gor-1 --scael smoke", "did you mean '--scale'?")]
    [InlineData("reproduce gor-1 --scale smoke --out /dev/null/x", "can't write to the folder '/dev/null/x'")]
    public void A_mistake_is_one_line(string line, string expected)
    {
        var outcome = Workplace.Run(line.Split(' '));

        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Contains(expected, outcome.Error.TrimEnd().Split('\n')[^1]);
        Assert.Equal("", outcome.Output);
    }
}
