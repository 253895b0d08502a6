using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>What networks must be like for the paper to speak of them.</summary>
internal static class Premises
{
    /// <summary>
    /// The finding, if all networks make no mistake on what they are measured on: "in all experiments, the training error of the learned
    /// network is zero" (Figure 1).
    /// </summary>
    public static Finding IfFitted(this Finding finding, IEnumerable<TrainedRun> runs)
    {
        TrainedRun[] all = [.. runs];
        TrainedRun[] failing = [.. all.Where(run => run.TrainingError != 0)];
        return finding
            .With("networks without a training error", all.Length - failing.Length, all.Length)
            .If(failing.Length == 0, $"{failing.Length} of {all.Length} networks make mistakes on their training set, "
                + $"{CapacityFigure.Percent(failing.Select(run => run.TrainingError).DefaultIfEmpty(0).Max())} of it at most"
                + Groups(failing));
    }

    /// <summary>The finding, if a norm can be divided by the square of each network's margin.</summary>
    public static Finding IfMarginsArePositive(this Finding finding, IEnumerable<NormValues> runs)
    {
        NormValues[] all = [.. runs];
        NormValues[] failing = [.. all.Where(run => !(run.Margin > 0))];
        return finding
            .With("networks of positive margin", all.Length - failing.Length, all.Length)
            .If(failing.Length == 0, $"{failing.Length} of {all.Length} networks have a margin that isn’t positive, "
                + $"{Numbers.Format(failing.Select(run => run.Margin).DefaultIfEmpty(0).Min(), 3)} at least, and a norm over its square "
                + $"means nothing{Groups(failing)}");
    }

    private static Finding With(this Finding finding, string name, int holding, int all) =>
        finding with { Statistics = [.. finding.Statistics, new Fact(name, $"{holding} of {all}")] };

    private static string Groups(IEnumerable<ISeededRun> failing) =>
        $" ({string.Join(", ", failing.OrderBy(run => run.Level).Select(run => run.Group).Distinct())})";
}
