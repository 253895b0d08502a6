using System.Collections.Immutable;
using Occam.Lab.Experiments.Dherin2021;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gor-open-labels: complexities and gradients by the learning rate times the noise's variance.</summary>
internal sealed class NoiseOnLabelsRuns() : MadeUpRuns<ImmutableArray<LabelRun>>(new NoiseOnLabels())
{
    private const string Complexity = "complexity-falls";
    private const string Gradient = "gradient-falls";
    private const string Product = "rate-times-variance";

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<LabelRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("both fall by hσ²", Of((_, pressure) => 2 - pressure, (_, pressure) => 20 - pressure),
            [(Complexity, Verdict.Reproduced), (Gradient, Verdict.Reproduced), (Product, Verdict.Reproduced)]),
        ("both rise", Of((_, pressure) => 2 + pressure, (_, pressure) => 20 + (10 * pressure)),
            [(Complexity, Verdict.NotReproduced), (Gradient, Verdict.NotReproduced), (Product, Verdict.Reproduced)]),
        ("the complexity falls at one rate and rises at the other",
            Of((rate, pressure) => rate == 0.1 ? 2 - pressure : 2 + pressure, (_, pressure) => 20 - (10 * pressure)),
            [(Complexity, Verdict.NotReproduced), (Gradient, Verdict.Reproduced)]),
        ("the gradients are half as large at the larger rate",
            Of((_, _) => 2, (rate, pressure) => (20 - (10 * pressure)) * (rate == 0.1 ? 1 : 0.5)), [(Product, Verdict.NotReproduced)]),
        ("they are by a factor at the bound", Of((_, _) => 2, (rate, pressure) => (20 - (10 * pressure)) * (rate == 0.1 ? 1 : 0.8)),
            [(Product, Verdict.Undecided)]),
        ("falls that two seeds alone show", Of((_, _) => 2, (_, _) => 20, few: 0.5),
            [(Complexity, Verdict.Undecided), (Gradient, Verdict.Undecided)]),
        ("both fall, of networks that don't fit without noise",
            Of((_, pressure) => 2 - pressure, (_, pressure) => 20 - pressure, loss: 0.01),
            [(Complexity, Verdict.Undecided), (Gradient, Verdict.Undecided), (Product, Verdict.Undecided)]),
    ];

    private static ImmutableArray<LabelRun> Of(
        Func<double, double, double> complexity, Func<double, double, double> gradient, double few = 0, double loss = 1e-6) =>
    [
        .. from rate in new[] { 0.1, 0.2 }
           from pressure in new[] { 0, 0.5, 1 }
           from seed in Enumerable.Range(0, 5)
           let noise = (1 + (0.01 * ((seed + (rate == 0.1 ? 0 : 2)) % 5) - 0.02)) * (seed < 2 ? 1 - (few * pressure) : 1)
           select new LabelRun(
               rate, pressure, seed, pressure == 0 ? loss : 1, complexity(rate, pressure) * noise, gradient(rate, pressure) * noise),
    ];
}
