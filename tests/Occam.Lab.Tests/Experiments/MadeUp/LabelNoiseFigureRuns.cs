using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrainings;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>Figure 3, middle and right: complexities by label noise in four readings.</summary>
internal abstract class LabelNoiseFigureRuns(LabelNoiseExperiment experiment) : MadeUpRuns<LabelNoiseRuns>(experiment)
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, LabelNoiseRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("falls where labels are replaced once, at the best accuracy; else rises", new(Of(Down, Up), Of(Up, Up)),
            Expected(Verdict.Reproduced, Verdict.NotReproduced, Verdict.NotReproduced, Verdict.NotReproduced)),
        ("rises there; else falls", new(Of(Up, Down), Of(Down, Down)),
            Expected(Verdict.NotReproduced, Verdict.Reproduced, Verdict.Reproduced, Verdict.Reproduced)),
        ("between falling and staying, for the spread of the seeds", new(Of(Little, Little, spread: 0.7), Of(Little, Little, spread: 0.7)),
            Expected(Verdict.Undecided, Verdict.Undecided, Verdict.Undecided, Verdict.Undecided)),
    ];

    private static double[] Little { get; } = [10.5, 10.2, 10];

    private static (string Claim, Verdict Verdict)[] Expected(Verdict onceBest, Verdict alwaysBest, Verdict onceEnd, Verdict alwaysEnd) =>
    [
        ("once-best-complexity-falls", onceBest), ("every-step-best-complexity-falls", alwaysBest),
        ("once-end-complexity-falls", onceEnd), ("every-step-end-complexity-falls", alwaysEnd),
    ];
}

/// <summary>gc-3-noise-cifar.</summary>
internal sealed class LabelNoiseCifarRuns() : LabelNoiseFigureRuns(new LabelNoiseCifar());

/// <summary>gc-3-noise-mnist.</summary>
internal sealed class LabelNoiseMnistRuns() : LabelNoiseFigureRuns(new LabelNoiseMnist());
