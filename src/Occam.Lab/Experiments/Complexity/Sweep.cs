using System.Collections.Immutable;
using System.Globalization;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Training;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>
/// Trainings that differ in one number: the learning rate or the batch, the two knobs of implicit gradient regularization (Dherin et al.
/// 2022, §5).
/// </summary>
/// <param name="Name">The number's name.</param>
/// <param name="Levels">Its values.</param>
/// <param name="Conditions">What each value changes.</param>
/// <param name="Setting">The values and what else they stand with, for the page.</param>
internal sealed record Sweep(
    string Name, ImmutableArray<double> Levels, ImmutableArray<TrainingCondition> Conditions, ImmutableArray<ExperimentSetting> Setting)
{
    /// <summary>A step of the laptop's batches on average, in steps of the common batch.</summary>
    public const double BatchCost = 1.8;

    /// <summary>The learning rate of the batches, where a figure says nothing else.</summary>
    public const double BatchLearningRate = 0.02;

    /// <summary>The learning rates of a scale.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="optimizer">The optimizer of a rate, which may be a multiple of the one given; plain gradient descent when null.</param>
    /// <param name="most">How many at the laptop scale; the ends stay.</param>
    /// <param name="larger">Larger rates at the laptop scale, where the small ones would not bring the training loss near zero in its
    /// steps.</param>
    public static Sweep OfLearningRates(ExperimentScale scale, Func<double, Optimizer>? optimizer = null, int most = 6, bool larger = false)
    {
        double[] all = larger && scale == ExperimentScale.Laptop ? [0.02, 0.05, 0.1, 0.2, 0.5] : [0.005, 0.01, 0.02, 0.05, 0.1, 0.2];
        Optimizer[] optimizers = [.. Some(all, scale, most).Select(optimizer ?? (rate => new Sgd(rate)))];
        ImmutableArray<double> rates = [.. optimizers.Select(own => own.LearningRate)];
        return new Sweep(
            "learning rate",
            rates,
            [.. optimizers.Select(own => new TrainingCondition(
                $"learning rate {own.LearningRate:G3}", own.LearningRate, settings => settings with { Optimizer = own }))],
            [
                new("learning rates", List(rates), Origin.Chosen),
                new("batch", (long)ResNetTask.Sizes(scale).Batch, Origin.Chosen),
            ]);
    }

    /// <summary>The batches of a scale, at one learning rate.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="optimizer">The optimizer of a rate, which may be a multiple of the one given; plain gradient descent when null.</param>
    /// <param name="most">How many at the laptop scale; the ends stay.</param>
    /// <param name="rate">The learning rate of all.</param>
    public static Sweep OfBatches(
        ExperimentScale scale, Func<double, Optimizer>? optimizer = null, int most = 4, double rate = BatchLearningRate)
    {
        double[] all = scale switch
        {
            ExperimentScale.Smoke =>
            [4, 16],
            ExperimentScale.Laptop => [16, 32, 64, 128],
            _ => [16, 32, 64, 128, 256, 512, 1024]
        };
        ImmutableArray<double> batches = [.. Some(all, scale, most)];
        var one = optimizer?.Invoke(rate) ?? new Sgd(rate);
        return new Sweep(
            "batch",
            batches,
            [.. batches.Select(batch => new TrainingCondition(
                $"batch {batch:N0}", batch, settings => settings with { Optimizer = one, BatchSize = (int)batch }))],
            [
                new("batches", List(batches), scale == ExperimentScale.Paper ? Origin.Chosen : Origin.Run),
                new("learning rate of the batches", one.LearningRate, Origin.Chosen),
            ]);
    }

    /// <summary>A row of Figure 4, and the trained networks below it.</summary>
    public IEnumerable<Block> Row(IReadOnlyList<ComplexityRun> runs)
    {
        var shade = new ShadeScale(Name, Scale.Log);
        return
        [
            new SideBySide(
                ComplexityFigure.Curves(
                    "Geometric complexity", new Axis("geometric complexity"), shade, runs, observation => observation.Complexity),
                ComplexityFigure.Curves("Test accuracy", new Axis("share correct"), shade, runs, observation => observation.TestAccuracy),
                ComplexityFigure.Curves("Training loss", new Axis("cross-entropy"), shade, runs, observation => observation.TrainingLoss)),
            new SideBySide(
                runs.Ends(
                    "Geometric complexity at the end", new Axis(Name, Scale.Log), new Axis("geometric complexity"),
                    run => run.End.Complexity),
                runs.Ends("Best test accuracy", new Axis(Name, Scale.Log), new Axis("share correct"), run => run.Best.TestAccuracy),
                runs.Ends("Training loss at the end", new Axis(Name, Scale.Log), new Axis("cross-entropy"), run => run.TrainingLoss)),
        ];
    }

    /// <summary>Some of the values of a figure, evenly: all at the paper's scale, two in smoke, and so many on a laptop.</summary>
    public static IEnumerable<double> Some(double[] all, ExperimentScale scale, int most)
    {
        var count = scale == ExperimentScale.Paper ? all.Length : Math.Min(scale == ExperimentScale.Smoke ? 2 : most, all.Length);
        return Enumerable.Range(0, count).Select(i => all[(int)Math.Round((double)i * (all.Length - 1) / (count - 1))]);
    }

    private static string List(IEnumerable<double> values) =>
        string.Join(", ", values.Select(value => value.ToString("G3", CultureInfo.InvariantCulture)));
}
