using System.Globalization;
using System.Text.Json.Nodes;
using Occam.Cli.Running;
using Occam.Lab.Experiments.Contract;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class JudgeCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    private string Folder => _place.In("out");

    public void Dispose() => _place.Dispose();

    [Fact]
    public void The_verdicts_follow_from_the_runs_that_were_kept_and_what_was_changed_is_told()
    {
        Reproduce();

        var outcome = Workplace.Run("judge", Folder);
        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Equal(
            ExperimentCatalogue.Find("gor-1").Claims.Length,
            outcome.Output.Split('\n').Count(line => line.StartsWith("? undecided: ", StringComparison.Ordinal)));
        Assert.Contains("all are as they were written", outcome.Error);

        var record = Path.Combine(Folder, "experiment.json");
        File.WriteAllText(record, File.ReadAllText(record).Replace("\"undecided\"", "\"reproduced\"", StringComparison.Ordinal));
        var changed = Workplace.Run("judge", Folder);
        Assert.Equal(ExitCode.VerdictsDiffer, changed.Code);
        Assert.Matches("≠ .*: was reproduced, and is now undecided", changed.Output);
    }

    [Fact]
    public void Damaged_and_missing_runs_are_refused()
    {
        Reproduce();
        var runs = Path.Combine(Folder, "runs.json");
        var bytes = File.ReadAllBytes(runs);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(runs, bytes);

        var damaged = Workplace.Run("judge", Folder);
        Assert.Equal(ExitCode.UserError, damaged.Code);
        Assert.Contains("damaged", damaged.Error);

        File.Delete(runs);
        var missing = Workplace.Run("judge", Folder);
        Assert.Equal(ExitCode.UserError, missing.Code);
        Assert.Contains("runs.json", missing.Error);

        Assert.Contains("expected the folder of a run of occam reproduce", Workplace.Run("judge", _place.In("nowhere")).Error);
    }

    [Theory]
    [InlineData("experiment.json", "claims", "[null]")]
    [InlineData("experiment.json", "claims", null)]
    [InlineData("experiment.json", "data", null)]
    [InlineData("experiment.json", "claims.0.statistics", null)]
    [InlineData("experiment.json", "claims.0.reason", null)]
    [InlineData("experiment.json", "claims.0.id", "\"as-short\"")]
    [InlineData("experiment.json", "claims.1.id", "\"as-short\"")]
    [InlineData("runs.json", "runs.runs", "[]")]
    [InlineData("runs.json", "runs.runs", "[null]")]
    [InlineData("runs.json", "runs.runs.0", null)]
    [InlineData("runs.json", "runs.runs.0.track", null)]
    [InlineData("runs.json", "runs.runs.0.track", "[]")]
    [InlineData("runs.json", "runs", null)]
    [InlineData("runs.json", "runs", "{}")]
    public void Files_that_lack_what_they_had_are_told_and_no_mistake_of_the_program(string name, string place, string? json)
    {
        Reproduce();
        var file = Path.Combine(Folder, name);
        var whole = JsonNode.Parse(File.ReadAllText(file))!;
        whole.AsObject().Remove("digest");
        JsonNode? at = whole;
        var steps = place.Split('.');
        foreach (var step in steps[..^1])
        {
            at = at is JsonArray list ? list[int.Parse(step, CultureInfo.InvariantCulture)] : at![step];
        }

        Assert.NotNull(at);
        var value = json is null ? null : JsonNode.Parse(json);
        if (at is JsonArray array)
        {
            array[int.Parse(steps[^1], CultureInfo.InvariantCulture)] = value;
        }
        else
        {
            Assert.True(at.AsObject().ContainsKey(steps[^1]), $"{file} has no {place}: {whole.ToJsonString()[..200]}");
            at[steps[^1]] = value;
        }

        File.WriteAllText(file, whole.ToJsonString());

        foreach (var command in (string[][])[["judge", Folder], ["papers", "--record", Folder, "--results", _place.In("results")]])
        {
            var outcome = Workplace.Run(command);
            Assert.True(outcome.Code is ExitCode.UserError or ExitCode.VerdictsDiffer, $"{string.Join(' ', command)}: {outcome.Error}");
        }
    }

    [Fact]
    public void What_a_stranger_wrote_is_shown_as_it_can_be()
    {
        Reproduce();
        var record = Path.Combine(Folder, "experiment.json");
        File.WriteAllText(
            record,
            File.ReadAllText(record).Replace("\"id\": \"ends", "\"id\": \"\\u001b[31mends", StringComparison.Ordinal));

        var outcome = Workplace.Run("judge", Folder);

        Assert.Equal(ExitCode.VerdictsDiffer, outcome.Code);
        Assert.Contains("\\u001b[31mends", outcome.Output);
        Assert.DoesNotContain('\u001b', outcome.Output + outcome.Error);
    }

    private void Reproduce() => Assert.Equal(
        ExitCode.Success, Workplace.Run("reproduce", "gor-1", "--scale", "smoke", "--seeds", "2", "--out", Folder).Code);
}
