using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrainings;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>A part of Figure 3, left: complexities by the strength of a regularizer, at two moments.</summary>
internal abstract class RegularizedResNetRuns(RegularizedResNet experiment) : MadeUpRuns<ComplexityRuns>(experiment)
{
    private const string Best = "best-complexity-falls";
    private const string End = "end-complexity-falls";

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ComplexityRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("falls at the best accuracy only", new(Of(best: Down, end: Up)), [(Best, Verdict.Reproduced), (End, Verdict.NotReproduced)]),
        ("falls at the end only", new(Of(best: Up, end: Down)), [(Best, Verdict.NotReproduced), (End, Verdict.Reproduced)]),
        ("falls first, and rises beyond where it began", new(Of(best: [10, 5, 25])), [(Best, Verdict.NotReproduced)]),
        ("falls within, and rises again", new(Of(best: [10, 5, 10])), [(Best, Verdict.Undecided), (End, Verdict.Undecided)]),
    ];
}

/// <summary>gc-3-l2.</summary>
internal sealed class L2RegularizationRuns() : RegularizedResNetRuns(new L2Regularization());

/// <summary>gc-3-flatness.</summary>
internal sealed class FlatnessRegularizationRuns() : RegularizedResNetRuns(new FlatnessRegularization());

/// <summary>gc-3-spectral.</summary>
internal sealed class SpectralRegularizationRuns() : RegularizedResNetRuns(new SpectralRegularization());
