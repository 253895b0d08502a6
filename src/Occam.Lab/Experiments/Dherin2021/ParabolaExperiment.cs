using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>gor-1: Figure 1 of Dherin et al. 2021, <see cref="Parabola"/> at the paper's eight steps.</summary>
internal sealed class ParabolaExperiment() : ParabolaFigure(
    "gor-1",
    "A network of 180,000 parameters learns ten points, and draws almost the shortest curve",
    Papers.Dherin2021,
    "Figure 1")
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<ParabolaRuns>> JudgedClaims =>
        [ParabolaClaims.EndsShortest, ParabolaClaims.IsShortestForItsError, ParabolaClaims.IsShortestForItsValues];

    /// <inheritdoc/>
    public override ExperimentFigure Show(ExperimentContext context, ParabolaRuns runs, IReadOnlyList<VerdictBlock> verdicts) => new()
    {
        Summary = ParabolaPage.Summary(runs),
        Panels = ParabolaPage.Panels(runs),
        Settings = [.. ParabolaPage.Settings(runs), ParabolaClaims.AtTheEnd, ParabolaClaims.StaysNear],
        Tables = [Track(runs), Functions(runs)],
    };

    private static RawTable Functions(ParabolaRuns runs) => RawTable.Of(
        "functions",
        "the corners of the learned function at the paper’s steps",
        from run in runs.Runs
        from shown in run.Shown
        from corner in shown.X.Zip(shown.Y)
        select (run.Seed, shown.Step, X: corner.First, Y: corner.Second),
        ("seed", row => row.Seed),
        ("step", row => row.Step),
        ("x", row => row.X),
        ("y", row => row.Y));
}
