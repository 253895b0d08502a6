using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gc-open-hb: complexities that follow h/B, or one of the two alone; and terms of the theory at each pair of both.</summary>
internal sealed class RateOverBatchRuns() : MadeUpRuns<ImmutableArray<RateBatchRun>>(new RateOverBatch())
{
    private const string Falls = "falls-with-ratio";
    private const string Best = "ratio-orders-best";
    private const string Explains = "ratio-explains";
    private const string Label = "label-alignment";
    private const string Batch = "batch-alignment";
    private const string Slower = "transfer-falls-slower";

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
        ("no function of either", Of((_, _) => 1), [(Falls, Verdict.Undecided)]),
        ("a function of h in two seeds, of h/B in the others", Of((h, b, seed) => Math.Pow(seed < 2 ? h : h / b, -0.5)),
            [(Best, Verdict.Undecided), (Explains, Verdict.Undecided)]),
        ("one that falls in three seeds and rises in two", Of((h, b, seed) => Math.Pow(h / b, seed < 3 ? -0.5 : 0.5)),
            [(Falls, Verdict.Undecided)]),
        ("some don't fit", Of((h, b) => Math.Pow(h / b, -0.5), loss: 0.5),
            [
                (Falls, Verdict.Undecided), (Best, Verdict.Undecided), (Explains, Verdict.Undecided), (Label, Verdict.Undecided),
                (Batch, Verdict.Undecided), (Slower, Verdict.Undecided),
            ]),
        ("the conditions hold everywhere", With((_, _) => new Terms()),
            [(Label, Verdict.Reproduced), (Batch, Verdict.Reproduced), (Slower, Verdict.Reproduced)]),
        ("alignments slightly against the pressure", With((_, _) => new Terms(Label: -0.05, Batch: -0.05)),
            [(Label, Verdict.Reproduced), (Batch, Verdict.Reproduced)]),
        ("alignments at the bound", With((_, _) => new Terms(Label: -0.1, Batch: -0.1)),
            [(Label, Verdict.Undecided), (Batch, Verdict.Undecided)]),
        ("batch alignment against it at the largest batch", With((_, b) => new Terms(Batch: b == 64 ? -0.5 : 0.3)),
            [(Label, Verdict.Reproduced), (Batch, Verdict.NotReproduced)]),
        ("label alignment against it at the largest rate", With((h, _) => new Terms(Label: h == 0.4 ? -0.5 : 0.3)),
            [(Label, Verdict.NotReproduced), (Batch, Verdict.Reproduced)]),
        ("transfer falls faster at one pair", With((h, b) => new Terms(Transfer: h == 0.05 && b == 8 ? 0.1 : 0.8)),
            [(Slower, Verdict.NotReproduced)]),
        ("transfer falls as fast as the gradient norm", With((_, _) => new Terms(Transfer: 0.5)), [(Slower, Verdict.Undecided)]),
    ];

    // Alignments as shares of the gradient norms half way through training; what is left of ΣT² and of ‖∇f‖² at the end.
    private sealed record Terms(double Label = 0.3, double Batch = 0.3, double Transfer = 0.8, double Gradient = 0.5);

    private static ImmutableArray<RateBatchRun> Of(Func<double, int, double> complexity, double loss = 0.01) =>
        Of((h, b, _) => complexity(h, b), loss);

    private static ImmutableArray<RateBatchRun> With(Func<double, int, Terms> terms) =>
        Of((h, b, _) => Math.Pow(h / b, -0.5), terms: terms);

    private static ImmutableArray<RateBatchRun> Of(
        Func<double, int, int, double> complexity, double loss = 0.01, Func<double, int, Terms>? terms = null) =>
    [
        .. from h in new[] { 0.05, 0.1, 0.2, 0.4 }
           from b in new[] { 8, 16, 32, 64 }
           from seed in Enumerable.Range(0, 5)
           let noise = 0.02 * Math.Sin((7 * seed) + (100 * h) + b)
           select new RateBatchRun(
               h, b, seed, 1000, b == 64 ? loss : 0.01, complexity(h, b, seed) * Math.Exp(noise),
               Track(terms?.Invoke(h, b) ?? new Terms(), 1 + (0.02 * (seed - 2)))),
    ];

    private static ImmutableArray<TransferPoint> Track(Terms terms, double noise)
    {
        TransferPoint At(long step, double share, double label, double batch) => new(
            step, [1], 10 * Math.Pow(terms.Transfer * noise, share), 100 * Math.Pow(terms.Gradient, share), 5, 4, 4 * label * noise,
            4 * batch * noise);
        return [At(0, 0, 0.5, 0.5), At(256, 0.5, terms.Label, terms.Batch), At(1000, 1, 0.5, 0.5)];
    }
}
