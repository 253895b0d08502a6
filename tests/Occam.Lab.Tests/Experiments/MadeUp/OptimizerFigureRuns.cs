using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrainings;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>SM C.7 and C.8: everything as claimed, everything the opposite, and each regularizer by itself.</summary>
internal abstract class OptimizerFigureRuns(OptimizerFigures experiment) : MadeUpRuns<OptimizerRuns>(experiment)
{
    private static readonly string[] s_regularizers = ["l2", "flatness", "spectral"];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, OptimizerRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("as claimed", new(Of(Down, accuracy: Up), Of(Up, accuracy: Down), [Of(Down, Up), Of(Down, Up), Of(Down, Up)]),
            [.. Implicit(Verdict.Reproduced), .. s_regularizers.SelectMany(name => Explicit(name, holds: true))]),
        ("the opposite", new(Of(Up, accuracy: Down), Of(Down, accuracy: Up), [Of(Up, Down), Of(Up, Down), Of(Up, Down)]),
            [.. Implicit(Verdict.NotReproduced), .. s_regularizers.SelectMany(name => Explicit(name, holds: false))]),
        ("as claimed in three seeds, the opposite in two",
            new(
                Turning(Of(Down, accuracy: Up), Of(Up, accuracy: Down)), Turning(Of(Up, accuracy: Down), Of(Down, accuracy: Up)),
                [.. s_regularizers.Select(_ => Turning(Of(Down, Up), Of(Up, Down)))]),
            [
                .. Implicit(Verdict.Undecided),
                .. s_regularizers.SelectMany(name => Explicit(name, holds: true)).Select(each => (each.Claim, Verdict.Undecided)),
            ]),
        ("as claimed, but the smallest rate doesn't fit",
            new(
                Of(Down, accuracy: Up, loss: [0.2, 0.01, 0.01]), Of(Up, accuracy: Down), [Of(Down, Up), Of(Down, Up), Of(Down, Up)]),
            [.. OfRates(Verdict.Undecided), .. OfBatches(Verdict.Reproduced)]),
        ("as claimed, but the largest batch doesn't fit",
            new(
                Of(Down, accuracy: Up), Of(Up, accuracy: Down, loss: [0.01, 0.01, 0.2]), [Of(Down, Up), Of(Down, Up), Of(Down, Up)]),
            [.. OfRates(Verdict.Reproduced), .. OfBatches(Verdict.Undecided)]),
        .. s_regularizers.Select((own, i) => (
            $"as claimed of {own} alone",
            new OptimizerRuns(
                Of(Up, accuracy: Down), Of(Down, accuracy: Up), [.. s_regularizers.Select((_, j) => i == j ? Of(Down, Up) : Of(Up, Down))]),
            s_regularizers.SelectMany(name => Explicit(name, holds: name == own)).ToArray())),
    ];

    private static ImmutableArray<ComplexityRun> Turning(ImmutableArray<ComplexityRun> even, ImmutableArray<ComplexityRun> odd) =>
        Mixed(even, odd, run => run.Seed);

    private static IEnumerable<(string Claim, Verdict Verdict)> Implicit(Verdict verdict) => [.. OfRates(verdict), .. OfBatches(verdict)];

    private static (string Claim, Verdict Verdict)[] OfRates(Verdict verdict) =>
        [("rate-complexity-falls", verdict), ("rate-accuracy-rises", verdict)];

    private static (string Claim, Verdict Verdict)[] OfBatches(Verdict verdict) =>
        [("batch-complexity-rises", verdict), ("batch-accuracy-falls", verdict)];

    // At the end the opposite of what holds at the best accuracy.
    private static IEnumerable<(string Claim, Verdict Verdict)> Explicit(string name, bool holds) =>
    [
        ($"{name}-best-complexity-falls", holds ? Verdict.Reproduced : Verdict.NotReproduced),
        ($"{name}-end-complexity-falls", holds ? Verdict.NotReproduced : Verdict.Reproduced),
    ];
}

/// <summary>gc-c7.</summary>
internal sealed class MomentumFiguresRuns() : OptimizerFigureRuns(new MomentumFigures());

/// <summary>gc-c8.</summary>
internal sealed class AdamFiguresRuns() : OptimizerFigureRuns(new AdamFigures());
