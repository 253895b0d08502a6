using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>The panels and the tables of gc-2.</summary>
internal static class InitializationPage
{
    /// <summary>The figure, and below it SM C.1.</summary>
    public static ImmutableArray<Block> Panels(
        IReadOnlyList<InitializationRun> figure, IReadOnlyList<InitializationRun> far, IReadOnlyList<InitializationRun> all) =>
    [
        new Section(
            "Figure 2: ReLU, standard initialization",
            new SideBySide(
                Along("Mean output", "mean |f|", figure, run => run.Mean),
                Along("Largest output", "largest |f|", figure, run => run.Largest),
                OverDepth("Geometric complexity", "geometric complexity", figure, _ => "ReLU, 1/fan-in", run => run.Complexity)),
            new Prose("Along the diagonal of [−1, 1]ᵈ, lines are means over the seeds, bands one standard error to each side. Networks "
                + "without biases pass through the origin, in the middle.")),
        new Section(
            "A domain a hundred times as large",
            OverDepth(
                "Geometric complexity", "geometric complexity", far, run => InitializationTask.NameOfActivation(run.Activation),
                run => run.Complexity),
            new Prose(
                RichText.Html(
                    $"With ReLU and biases of zero, <var>f</var>({InitializationTask.Domains[^1]}<var>x</var>) = ",
                    $"{InitializationTask.Domains[^1]} <var>f</var>(<var>x</var>): the outputs above are a hundred times as ",
                    $"large there, the slopes and with them the complexity the same, and so are the verdicts. What is ",
                    $"judged on the large domain are the other activations, with the standard initialization."))),
        new Section(
            "Other activations and initializations",
            new SideBySide([.. InitializationTask.Schemes.Select(scheme => OverDepth(
                $"{InitializationTask.NameOf(scheme.Id)} initialization",
                "geometric complexity",
                [.. all.Where(run => run.Scheme == scheme.Id && run.Domain == 1)],
                run => InitializationTask.NameOfActivation(run.Activation),
                run => run.Complexity))]),
            new Prose(
                RichText.Html(
                    $"He’s initialization is made so that a ReLU layer keeps the second moment of what it is given: in expectation the ",
                    $"complexity is the same at every depth, a fall is not implied, and that pair is shown but not judged. With ",
                    $"tanh, weights of variance above 1/fan-in let small differences grow from layer to layer."))),
    ];

    /// <summary>The observations, as tables.</summary>
    public static ImmutableArray<RawTable> Tables(IReadOnlyList<InitializationRun> runs) =>
    [
        RawTable.Of(
            "networks",
            "outputs and geometric complexity of each network",
            runs,
            ("initialization", run => run.Scheme),
            ("activation", run => run.Activation),
            ("domain", run => run.Domain),
            ("hidden_layers", run => run.Depth),
            ("seed", run => run.Seed),
            ("mean_output", run => run.Mean.Average()),
            ("largest_output", run => run.Largest.Max()),
            ("geometric_complexity", run => run.Complexity)),
        RawTable.Of(
            "diagonal",
            "mean and largest |f| along the diagonal, standard initialization and ReLU",
            from run in runs where run is { Scheme: InitializationTask.Standard, Activation: InitializationTask.Relu }
                from i in Enumerable.Range(0, run.Mean.Length) select (Run: run, Place: i),
            ("domain", row => row.Run.Domain),
            ("hidden_layers", row => row.Run.Depth),
            ("seed", row => row.Run.Seed),
            ("x", row => InitializationTask.Diagonal[row.Place]),
            ("mean_output", row => row.Run.Mean[row.Place]),
            ("largest_output", row => row.Run.Largest[row.Place])),
    ];

    private static Chart Along(
        string title, string axis, IReadOnlyList<InitializationRun> runs, Func<InitializationRun, IReadOnlyList<double>> quantity) =>
        new(title, new Axis("x on P₁ + (P₂ − P₁)x"), new Axis(axis),
        [
            .. runs.ByLevel().SelectMany(group => SeedCurve.Of(
                group.First().Group, InitializationTask.Diagonal, [.. group.Select(quantity)], group.Key, standardErrors: 1)),
        ])
        {
            Shade = new ShadeScale("hidden layers", Scale.Log),
        };

    private static Chart OverDepth(
        string title, string axis, IReadOnlyList<InitializationRun> runs, Func<InitializationRun, string> name,
        Func<InitializationRun, double> quantity) =>
        new(title, new Axis("hidden layers", Scale.Log), new Axis(axis, Scale.Log),
        [
            .. runs.GroupBy(name).SelectMany(group =>
            {
                var seeds = group.GroupBy(run => run.Seed).Select(seed => seed.OrderBy(run => run.Depth).ToArray()).ToArray();
                return SeedCurve.Of(
                    group.Key, [.. seeds[0].Select(run => (double)run.Depth)],
                    [.. seeds.Select(seed => (IReadOnlyList<double>)[.. seed.Select(quantity)])], standardErrors: 1);
            }),
        ]);
}
