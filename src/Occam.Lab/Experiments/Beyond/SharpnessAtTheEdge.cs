using System.Collections.Immutable;
using System.Globalization;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Probes;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>
/// beyond-edge: the edge of stability of Cohen et al. 2021. Their abstract says that in full-batch gradient descent the largest eigenvalue
/// of the training loss's Hessian "hovers just above" 2/(step size), while the loss "behaves non-monotonically over short timescales, yet
/// consistently decreases over long timescales". Perceptrons with tanh on images of CIFAR-10 are trained with several step sizes for as
/// long a time, steps × step size; that is the paper's kind of network and data. Width, number of images, time and what counts as near
/// are chosen here.
/// </summary>
internal sealed class SharpnessAtTheEdge() : Experiment<ImmutableArray<EdgeRun>>(
    "beyond-edge",
    "The sharpness rises to 2/h and hovers there",
    Papers.Cohen2021,
    "the claims of the abstract",
    "cifar10")
{
    private const string Source = "Cohen et al. 2021, abstract";
    private const double Near = 0.25;
    private const double MostOfIt = 0.8;
    private const double Often = 0.01;

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<EdgeRun>>> JudgedClaims { get; } =
    [
        new("rises-to-threshold", "The sharpness, below 2/h at first, rises until it reaches that.",
            "Cohen et al. 2021, progressive sharpening",
            runs => Judge.All(
            [
                .. Each(runs, "before training at", own => Judge.IsBelow(
                    "sharpness over 2/h before training", own(run => run.Start), 1, "the threshold")),
                .. Each(runs, "in training at", own => Judge.IsAbove(
                    "largest sharpness over 2/h", own(run => run.Largest), 1, "the threshold")),
            ])),
        new("stays-near", "Once there, it stays near 2/h.", Source,
            runs => IfReached(runs, Judge.All(
            [
                .. Each(runs, "on average at", own => Judge.IsBetween(
                    "mean of the sharpness over 2/h since it reached that", own(run => run.Hovering), 1 - Near, 1 + Near, "a quarter off")),
                .. Each(runs, "most of the time at", own => Judge.IsAbove(
                    $"share of measured points within {100 * Near:0} % of 2/h since it reached that", own(run => run.Near(Near)), MostOfIt,
                    "four of five")),
            ]))),
        new("just-above", "It hovers above 2/h, not below.", Source,
            runs => IfReached(runs, Judge.All([.. Each(runs, "", own => Judge.IsAbove(
                "mean of the sharpness over 2/h since it reached that", own(run => run.Hovering), 1, "the threshold"))]))),
        new("settles-by-step-size", "The larger the step size, the lower the sharpness that it settles at.", Source,
            runs => IfReached(runs, Judge.Falls(
                "logarithm of the mean sharpness since it reached 2/h", runs.Values(run => Math.Log(run.Hovering * run.Threshold))))),
        new("loss-is-not-monotone", "There the loss goes up and down over short times.", Source,
            runs => IfReached(runs, Judge.All(
            [
                .. Each(runs, "at", own => Judge.IsAbove(
                    "share of steps that raise the loss since the sharpness reached 2/h", own(run => run.Raising), Often,
                    "one in a hundred")),
                .. Each(runs, "against before at", own => Judge.IsAbove(
                    "share of steps that raise the loss since the sharpness reached 2/h, less that before,",
                    own(run => run.Raising - run.RaisingBefore), 0, "as often as before")),
            ]))),
        new("loss-falls", "Over long times it falls all the same.", Source,
            runs => IfReached(runs, Judge.All([.. Each(runs, "", own => Judge.IsBelow(
                "logarithm of the loss at the end over that where the sharpness reached 2/h", own(run => Math.Log(run.LossLeft)), 0,
                "no fall"))]))),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var sizes = Sizes.At(scale);
        return new ExperimentSize(
            $"{sizes.Rates.Length} step sizes, perceptron of 2 × {sizes.Width}, {sizes.Images:N0} images",
            scale == ExperimentScale.Smoke ? 2 : 3,
            scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(5),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(5),
                _ => TimeSpan.FromHours(10),
            });
    }

    /// <inheritdoc/>
    public override ImmutableArray<EdgeRun> Compute(ExperimentContext context)
    {
        var sizes = Sizes.At(context.Scale);
        var data = WithTargets(context.OpenOr("cifar10:train", "glyphs:train").Subset(sizes.Images, 0));

        // The smallest step size first: it takes the most steps.
        (double Rate, int Seed)[] items = [.. from rate in sizes.Rates from seed in context.Seeds select (rate, seed)];
        return context.Replicate("training", items, (item, replica) => Train(sizes, data, item.Rate, item.Seed, replica));
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<EdgeRun> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var sizes = Sizes.At(context.Scale);
        Chart Over(EdgeRun[] own, string title, Axis y, Func<EdgePoint, double> quantity, params IReadOnlyList<Mark> others) => new(
            title, new Axis("time: steps × h"), y,
            [
                .. own.Select(run => new Line(
                    [.. run.Track.Select(point => point.Step * run.Rate)], [.. run.Track.Select(quantity)]) { Name = $"seed {run.Seed}" }),
                .. others,
            ]);
        return new ExperimentFigure
        {
            Summary = "Perceptrons learn images by gradient descent on all of them at once, with several step sizes h. On a quadratic loss "
                + "whose largest curvature, the sharpness, is above 2/h each step would be further off than the last. Where does the "
                + "sharpness go?",
            Remarks = sizes.Remarks,
            Panels =
            [
                .. runs.GroupBy(run => run.Rate).OrderByDescending(own => own.Key).Select(own => new Section(
                    $"h = {own.Key.ToString(CultureInfo.InvariantCulture)}",
                    new SideBySide(
                        Over([.. own], "Sharpness", new Axis("largest eigenvalue of the Hessian"), point => point.Sharpness,
                            new HorizontalRule(2 / own.Key, "2/h")),
                        Over([.. own], "Training loss", new Axis("½ mean squared distance", Scale.Log), point => point.Loss)))),
            ],
            Settings =
            [
                new("network", $"perceptron of 2 hidden layers of {sizes.Width} units, tanh; weights and biases uniform in ±1/√fan-in",
                    Origin.Chosen),
                new("data", $"{sizes.Images:N0} images of CIFAR-10", Origin.Run),
                new("loss", "half the squared distance to 1 for the image's class and 0 for the others, the mean over the images",
                    Origin.Chosen),
                new("optimizer", "gradient descent on all images at once, without momentum", Origin.Stated),
                new("step sizes", string.Join(", ", sizes.Rates.Select(rate => rate.ToString(CultureInfo.InvariantCulture))),
                    Origin.Chosen),
                new("time", $"{sizes.Time} / h steps", Origin.Chosen),
                new("sharpness", $"by the Lanczos process to a thousandth, {sizes.Points} times", Origin.Chosen),
                new("near", $"within {100 * Near:0} % of 2/h on average, and at four of five measured points", Origin.Chosen),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables =
            [
                RawTable.Of(
                    "track", "what was measured on the way of each training",
                    runs.SelectMany(run => run.Track.Select(point => (Run: run, Point: point))),
                    ("step_size", row => row.Run.Rate), ("seed", row => row.Run.Seed), ("step", row => row.Point.Step),
                    ("sharpness", row => row.Point.Sharpness), ("threshold", row => row.Run.Threshold), ("loss", row => row.Point.Loss),
                    ("rises_since", row => row.Point.Rises)),
                RawTable.Of(
                    "trainings", "each training",
                    runs,
                    ("step_size", run => run.Rate), ("seed", run => run.Seed), ("start", run => run.Start), ("largest", run => run.Largest),
                    ("mean_since", run => run.Hovering), ("share_of_rises_since", run => run.Raising),
                    ("share_of_rises_before", run => run.RaisingBefore), ("loss_left", run => run.LossLeft)),
            ],
        };
    }

    private static EdgeRun Train(Sizes sizes, DataSet data, double rate, int seed, Replica replica)
    {
        var steps = (long)Math.Ceiling(sizes.Time / rate);
        var every = Math.Max(1, steps / sizes.Points);
        using var generator = new Generator((ulong)seed);
        using var trainer = new Trainer(
            Mlp.Build([data.ExampleSize, sizes.Width, sizes.Width, data.TargetSize], "tanh", InitializationScheme.PyTorch, generator),
            data,
            new TrainingSettings { Loss = new HalfSquaredError(), Optimizer = new Sgd(rate), Steps = steps, Seed = seed });
        var probe = new EdgeOfStability(data, Cadence.Ends);
        double Sharpness()
        {
            using var scope = Libtorch.NewDisposeScope();
            return probe.Observe(trainer).Single(metric => metric.Name == $"{EdgeOfStability.Metric}.sharpness").Value;
        }

        var track = ImmutableArray.CreateBuilder<EdgePoint>();
        track.Add(new EdgePoint(0, Sharpness(), double.NaN, 0));
        var (rises, before) = (0, double.PositiveInfinity);
        trainer.Begin();
        while (trainer.End == TrainingEnd.None)
        {
            replica.Cancellation.ThrowIfCancellationRequested();
            replica.Report((double)trainer.Step / steps);
            trainer.TakeStep();
            (rises, before) = (trainer.Loss > before ? rises + 1 : rises, trainer.Loss);
            if (trainer.End == TrainingEnd.Completed || (trainer.End == TrainingEnd.None && trainer.Step % every == 0))
            {
                track.Add(new EdgePoint(trainer.Step, Sharpness(), trainer.Loss, rises));
                rises = 0;
            }
        }

        return new EdgeRun(rate, seed, track.ToImmutable());
    }

    // 1 for the class of an example, and 0 for the others.
    private static DataSet WithTargets(DataSet data)
    {
        var labels = data.RequireLabels();
        var x = new float[checked(data.Count * data.ExampleSize)];
        data.CopyInputs([.. Enumerable.Range(0, data.Count)], x);
        var targets = new double[data.Count * data.Classes];
        for (var i = 0; i < data.Count; i++)
        {
            targets[(i * data.Classes) + labels[i]] = 1;
        }

        return DataSet.FromArrays(data.Name, [data.ExampleSize], x, targets: targets);
    }

    private static IEnumerable<(string Name, Finding Finding)> Each(
        ImmutableArray<EdgeRun> runs, string when, Func<Func<Func<EdgeRun, double>, double[]>, Finding> judge) =>
        runs.ByLevel().Select(own => ($"{when} {own.First().Group}".Trim(), judge(quantity => [.. own.Select(quantity)])));

    private static Finding IfReached(ImmutableArray<EdgeRun> runs, Finding finding) => finding.If(
        runs.All(run => run.Reached),
        $"in {runs.Count(run => !run.Reached)} of {runs.Length} trainings the sharpness did not reach 2/h long before the end");

    private sealed record Sizes(double[] Rates, int Images, int Width, double Time, int Points, ImmutableArray<RichText> Remarks)
    {
        private const int PaperImages = 5_000;

        public static Sizes At(ExperimentScale scale) => scale switch
        {
            ExperimentScale.Smoke => new([0.005, 0.01], 20, 8, 0.2, 4, Fewer(20, 8)),
            ExperimentScale.Laptop => new([0.008, 0.01, 0.0125], 600, 64, 40, 40, Fewer(600, 64)),
            _ => new([0.005, 0.01, 0.02], PaperImages, 200, 200, 200, []),
        };

        private static ImmutableArray<RichText> Fewer(int images, int width) =>
            [$"The paper trains on {PaperImages:N0} images, and on other sets; this on {images:N0}, with {width} units a layer."];
    }
}
