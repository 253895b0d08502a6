using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// The trainings of Task 1 that Figures 2, 3 and 7 look at: every frequency from every seed. Figures computed together train once.
/// </summary>
internal static class CosineTrainings
{
    private static readonly TrainingMemory<ImmutableArray<TrajectoryRun>> s_memory = new();

    /// <summary>Seeds at a scale.</summary>
    public static int Seeds(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => 2,
        ExperimentScale.Laptop => 5,
        _ => 10,
    };

    /// <summary>What the trainings are at a scale.</summary>
    public static ExperimentSize Size(ExperimentScale scale) => new(
        $"4 frequencies, {CosineTask.UsualEpochs(scale):N0} epochs of {CosineTask.Points} points",
        Seeds(scale),
        TimeSpan.FromSeconds(scale == ExperimentScale.Smoke ? 3 : 12 * Seeds(scale)));

    /// <summary>Trains all.</summary>
    public static ImmutableArray<TrajectoryRun> Run(ExperimentContext context) => s_memory.Get(context, () =>
    {
        (double Frequency, int Seed)[] all =
            [.. from frequency in CosineTask.Frequencies from seed in context.Seeds select (frequency, seed)];
        return context.Replicate("Task 1: training", all, (item, replica) =>
        {
            var (training, test) = CosineTask.Data(item.Frequency, item.Seed, inputScale: context.Value(CosineTask.InputScale));
            return TrajectoryRun.Train(
                $"ω = {item.Frequency}",
                item.Frequency,
                item.Seed,
                CosineTask.Network(item.Seed, 32, 32, 32),
                training,
                test,
                CosineTask.Settings(item.Seed, CosineTask.EpochsOf(context)),
                replica);
        });
    });
}
