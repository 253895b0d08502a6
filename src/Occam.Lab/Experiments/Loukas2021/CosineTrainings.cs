using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Networks;
using Occam.Training;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// The trainings of Task 1: every frequency from every seed. Figures 2, 3 and 7 look at the same; computed together they train once.
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

    /// <summary>What the trainings are at a scale; they are small enough to be the paper's on a laptop.</summary>
    public static ExperimentSize Size(ExperimentScale scale) => new(
        $"4 frequencies, {CosineTask.UsualEpochs(scale):N0} epochs of {CosineTask.Points} points",
        Seeds(scale),
        TimeSpan.FromSeconds(scale == ExperimentScale.Smoke ? 3 : 12 * Seeds(scale)));

    /// <summary>Those of the figures: the first weights are the identity for good.</summary>
    public static ImmutableArray<TrajectoryRun> Run(ExperimentContext context) => s_memory.Get(context, () => Train(
        context, "Task 1: training", CosineTask.Network, seed => CosineTask.Settings(seed, CosineTask.EpochsOf(context))));

    /// <summary>Trains every frequency from every seed.</summary>
    /// <param name="context">What the figure is run with.</param>
    /// <param name="stage">The name of the stage.</param>
    /// <param name="network">The network of a seed.</param>
    /// <param name="settings">How it is trained.</param>
    public static ImmutableArray<TrajectoryRun> Train(
        ExperimentContext context, string stage, Func<int, Network> network, Func<int, TrainingSettings> settings)
    {
        (double Frequency, int Seed)[] all =
            [.. from frequency in CosineTask.Frequencies from seed in context.Seeds select (frequency, seed)];
        return context.Replicate(stage, all, (item, replica) => Train(
            context, item.Frequency, item.Seed, network(item.Seed), settings(item.Seed), replica));
    }

    /// <summary>Trains one.</summary>
    public static TrajectoryRun Train(
        ExperimentContext context, double frequency, int seed, Network network, TrainingSettings settings, Replica replica)
    {
        var (training, test) = CosineTask.Data(frequency, seed, inputScale: context.Value(CosineTask.InputScale));
        return TrajectoryRun.Train($"ω = {frequency}", frequency, seed, network, training, test, settings, replica);
    }
}
