using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>The panels that the figures of Task 1 share: losses by epoch.</summary>
internal static class CosineFigure
{
    /// <summary>The training loss.</summary>
    public static Chart TrainingLoss(IReadOnlyList<TrajectoryRun> runs) => Loss("Training loss", runs, run => run.TrainingLoss);

    /// <summary>The test loss.</summary>
    public static Chart TestLoss(IReadOnlyList<TrajectoryRun> runs) => Loss("Test loss", runs, run => run.TestLoss);

    private static Chart Loss(string title, IReadOnlyList<TrajectoryRun> runs, Func<TrajectoryRun, IReadOnlyList<double>> loss) =>
        TrajectoryFigure.Panel(title, "epoch", new Axis("½(f − y)²", Scale.Log), "frequency ω", runs, loss, CosineTask.Points);
}
