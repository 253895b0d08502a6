using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>gor-1 as an experiment among the others; <see cref="Parabola"/> says what is stated and what was chosen.</summary>
public sealed class ParabolaExperiment() : Experiment(
    Parabola.Id,
    "A wide network learns ten points and draws almost the shortest curve",
    Papers.Dherin2021,
    "Figure 1")
{
    private const int SmokeSteps = 300;

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims => ParabolaClaims.All;

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => new ExperimentSize("300 steps", 1, TimeSpan.FromSeconds(2)),
        ExperimentScale.Laptop => new ExperimentSize("30,000 steps", 3, TimeSpan.FromSeconds(40)),
        _ => new ExperimentSize("30,000 steps", 10, TimeSpan.FromSeconds(130)),
    };

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        context.Progress?.Begin("training");
        var parabola = new Parabola(new ParabolaOptions
        {
            Seeds = context.Seeds.Length,
            Seed = context.Seeds[0],
            Steps = context.Scale == ExperimentScale.Smoke ? SmokeSteps : ParabolaOptions.PaperSteps,
            Parallel = context.Threads,
            Progress = share => context.Progress?.Report(share),
            Cancellation = context.Cancellation,
        });
        var runs = parabola.Run();
        var verdicts = ParabolaClaims.Judge(parabola, runs);
        return new ExperimentOutcome
        {
            Headline = ParabolaPage.Headline(verdicts),
            Summary = ParabolaPage.Summary(parabola, runs),
            Verdicts = [.. verdicts],
            Panels = ParabolaPage.Panels(parabola, runs),
            Settings = [.. ParabolaPage.Settings(parabola), .. ParabolaClaims.Thresholds],
            Tables = [Track(runs), Functions(runs)],
        };
    }

    private static RawTable Track(IEnumerable<ParabolaRun> runs) => RawTable.Of(
        "track",
        "loss, arc length and energy at each recorded step of each seed",
        runs.SelectMany(run => run.Track.Select(point => (run.Seed, Point: point))),
        ("seed", row => row.Seed),
        ("step", row => row.Point.Step),
        ("loss", row => row.Point.Loss),
        ("arc_length", row => row.Point.ArcLength),
        ("shortest_for_its_values", row => row.Point.ShortestForItsValues),
        ("dirichlet_energy", row => row.Point.DirichletEnergy),
        ("pieces", row => row.Point.Pieces));

    private static RawTable Functions(IEnumerable<ParabolaRun> runs) => RawTable.Of(
        "functions",
        "the corners of the learned function at the paper’s steps",
        from run in runs
        from shown in run.Shown
        from corner in shown.X.Zip(shown.Y)
        select (run.Seed, shown.Step, X: corner.First, Y: corner.Second),
        ("seed", row => row.Seed),
        ("step", row => row.Step),
        ("x", row => row.X),
        ("y", row => row.Y));
}
