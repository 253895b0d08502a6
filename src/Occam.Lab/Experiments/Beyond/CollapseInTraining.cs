using System.Collections.Immutable;
using System.Globalization;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>
/// beyond-collapse: neural collapse in the terminal phase of training, which "begins at the epoch where training error first vanishes"
/// (Papyan, Han and Donoho 2020, abstract), and what Munn, Dherin and Gonzalvo 2024 say in theirs of the geometric complexity of the
/// learned features: what affects it influences the collapse, on new classes as well. The learning rate is what affects it here; that
/// it does is an observation of Dherin et al. 2022. <see cref="CollapseTask"/> says what was chosen.
/// </summary>
internal sealed class CollapseInTraining() : Experiment<ImmutableArray<CollapseRun>>(
    "beyond-collapse",
    "Features collapse to their classes' means, and further where they are less complex",
    Papers.Papyan2020,
    "the claims of the abstract; Munn, Dherin, Gonzalvo 2024",
    CollapseTask.DataSets)
{
    private const string Source = "Papyan et al. 2020, abstract";
    private const string Transfer = "Munn, Dherin and Gonzalvo 2024, abstract";
    private const double Rarely = 0.01;

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<CollapseRun>>> JudgedClaims { get; } =
    [
        new("within-classes", "NC1: once training error has vanished, the variation within the classes falls against that between them.",
            Source, runs => Falls(runs, ("the variation within classes over that between", point => point.Within))),
        new("simplex", "NC2: the classes' means become equally long, and their angles equal.", Source,
            runs => Falls(
                runs,
                ("the spread of the means’ lengths", point => point.Lengths), ("the spread of their cosines", point => point.Angles))),
        new("duality", "NC3: the last layer's rows go towards the classes' means, up to their length.", Source,
            runs => Falls(runs, ("the distance of the last layer from the means", point => point.Duality))),
        new("nearest-mean", "NC4: in the end the network chooses the class with the nearest mean.", Source,
            runs => IfFitted(runs, Judge.All([.. ByRate(runs, own => Judge.IsBelow(
                "share of training images put into another class than the nearest mean’s", own(run => run.End.NotNearest), Rarely,
                "one in a hundred"))]))),
        new("complexity-goes-with-collapse", "Networks whose features are less complex have collapsed further.", Transfer,
            runs => IfFitted(runs, Judge.GoTogether(
                "the complexity of the features", "the class-distance normalized variance",
                [.. runs.Select(run => (run.Seed, run.End.Complexity, run.End.Variance))]))),
        new("complexity-goes-with-new-classes", "They separate new classes better, too.", Transfer,
            runs => IfFitted(runs, Judge.GoTogether(
                "the complexity of the features", "the class-distance normalized variance on new classes",
                [.. runs.Select(run => (run.Seed, run.End.Complexity, run.End.NewVariance))]))),
        new("variance-goes-with-few-shots",
            "The better new classes are separated, the fewer of their images does a classifier by the means of a few put wrongly.",
            "Galanti, György and Hutter 2022",
            runs => IfFitted(runs, Judge.GoTogether(
                "the class-distance normalized variance on new classes", "the error of the nearest of few-shot means",
                [.. runs.Select(run => (run.Seed, run.End.NewVariance, run.End.NewError))]))),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var task = CollapseTask.At(scale);
        return new ExperimentSize(
            $"{task.Rates.Length} learning rates, perceptron of 3 × {task.Width}, {CollapseTask.Known.Length * task.Each:N0} images, "
                + $"{task.Epochs:N0} epochs",
            scale == ExperimentScale.Smoke ? 2 : 5,
            scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(5),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(2),
                _ => TimeSpan.FromHours(6),
            });
    }

    /// <inheritdoc/>
    public override ImmutableArray<CollapseRun> Compute(ExperimentContext context) => CollapseTask.At(context.Scale).Train(context);

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<CollapseRun> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var task = CollapseTask.At(context.Scale);
        var shade = new ShadeScale("learning rate", Scale.Log);
        Chart Over(string title, string y, Func<CollapsePoint, double> quantity, Scale scale = Scale.Log) => new(
            title, new Axis("epoch", Scale.Log), new Axis(y, scale),
            [
                .. runs.ByLevel().SelectMany(group => SeedCurve.Of(
                    group.First().Group, [.. Longest(group).Select(point => (double)point.Epoch)],
                    [.. group.Select(run => Longest(group).Select((_, i) =>
                        i + 1 < run.Track.Length ? quantity(run.Track[i + 1]) : double.NaN).ToArray())],
                    group.Key)),
            ])
        {
            Shade = shade,
        };
        Chart Against(string title, string x, string y, Func<CollapsePoint, double> first, Func<CollapsePoint, double> second) => new(
            title, new Axis(x, Scale.Log), new Axis(y),
            new Dots([.. runs.Select(run => first(run.End))], [.. runs.Select(run => second(run.End))])
            {
                Name = "trainings",
                Shades = [.. runs.Select(run => run.Rate)],
            })
        {
            Shade = shade,
        };
        return new ExperimentFigure
        {
            Summary = $"Perceptrons learn {CollapseTask.Known.Length} of the ten digits, with several learning rates, and go on long after "
                + "they make no mistake on the training images. On the way their features before the last layer are measured: on those "
                + "images, and on the digits that they never saw.",
            Panels =
            [
                new Section(
                    "Neural collapse",
                    new SideBySide(
                        Over("Training error", "share classified wrongly", point => point.TrainingError, Scale.Linear),
                        Over("NC1", "tr(S_W S_B⁺)/C", point => point.Within)),
                    new SideBySide(
                        Over("NC2: lengths", "relative spread", point => point.Lengths),
                        Over("NC2: angles", "spread of the cosines", point => point.Angles)),
                    new SideBySide(
                        Over("NC3", "squared distance of last layer and means", point => point.Duality),
                        Over("NC4", "share not nearest", point => point.NotNearest, Scale.Linear)),
                    new Prose("Lines are means over the seeds, bands two standard errors to each side.")),
                new Section(
                    "Complexity of the features, and new classes",
                    new SideBySide(
                        Over("Complexity of the features", "mean ‖J_φ‖²", point => point.Complexity),
                        Over("Variance over distance on new classes", "class-distance normalized variance", point => point.NewVariance)),
                    new SideBySide(
                        Against("On the trained classes", "complexity of the features", "class-distance normalized variance",
                            point => point.Complexity, point => point.Variance),
                        Against("On new classes", "complexity of the features", "class-distance normalized variance",
                            point => point.Complexity, point => point.NewVariance),
                        Against("Few shots", "class-distance normalized variance, new classes", "error of the nearest mean",
                            point => point.NewVariance, point => point.NewError)),
                    new Prose("Below: a circle for each training at its end.")),
            ],
            Settings = [.. task.Settings, new("seeds", string.Join(", ", context.Seeds), Origin.Run)],
            Tables =
            [
                RawTable.Of(
                    "track", "what was measured on the way of each training",
                    runs.SelectMany(run => run.Track.Select(point => (Run: run, Point: point))),
                    ("learning_rate", row => row.Run.Rate), ("seed", row => row.Run.Seed), ("epoch", row => row.Point.Epoch),
                    ("training_error", row => row.Point.TrainingError), ("training_loss", row => row.Point.TrainingLoss),
                    ("nc1", row => row.Point.Within), ("nc2_lengths", row => row.Point.Lengths), ("nc2_angles", row => row.Point.Angles),
                    ("nc3", row => row.Point.Duality), ("nc4", row => row.Point.NotNearest),
                    ("embedding_complexity", row => row.Point.Complexity), ("variance", row => row.Point.Variance),
                    ("new_variance", row => row.Point.NewVariance), ("new_error", row => row.Point.NewError)),
            ],
        };
    }

    // Behind the first, which a logarithmic axis has no place for; a training that diverged was measured fewer times.
    private static IEnumerable<CollapsePoint> Longest(IEnumerable<CollapseRun> runs) => runs.MaxBy(run => run.Track.Length)!.Track.Skip(1);

    private static Finding Falls(
        ImmutableArray<CollapseRun> runs, params (string What, Func<CollapsePoint, double> Quantity)[] quantities) =>
        IfFitted(runs, Judge.All([.. quantities.SelectMany(quantity => ByRate(runs, own => Judge.IsBelow(
            $"part that is left of {quantity.What} since training error vanished, as a logarithm,", own(run => run.Left(quantity.Quantity)),
            0, "all of it")))]));

    private static IEnumerable<(string Name, Finding Finding)> ByRate(
        ImmutableArray<CollapseRun> runs, Func<Func<Func<CollapseRun, double>, double[]>, Finding> judge) =>
        runs.ByLevel().Select(own => (own.First().Group, judge(quantity => [.. own.Select(quantity)])));

    private static Finding IfFitted(ImmutableArray<CollapseRun> runs, Finding finding) => finding.If(
        runs.All(run => run.Fitted is not null),
        string.Create(
            CultureInfo.InvariantCulture,
            $"in {runs.Count(run => run.Fitted is null)} of {runs.Length} trainings there was a training error up to the end"));
}
