using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>
/// A figure of the trainings on ten points of a parabola: <see cref="Parabola"/> says what is stated and what was chosen. Figures computed
/// together train once.
/// </summary>
internal abstract class ParabolaFigure(string id, string title, string paper, string figure)
    : Experiment<ParabolaRuns>(id, title, paper, figure)
{
    private const int SmokeSteps = 300;

    private static readonly TrainingMemory<ParabolaRuns> s_memory = new();

    /// <inheritdoc/>
    public sealed override ExperimentSize Size(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => new ExperimentSize("300 steps", 1, TimeSpan.FromSeconds(2)),
        ExperimentScale.Laptop => new ExperimentSize("30,000 steps", 5, TimeSpan.FromSeconds(20)),
        _ => new ExperimentSize("30,000 steps", 10, TimeSpan.FromSeconds(40)),
    };

    /// <inheritdoc/>
    public sealed override ParabolaRuns Compute(ExperimentContext context)
    {
        context.Progress?.Begin("training");
        return s_memory.Get(context, () => new Parabola(new ParabolaOptions
        {
            Seeds = context.Seeds.Length,
            Seed = context.Seeds[0],
            Steps = context.Scale == ExperimentScale.Smoke ? SmokeSteps : ParabolaOptions.PaperSteps,
            Parallel = context.Threads,
            Progress = share => context.Progress?.Report(share),
            Cancellation = context.Cancellation,
        }).Run());
    }

    /// <summary>What was recorded at each step, as a table.</summary>
    protected static RawTable Track(ParabolaRuns runs) => RawTable.Of(
        "track",
        "loss, lengths and energy at each recorded step of each seed; geometric complexity is twice the energy",
        runs.Runs.SelectMany(run => run.Track.Select(point => (run.Seed, Point: point))),
        ("seed", row => row.Seed),
        ("step", row => row.Point.Step),
        ("loss", row => row.Point.Loss),
        ("arc_length", row => row.Point.ArcLength),
        ("shortest_for_its_values", row => row.Point.ShortestForItsValues),
        ("shortest_for_its_error", row => row.Point.ShortestForItsError),
        ("dirichlet_energy", row => row.Point.DirichletEnergy),
        ("geometric_complexity", row => 2 * row.Point.DirichletEnergy),
        ("pieces", row => row.Point.Pieces));
}
