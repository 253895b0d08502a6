using System.Collections.Immutable;
using System.Globalization;
using Occam.Lab.Reports;
using Occam.Training;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Dherin;

/// <summary>Trainings that differ in one number: the learning rate or the batch, the two knobs of implicit gradient regularization (Dherin et al. 2022, §5).</summary>
/// <param name="Name">The number's name.</param>
/// <param name="Levels">Its values.</param>
/// <param name="Conditions">What each value changes.</param>
/// <param name="Complexity">How the complexity is claimed to follow it; the test accuracy goes the other way.</param>
/// <param name="Setting">The values and what else they stand with, for the page.</param>
internal sealed record Sweep(string Name, ImmutableArray<double> Levels, ImmutableArray<Condition> Conditions, Trend Complexity, ImmutableArray<Setting> Setting)
{
    // A training loss (natural logarithm) below which the paper's curves can't be told from zero.
    private const double ZeroLoss = 0.05;

    /// <summary>The learning rates of a scale.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="most">How many; the ends stay.</param>
    /// <param name="factor">What the rates are multiplied by, for an optimizer that takes other ones.</param>
    /// <param name="change">What else is different from plain gradient descent, given the rate.</param>
    public static Sweep OfLearningRates(ExperimentScale scale, int most = 6, double factor = 1, Func<double, TrainingSettings, TrainingSettings>? change = null)
    {
        double[] all = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2];
        ImmutableArray<double> rates = [.. Some(all, scale, most).Select(rate => rate * factor)];
        return new Sweep(
            "learning rate",
            rates,
            [.. rates.Select(rate => new Condition($"learning rate {rate:G3}", rate, settings => change is null ? settings with { Optimizer = new Sgd(rate) } : change(rate, settings)))],
            Trend.Falls,
            [
                new("learning rates", List(rates), Origin.Chosen),
                new("batch", (long)ResNetTask.Sizes(scale).Batch, Origin.Chosen),
            ]);
    }

    /// <summary>The batches of a scale, at a learning rate of 0.02, or as the change says.</summary>
    public static Sweep OfBatches(ExperimentScale scale, int most = 7, Func<TrainingSettings, TrainingSettings>? change = null)
    {
        double[] all = scale == ExperimentScale.Paper ? [16, 32, 64, 128, 256, 512, 1024] : scale == ExperimentScale.Laptop ? [8, 16, 32, 64, 128] : [4, 16];
        ImmutableArray<double> batches = [.. Some(all, scale, most)];
        return new Sweep(
            "batch",
            batches,
            [.. batches.Select(batch => new Condition($"batch {batch:N0}", batch, settings => (change ?? (given => given with { Optimizer = new Sgd(BatchLearningRate) }))(settings) with { BatchSize = (int)batch }))],
            Trend.Rises,
            [
                new("batches", List(batches), scale == ExperimentScale.Paper ? Origin.Chosen : Origin.Run),
                .. change is null ? [new Setting("learning rate of the batches", BatchLearningRate, Origin.Chosen)] : Array.Empty<Setting>(),
            ]);
    }

    /// <summary>The learning rate of the trainings that differ in their batch.</summary>
    public const double BatchLearningRate = 0.02;

    /// <summary>The verdicts on three claims: on the complexity, the test accuracy, and the training loss.</summary>
    public IEnumerable<VerdictBlock> Judge(IReadOnlyList<Claim> claims, IReadOnlyList<ComplexityRun> runs, ExperimentScale scale)
    {
        var worst = runs.Max(run => double.IsFinite(run.TrainingLoss) ? run.TrainingLoss : double.PositiveInfinity);
        return
        [
            Judgement.Ordered(claims[0], Complexity, "geometric complexity at the end", ComplexityFigure.Values(runs, run => run.End.Complexity), scale),
            Judgement.Ordered(claims[1], Complexity == Trend.Falls ? Trend.Rises : Trend.Falls, "best test accuracy", ComplexityFigure.Values(runs, run => run.Best.TestAccuracy), scale),
            Judgement.Holds(
                claims[2],
                worst < ZeroLoss,
                double.IsFinite(worst) ? string.Create(CultureInfo.InvariantCulture, $"The largest training loss at the end is {worst:0.000}, judged against {ZeroLoss}") : "A training diverged",
                runs.Select(run => run.Seed).Distinct().Count(),
                scale),
        ];
    }

    /// <summary>A row of Figure 4, and the trained networks below it.</summary>
    public IEnumerable<Block> Row(IReadOnlyList<ComplexityRun> runs)
    {
        var shade = new ShadeScale(Name, Scale.Log, Ramp: Ramp.Sequential);
        return
        [
            new Beside(
                ComplexityFigure.Curves("Geometric complexity", new Axis("⟨f, D⟩"), shade, runs, look => look.Complexity),
                ComplexityFigure.Curves("Test accuracy", new Axis("share correct"), shade, runs, look => look.TestAccuracy),
                ComplexityFigure.Curves("Training loss", new Axis("cross-entropy"), shade, runs, look => look.TrainingLoss)),
            new Beside(
                ComplexityFigure.Ends("Geometric complexity at the end", new Axis(Name, Scale.Log), new Axis("⟨f, D⟩"), runs, run => run.End.Complexity),
                ComplexityFigure.Ends("Best test accuracy", new Axis(Name, Scale.Log), new Axis("share correct"), runs, run => run.Best.TestAccuracy),
                ComplexityFigure.Ends("Training loss at the end", new Axis(Name, Scale.Log), new Axis("cross-entropy"), runs, run => run.TrainingLoss)),
        ];
    }

    private static IEnumerable<double> Some(double[] all, ExperimentScale scale, int most)
    {
        var count = scale == ExperimentScale.Paper ? all.Length : Math.Min(scale == ExperimentScale.Smoke ? 2 : most, all.Length);
        return Enumerable.Range(0, count).Select(i => all[(int)Math.Round((double)i * (all.Length - 1) / (count - 1))]);
    }

    private static string List(IEnumerable<double> values) => string.Join(", ", values.Select(value => value.ToString("G3", CultureInfo.InvariantCulture)));
}
