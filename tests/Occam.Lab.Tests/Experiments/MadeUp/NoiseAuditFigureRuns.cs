using System.Collections.Immutable;
using Occam.Lab.Experiments.Beyond;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>beyond-audit-mnist and beyond-audit-cifar: areas under the curve of scores that find wrong labels, or don't.</summary>
internal abstract class NoiseAuditFigureRuns(NoiseAudit figure) : MadeUpRuns<ImmutableArray<NoiseAuditRun>>(figure)
{
    private static readonly (string Claim, string Score)[] s_finding =
    [
        ("loss-finds", NoiseAuditTask.Loss), ("margin-finds", NoiseAuditTask.Margin), ("gradient-finds", NoiseAuditTask.Gradient),
        ("complexity-finds", NoiseAuditTask.Complexity), ("curvature-finds", NoiseAuditTask.Curvature),
        ("forgetting-finds", NoiseAuditTask.Forgotten),
    ];

    private static readonly (string Claim, string Better, string Worse)[] s_beating =
    [
        ("average-beats-end", NoiseAuditTask.MeanCurvature, NoiseAuditTask.Curvature),
        ("curvature-beats-loss", NoiseAuditTask.MeanCurvature, NoiseAuditTask.MeanLoss),
        ("forgetting-beats-loss", NoiseAuditTask.Forgotten, NoiseAuditTask.MeanLoss),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<NoiseAuditRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("all scores find them", Of(_ => 0.9), [.. s_finding.Select(each => (each.Claim, Verdict.Reproduced))]),
        ("labels that were not learned", Of(_ => 0.9, error: 0.1),
        [
            .. s_finding.Select(each => (each.Claim, Verdict.Undecided)), .. s_beating.Select(each => (each.Claim, Verdict.Undecided)),
        ]),
        .. s_finding.Select(each => (
            $"{each.Score} takes the others for them", Of(score => score == each.Score ? 0.3 : 0.9),
            new[] { (each.Claim, Verdict.NotReproduced) })),
        ("all scores find them in three seeds, and take the others for them in two", Mixed(Of(_ => 0.9), Of(_ => 0.3), run => run.Seed),
            [.. s_finding.Select(each => (each.Claim, Verdict.Undecided))]),
        ("all scores find as many", Of(_ => 0.9), [.. s_beating.Select(each => (each.Claim, Verdict.Undecided))]),
        .. s_beating.Select(each => (
            $"{each.Better} finds more than {each.Worse}", Of(score => score == each.Better ? 0.95 : score == each.Worse ? 0.8 : 0.9),
            new[] { (each.Claim, Verdict.Reproduced) })),
        .. s_beating.Select(each => (
            $"{each.Better} finds less than {each.Worse}", Of(score => score == each.Better ? 0.8 : score == each.Worse ? 0.95 : 0.9),
            new[] { (each.Claim, Verdict.NotReproduced) })),
    ];

    private static ImmutableArray<NoiseAuditRun> Of(Func<string, double> area, double error = 0) =>
    [
        .. from seed in Enumerable.Range(0, 5)
           select new NoiseAuditRun(seed, seed == 4 ? error : 0, 100,
           [
               .. new[]
               {
                   NoiseAuditTask.Loss, NoiseAuditTask.Margin, NoiseAuditTask.Gradient, NoiseAuditTask.Complexity, NoiseAuditTask.Curvature,
                   NoiseAuditTask.MeanLoss, NoiseAuditTask.MeanCurvature, NoiseAuditTask.Forgotten,
               }.Select((score, i) => new NoiseAuditArea(score, area(score) + (0.01 * Math.Sin((5 * seed) + i)), 0.02)),
           ]),
    ];
}

/// <inheritdoc/>
internal sealed class NoiseAuditMnistRuns() : NoiseAuditFigureRuns(new NoiseAuditMnist());

/// <inheritdoc/>
internal sealed class NoiseAuditCifarRuns() : NoiseAuditFigureRuns(new NoiseAuditCifar());
