using System.Collections.Immutable;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gc-2: outputs and complexities by depth, falling by one from depth to depth but for what is said.</summary>
internal sealed class InitializationRuns() : MadeUpRuns<ImmutableArray<InitializationRun>>(new Initialization())
{
    private const string Mean = "mean-output-falls";
    private const string Largest = "largest-output-falls";
    private const string Complexity = "complexity-falls";
    private const string Far = "complexity-falls-far-away";
    private const string Others = "complexity-falls-otherwise";

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<InitializationRun> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs
        =>
    [
        ("all fall", Made((_, _, _, _) => null), [.. new[] { Mean, Largest, Complexity, Far, Others }.Select(
            claim => (claim, Verdict.Reproduced))]),
        ("all fall in two seeds and rise in one",
            Mixed(
                Made((_, _, _, _) => null), Made((_, _, _, depth) => depth, outputs: depth => depth, peaks: depth => 20 + depth),
                run => run.Seed == -1 ? 1 : 0),
            [
                (Mean, Verdict.Undecided), (Largest, Verdict.Undecided), (Complexity, Verdict.Undecided), (Far, Verdict.Undecided),
                (Others, Verdict.Undecided),
            ]),
        ("outputs rise", Made((_, _, _, _) => null, outputs: depth => depth),
            [(Mean, Verdict.NotReproduced), (Largest, Verdict.NotReproduced), (Complexity, Verdict.Reproduced)]),
        ("the mean output falls and the largest rises", Made((_, _, _, _) => null, peaks: depth => 20 + depth),
            [(Mean, Verdict.Reproduced), (Largest, Verdict.NotReproduced)]),
        ("the largest output falls and the mean rises",
            Made((_, _, _, _) => null, outputs: depth => depth, peaks: depth => 20 - depth),
            [(Mean, Verdict.NotReproduced), (Largest, Verdict.Reproduced)]),
        ("ReLU's complexity rises", Made((scheme, activation, _, depth) => (scheme, activation) == ("lecun", "relu") ? depth : null),
            [(Complexity, Verdict.NotReproduced), (Mean, Verdict.Reproduced), (Others, Verdict.Reproduced)]),
        ("the pair that keeps the second moment is not judged",
            Made((scheme, activation, _, depth) => (scheme, activation) == ("he", "relu") ? depth : null), [(Others, Verdict.Reproduced)]),
        ("one other pair rises", Made((scheme, activation, _, depth) => (scheme, activation) == ("he", "tanh") ? depth : null),
            [(Others, Verdict.NotReproduced), (Far, Verdict.Reproduced)]),
        ("one other pair hardly falls",
            Made((scheme, activation, _, depth) => (scheme, activation) == ("he", "tanh") ? 5 - (0.01 * depth) : null),
            [(Others, Verdict.Undecided)]),
        ("one rises far away",
            Made((scheme, activation, domain, depth) => (scheme, activation) == ("lecun", "gelu") && domain > 1 ? depth : null),
            [(Far, Verdict.NotReproduced), (Others, Verdict.Reproduced)]),
    ];

    private static ImmutableArray<InitializationRun> Made(
        Func<string, string, double, int, double?> complexity, Func<int, double>? outputs = null,
        Func<int, double>? peaks = null) =>
    [
        .. from scheme in InitializationTask.Schemes
           from activation in InitializationTask.Activations
           from domain in InitializationTask.Domains
           from depth in new[] { 1, 2, 4 }
           from seed in new[] { -1, 0, 1 }
           let output = (outputs?.Invoke(depth) ?? (10 - depth)) + (seed * 0.1)
           select new InitializationRun(
               scheme.Id, activation, domain, depth, seed, [output, output / 2],
               [output, peaks?.Invoke(depth) + (seed * 0.1) ?? (2 * output)],
               (complexity(scheme.Id, activation, domain, depth) ?? (10 - depth)) + (seed * 0.1)),
    ];
}
