using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Ranking;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>How the ranking of combinations of sharpness and norm is shown.</summary>
internal static class CombinationPage
{
    private const int Resamples = 500;

    private static readonly ImmutableArray<Tone> s_tones = [Tone.Blue, Tone.Green, Tone.Red, Tone.Orange];

    private static readonly CombinationMeasure s_pathProduct =
        CombinationMeasure.Product(CombinationMeasure.Expected, CombinationMeasure.Path, 1);

    /// <summary>What was found in words, the measures' Ψ, how it changes with the norm's power, and the whole ranking.</summary>
    /// <param name="context">Stops the resampling.</param>
    /// <param name="runs">The networks.</param>
    /// <param name="testImages">How many images the gaps were measured on.</param>
    public static IEnumerable<Block> Panels(ExperimentContext context, ImmutableArray<CombinationRun> runs, int testImages)
    {
        var whole = CombinationClaims.Whole(runs);
        var options = new RankingOptions
        {
            TestExamples = testImages,
            LeastEffectiveSize = 1,
            Resamples = Resamples,
            Cancellation = context.Cancellation,
        };
        var rankings = MeasureRanking.All(CombinationClaims.Table(CombinationMeasure.All, whole), options);
        yield return new Section(
            "What was found",
            new Prose([.. Found(rankings, runs.Length, whole.Length)]),
            new SideBySide(
                new Chart(
                    "How well each ranks the networks",
                    new Axis("Ψ ± 2 standard errors over the seeds"),
                    new Axis("", Scale.Category),
                    new Bars(
                        [.. CombinationMeasure.All.Select(measure => measure.Name)],
                        [.. CombinationMeasure.All.Select(measure => Mean(measure, whole))])
                    {
                        Errors = [.. CombinationMeasure.All.Select(measure => 2 * Error(measure, whole))],
                    }),
                new Chart("Sharpness × a power of the norm", new Axis("power of the norm", Scale.Log), new Axis("Ψ"),
                [
                    .. CombinationMeasure.Pairs.Zip(s_tones).SelectMany(pair => Products(pair.Second, pair.First, whole)),
                    .. new[] { CombinationMeasure.Expected, CombinationMeasure.Max }
                        .Select(measure => new HorizontalRule(Mean(measure, whole), $"{measure.Name} alone")),
                ])));
        yield return new Section(
            "The networks",
            new SideBySide(
                [.. new[] { CombinationMeasure.Path, CombinationMeasure.Expected, CombinationMeasure.Divergence, s_pathProduct }
                    .Select(measure => Scatter(measure, whole))]));
        yield return new Section(
            "The ranking",
            Statistics(rankings),
            new Prose("As by “occam rank”: τ is Kendall’s rank correlation over all pairs of networks; Ψ its mean over pairs that differ "
                + "in one hyperparameter alone (Jiang et al. 2020), of all seeds together; the sign error is the share of pairs ordered "
                + $"wrongly (Dziugaite et al. 2020). Brackets hold {Numbers.Format(100 * options.Confidence)} % of "
                + $"{Numbers.Format(options.Resamples)} bootstrap resamples of the networks."));
    }

    /// <summary>A row for each network.</summary>
    public static ImmutableArray<RawTable> Tables(IReadOnlyList<CombinationRun> runs) =>
    [
        RawTable.Of(
            "networks",
            "how each network was trained, its gap, and its measures",
            runs,
            [
                ("units", run => run.Units), ("learning_rate", run => run.LearningRate), ("batch", run => run.Batch),
                ("label_noise", run => run.Noise), ("seed", run => run.Seed), ("generalization_gap", run => run.Gap),
                .. CombinationMeasure.All.Select(measure => (measure.Name, (Func<CombinationRun, object?>)(run => measure.Value(run)))),
            ]),
        CapacityFigure.Trainings(runs.Select(run => run.Trained)),
        CapacityFigure.Norms(runs.Select(run => run.Norms)),
        .. CapacityFigure.Sharpness([.. runs.Select(run => run.Sharpness)]),
    ];

    private static IEnumerable<RichText> Found(ImmutableArray<MeasureRanking> rankings, int all, int whole)
    {
        yield return $"Ψ is 1 where a measure orders the networks as their generalization gaps do whenever one hyperparameter changes, 0 "
            + $"where it says nothing, −1 where it orders them the other way. It is over {Numbers.Format(whole)} networks"
            + $"{(whole < all ? $", of {Numbers.Format(all)}: the others make training errors or lack a measure" : "")}.";
        foreach (var kind in Enum.GetValues<CombinationKind>())
        {
            if (rankings.FirstOrDefault(ranking => KindOf(ranking) == kind && ranking.Granulated.Value is not null) is { } best)
            {
                var of = rankings.Count(ranking => KindOf(ranking) == kind);
                yield return $"{Name(kind)}: of {of} measures {best.Measure} has the highest Ψ, {RankingText.Of(best.Granulated)}.";
            }
        }

        yield return "The highest of several is high partly by chance. The claims above name their measures, and are judged over the "
            + "seeds.";
    }

    private static Table Statistics(ImmutableArray<MeasureRanking> rankings) => Table.Of(
        rankings,
        [
            ("Measure", ranking => ranking.Measure),
            ("made of", ranking => Name(KindOf(ranking))),
            ("networks", ranking => (long)ranking.Runs),
            ("τ", ranking => Cell(ranking.Tau)),
            ("Ψ", ranking => Cell(ranking.Granulated)),
            .. CombinationClaims.Hyperparameters.Select((name, i) => (
                (RichText, Func<MeasureRanking, RichText>))($"ψ, {name}", ranking => Cell(ranking.GranulatedParts[i].Value))),
            ("sign error, mean", ranking => Cell(ranking.SignErrorMean)),
        ]);

    private static IEnumerable<Mark> Products(
        Tone tone, (CombinationMeasure Sharpness, CombinationMeasure Norm) pair, ImmutableArray<CombinationRun> runs)
    {
        var name = $"{pair.Sharpness.Name} × ({pair.Norm.Name})^power";
        CombinationMeasure[] products =
            [.. CombinationMeasure.Powers.Select(power => CombinationMeasure.Product(pair.Sharpness, pair.Norm, power))];
        double[] means = [.. products.Select(measure => Mean(measure, runs))];
        double[] errors = [.. products.Select(measure => 2 * Error(measure, runs))];
        yield return ErrorBand.Around(CombinationMeasure.Powers, means, errors) with { Name = name, Tone = tone };
        yield return new Line(CombinationMeasure.Powers, means) { Name = name, Tone = tone };
    }

    private static Chart Scatter(CombinationMeasure measure, ImmutableArray<CombinationRun> runs) => new(
        measure.Name,
        new Axis(measure.Kind == CombinationKind.Norm || measure == CombinationMeasure.Divergence ? $"log₁₀ {measure.Name}" : measure.Name),
        new Axis("generalization gap"),
        [
            .. runs.GroupBy(run => run.Noise).OrderBy(group => group.Key).Select(group => new Dots(
                [.. group.Select(measure.Value)], [.. group.Select(run => run.Gap)])
            {
                Name = $"{CapacityFigure.Percent(group.Key)} of the labels random",
            }),
        ]);

    private static double Mean(CombinationMeasure measure, ImmutableArray<CombinationRun> runs) =>
        CombinationClaims.BySeed(measure, runs).DefaultIfEmpty(double.NaN).Average();

    private static double Error(CombinationMeasure measure, ImmutableArray<CombinationRun> runs) =>
        Uncertain.Mean(CombinationClaims.BySeed(measure, runs)).ZeroErrorOfOne().StandardError;

    private static CombinationKind KindOf(MeasureRanking ranking) =>
        CombinationMeasure.All.Single(measure => measure.Name == ranking.Measure).Kind;

    private static string Name(CombinationKind kind) => kind switch
    {
        CombinationKind.Norm => "Norms alone",
        CombinationKind.Sharpness => "Sharpness alone",
        _ => "Sharpness and norms",
    };

    private static RichText Cell(Estimate estimate) => ((RichText)RankingText.Of(estimate)).AsNumber();
}
