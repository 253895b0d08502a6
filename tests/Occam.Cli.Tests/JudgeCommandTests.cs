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

    private void Reproduce() => Assert.Equal(
        ExitCode.Success, Workplace.Run("reproduce", "gor-1", "--scale", "smoke", "--seeds", "2", "--out", Folder).Code);
}
