using Occam.Cli.Running;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class ExplainCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_page_is_written_and_what_it_comes_to_is_printed()
    {
        var run = Train();
        var outcome = Workplace.Run("explain", run, "--out", _place.In("page.html"));

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Contains("In short", outcome.Output);
        Assert.Matches(@"the learning rate\s+\S+", outcome.Output);
        Assert.DoesNotMatch(@"\d\.\d{9}", outcome.Output); // rounded to their errors
        Assert.Contains("page.html", outcome.Error);
        Assert.Contains("Where it sits", File.ReadAllText(_place.In("page.html")));
    }

    [Fact]
    public void Json_has_every_number_with_its_error()
    {
        var run = Train();
        var json = Workplace.Run("explain", run, "--json").Json;

        Assert.Equal(["the loss", "the learning rate", "l2"], json.GetProperty("mechanisms")
            .GetProperty("pulls")
            .EnumerateArray()
            .Select(pull => pull.GetProperty("name").GetString()));
        Assert.Equal(1, json.GetProperty("mechanisms")
            .GetProperty("pulls")
            .EnumerateArray()
            .Sum(pull => pull.GetProperty("share").GetDouble()), 1e-9);
        Assert.True(
            json.GetProperty("mechanisms").GetProperty("implicit").GetProperty("total").GetProperty("standardError").GetDouble() > 0);
        Assert.Equal(20, json.GetProperty("place").GetProperty("complexity").GetProperty("perExample").GetArrayLength());
        Assert.True(File.Exists(Path.Combine(run, "explanation.html")));
    }

    [Fact]
    public void Without_the_data_the_rest_is_told_and_why_that_is_all()
    {
        var run = Train();
        File.Delete(_place.In("points.npz"));
        var json = Workplace.Run("explain", run, "--json").Json;

        Assert.False(json.TryGetProperty("place", out _));
        Assert.NotEmpty(json.GetProperty("growth").EnumerateArray());
        Assert.Contains(
            json.GetProperty("untold").EnumerateArray(), untold => untold.GetProperty("why").GetString()!.Contains("points.npz"));
    }

    [Theory]
    [InlineData("there is no run", "nowhere")]
    [InlineData("no test data", null, "--data", "test")]
    [InlineData("--limit 0 is out of range", null, "--limit", "0")]
    public void Mistakes_are_told_in_one_line(string expected, string? run, params string[] arguments)
    {
        var outcome = Workplace.Run(["explain", run ?? Train(), .. arguments]);

        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Contains(expected, Assert.Single(outcome.Error.Trim().Split('\n'), line => line.StartsWith("occam:")));
    }

    private string Train()
    {
        File.WriteAllText(_place.In("run.yaml"), $$"""
            network: { id: mlp, hidden: [5] }
            data: { train: {{_place.Points(count: 20)}} }
            loss: cross-entropy
            optimizer: { id: sgd, learning-rate: 0.1 }
            batch: 5
            epochs: 2
            regularizers: [{ id: l2, strength: 0.01 }]
            """);
        Assert.Equal(ExitCode.Success, Workplace.Run("train", _place.In("run.yaml"), "--out", _place.In("run")).Code);
        return _place.In("run");
    }
}
