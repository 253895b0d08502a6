using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-open-optimizers: what Loukas et al. 2021, §7, leave open. "What is the effect of optimization algorithms and of batching on the
/// connection between complexity and training behavior? Does layer normalization play a role? What can be glimpsed by the trajectory of
/// other parameters?" Theorem 1 is exact for plain descent on one example. Task 1 (<see cref="CosineTask"/>) at the two frequencies of
/// Figure 9 is trained with momentum, with Adam, with all examples a step, and so with layer normalization; the length of the first bias'
/// trajectory is the paper's, normalized by the learning rate and ε. Of plain descent the weights are followed too.
/// <para>
/// All of it is chosen, learning rates and numbers of steps such that networks fit their data in every way.
/// </para>
/// </summary>
internal sealed class OtherOptimizers() : Experiment<ImmutableArray<OptimizerRun>>(
    "bth-open-optimizers",
    "With other optimizers, too, the first bias’ trajectory is longer when the target is more complex",
    Papers.Loukas2021,
    "§7, an open question")
{
    private const int Interval = 100;
    private const string Window = "100 steps";
    private const int WeightSteps = 1_000;
    private const string Source = "§7, an open question";

    private static readonly double[] s_frequencies = [0.25, 0.75];

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<OptimizerRun>>> JudgedClaims { get; } =
    [
        Longer("momentum", "With momentum, too, the first bias’ trajectory is longer when the target is more complex."),
        Longer("adam", "With Adam, too, the first bias’ trajectory is longer when the target is more complex."),
        Longer("full-batch", "With all examples a step, too, the first bias’ trajectory is longer when the target is more complex."),
        Longer(
            "layer-normalization",
            "With layer normalization, too, the first bias’ trajectory is longer when the target is more complex."),
        new("weights", "The trajectories of the weights, too, are longer when the target is more complex.", Source, Weights),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => new(
        $"2 frequencies in {TrainingWay.All.Length} ways, {Steps(TrainingWay.Plain, scale):N0} steps of one example or "
            + $"{Steps(TrainingWay.All[^1], scale):N0} of all",
        CosineTrainings.Seeds(scale),
        TimeSpan.FromSeconds(scale == ExperimentScale.Smoke ? 5 : 40 * CosineTrainings.Seeds(scale)));

    /// <inheritdoc/>
    public override ImmutableArray<OptimizerRun> Compute(ExperimentContext context)
    {
        (TrainingWay Way, double Frequency, int Seed)[] all =
            [.. from way in TrainingWay.All from frequency in s_frequencies from seed in context.Seeds select (way, frequency, seed)];
        return context.Replicate("training", all, (item, replica) =>
        {
            var (training, test) = CosineTask.Data(item.Frequency, item.Seed);
            var settings = item.Way.Settings(item.Seed, Steps(item.Way, context.Scale), Interval);
            var run = TrajectoryRun.Train(
                FormattableString.Invariant($"ω = {item.Frequency}"), item.Frequency, item.Seed, item.Way.Network(item.Seed), training,
                test, settings, replica, out var trained);
            return new OptimizerRun(
                item.Way.Id, run,
                item.Way == TrainingWay.Plain ? OptimizerRun.FollowWeights(trained, training, settings, WeightSteps) : []);
        });
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<OptimizerRun> runs, IReadOnlyList<VerdictBlock> verdicts) => new()
        {
            Summary = "The paper’s theorem is exact for plain descent on one example, and its conclusion asks what other optimizers, "
                + "batches and layer normalization do to it, and what other parameters’ trajectories show. Task 1 is trained in "
                + $"{TrainingWay.All.Length} ways, and the first bias’ trajectory is measured in each as the paper measures it: the length "
                + "of a step over the learning rate and the mean ε of its examples. For the new ways no theorem says what that is.",
            Panels =
            [
                .. TrainingWay.All.Select(way => Row(way, Of(runs, way.Id))),
                new Prose("Adam divides the gradient by a running mean of its size, so that its steps hardly depend on ε: divided by ε "
                    + "they are the longer the better the data are fitted. With momentum a step has the gradients of ten steps or so in "
                    + "it, and is divided by the learning rate and its own ε."),
                new Section(
                    "Weights, with plain descent",
                    new SideBySide([.. Enumerable.Range(0, Followed(runs)[0].WeightLengths.Length).Select(i => new Chart(
                        $"Weights of layer {i + 2}", new Axis("frequency ω"), new Axis("Σ ‖W(t+1) − W(t)‖ / (α ε)", Minimum: 0),
                        new Dots(
                            [.. Followed(runs).Select(run => run.Training.Level)], [.. Followed(runs).Select(run => run.WeightLengths[i])])
                        {
                            Name = "a training", Hollow = true,
                        }))]),
                    new Prose(
                        $"Over {WeightSteps:N0} further steps of the trained networks; the first weights are the identity and stay.")),
            ],
            Settings =
            [
                .. CosineTask.Described(context).Where(setting => !IsOwn(setting.Name.PlainText)),
                .. TrainingWay.All.Select(way => new ExperimentSetting(
                    way.Name,
                    $"{Described(way)}, learning rate {Numbers.Format(way.Optimizer.LearningRate)}, {Steps(way, context.Scale):N0} steps",
                    Origin.Chosen)),
                new("layer normalization", "in the three hidden layers of 32 units, before the ReLU", Origin.Chosen),
                new("ε of a batch", "the mean of its examples’", Origin.Chosen),
                new("weights", $"followed over {WeightSteps:N0} further steps, Frobenius norms", Origin.Chosen),
                TrainingFit.Setting, new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables =
            [
                .. TrainingWay.All.Select(way => TrajectoryFigure.Table(way.Id, Of(runs, way.Id))),
                .. TrainingWay.All.Select(way => TrajectoryFigure.EndTable($"trainings-{way.Id}", Of(runs, way.Id))),
                RawTable.Of(
                    "weights", "normalized trajectory length of each layer’s weights over further steps of plain descent",
                    from run in Followed(runs) from i in Enumerable.Range(0, run.WeightLengths.Length) select (Run: run, Index: i),
                    ("frequency", row => row.Run.Training.Level), ("seed", row => row.Run.Training.Seed), ("layer", row => row.Index + 2),
                    ("length", row => row.Run.WeightLengths[row.Index])),
            ],
        };

    private static Claim<ImmutableArray<OptimizerRun>> Longer(string way, string text) => new(
        $"longer-with-{way}", text, Source, runs => TrajectoryJudges.LongerAtEnd(Of(runs, way), Window));

    private static Finding Weights(ImmutableArray<OptimizerRun> runs)
    {
        var followed = Followed(runs);
        return Judge
            .All([.. Enumerable.Range(0, followed[0].WeightLengths.Length).Select(i => (
                $"layer {i + 2}",
                Judge.Rises($"trajectory length of the weights of layer {i + 2} in {WeightSteps:N0} steps", [
                    .. followed.GroupBy(run => run.Training.Level).Select(level => new SeedGroup(
                        level.First().Training.Group, level.Key, [.. level.Select(run => run.WeightLengths[i])])),
                ])))])
            .IfFitted([.. followed.Select(run => run.Training)]);
    }

    private static TrajectoryRun[] Of(ImmutableArray<OptimizerRun> runs, string way) =>
        [.. runs.Where(run => run.Way == way).Select(run => run.Training)];

    private static OptimizerRun[] Followed(ImmutableArray<OptimizerRun> runs) => [.. runs.Where(run => !run.WeightLengths.IsEmpty)];

    private static Section Row(TrainingWay way, TrajectoryRun[] runs) => new(
        way.Name,
        new SideBySide(
            TrajectoryFigure.Panel(
                "Training loss", "step", new Axis("½(f − y)²", Scale.Log), "frequency ω", runs, run => run.TrainingLoss),
            TrajectoryFigure.Panel(
                $"Bias trajectory in {Window}", "step", new Axis("Σ ‖b₁(t+1) − b₁(t)‖ / (α ε)", Scale.Log), "frequency ω", runs,
                run => run.FirstLengths),
            TrajectoryFigure.Panel(
                "Test loss", "step", new Axis("½(f − y)²", Scale.Log), "frequency ω", runs, run => run.TestLoss)));

    private static string Described(TrainingWay way) =>
        (way.Optimizer is Training.Optimizers.Sgd { Momentum: > 0 } sgd ? $"momentum {Numbers.Format(sgd.Momentum)}"
            : way.Optimizer is Training.Optimizers.Adam ? "β 0.9 and 0.999" : "plain descent")
        + $", {(way.Batch == 1 ? "one example" : $"{way.Batch} examples")} a step";

    // What every way has of its own.
    private static bool IsOwn(string setting) => setting is "optimizer" or "learning rate" or "epochs" or "factor on the inputs";

    private static int Steps(TrainingWay way, ExperimentScale scale) => (way.Batch, scale) switch
    {
        (1, ExperimentScale.Smoke) => 2_000,
        (1, _) => 1_000_000,
        (_, ExperimentScale.Smoke) => 200,
        _ => 50_000,
    };
}
