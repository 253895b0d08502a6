using System.Collections.Immutable;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gc-open-hb: complexities that follow h/B, or one of the two alone.</summary>
internal sealed class RateOverBatchRuns() : MadeUpRuns<ImmutableArray<RateBatchRun>>(new RateOverBatch())
{
    private const string Falls = "falls-with-ratio";
    private const string Best = "ratio-orders-best";
    private const string Explains = "ratio-explains";

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<RateBatchRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("a function of h/B that falls", Of((h, b) => Math.Pow(h / b, -0.5)),
            [(Falls, Verdict.Reproduced), (Best, Verdict.Reproduced), (Explains, Verdict.Reproduced)]),
        ("a function of h/B that rises", Of((h, b) => Math.Pow(h / b, 0.5)),
            [(Falls, Verdict.NotReproduced), (Best, Verdict.NotReproduced), (Explains, Verdict.Reproduced)]),
        ("a function of h", Of((h, _) => Math.Pow(h, -0.5)),
            [(Falls, Verdict.Reproduced), (Best, Verdict.NotReproduced), (Explains, Verdict.NotReproduced)]),
        ("a function of B", Of((_, b) => Math.Pow(b, 0.5)), [(Best, Verdict.NotReproduced), (Explains, Verdict.NotReproduced)]),
        ("some don't fit", Of((h, b) => Math.Pow(h / b, -0.5), loss: 0.5),
            [(Falls, Verdict.Undecided), (Best, Verdict.Undecided), (Explains, Verdict.Undecided)]),
    ];

    private static ImmutableArray<RateBatchRun> Of(Func<double, int, double> complexity, double loss = 0.01) =>
    [
        .. from h in new[] { 0.05, 0.1, 0.2, 0.4 }
           from b in new[] { 8, 16, 32, 64 }
           from seed in Enumerable.Range(0, 5)
           let noise = 0.02 * Math.Sin((7 * seed) + (100 * h) + b)
           select new RateBatchRun(h, b, seed, 1000, b == 64 ? loss : 0.01, complexity(h, b) * Math.Exp(noise)),
    ];
}
