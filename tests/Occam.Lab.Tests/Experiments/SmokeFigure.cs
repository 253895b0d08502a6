using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

/// <summary>A figure at the smoke scale, which judges nothing.</summary>
internal static class SmokeFigure
{
    /// <summary>Asserts that a figure is all there: claims, undecided, also when its runs have been a file; panels and tables.</summary>
    public static void AssertIsWhole(Experiment experiment, ExperimentOutcome outcome)
    {
        Assert.Equal(experiment.Claims.Select(claim => claim.Text), outcome.Verdicts.Select(verdict => verdict.Claim.PlainText));
        Assert.All(outcome.Verdicts, verdict => Assert.Equal(Verdict.Undecided, verdict.Verdict));
        KeptRuns.AssertJudgedAlike(experiment, outcome.RawRuns, ExperimentScale.Smoke, outcome.Verdicts);
        Assert.NotEmpty(outcome.Panels);
        Assert.All(outcome.Tables, table => Assert.NotEmpty(table.Rows));
        Assert.All(outcome.Tables, table => Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Count)));
    }
}
