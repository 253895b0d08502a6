using System.Collections.Immutable;
using System.Globalization;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Measures;
using Occam.Measures.Regions;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>
/// Perceptrons that learn a few images of MNIST with Adam, whose linear regions near data are counted on the way. Chosen here: all but the
/// kind of network, of data and of optimizer.
/// </summary>
/// <param name="Width">Units of a hidden layer.</param>
/// <param name="Images">Training images.</param>
/// <param name="TestImages">Test images.</param>
/// <param name="Steps">Steps.</param>
/// <param name="Points">Neighbourhoods of each kind.</param>
internal sealed record RegionTask(int Width, int Images, int TestImages, long Steps, int Points)
{
    /// <summary>Hidden layers.</summary>
    public const int Layers = 3;

    private const int Batch = 64;
    private const double LearningRate = 1e-3;
    private const double Reach = 0.05;
    private const double Radius = 0.5;
    private const int Directions = 25;

    /// <summary>The data set.</summary>
    public static ImmutableArray<string> DataSets { get; } = ["mnist"];

    /// <summary>How they are trained and measured.</summary>
    public ImmutableArray<ExperimentSetting> Settings =>
    [
        new("network", $"perceptron of {Layers} hidden layers of {Width} units, ReLU; weights and biases uniform in ±1/√fan-in",
            Origin.Chosen),
        new("images", $"{Images:N0} of MNIST to train, {TestImages:N0} to test", Origin.Run),
        new("loss", "cross-entropy", Origin.Chosen),
        new("optimizer", string.Create(
            CultureInfo.InvariantCulture, $"Adam, learning rate {LearningRate}, batch {Math.Min(Batch, Images)}"), Origin.Chosen),
        new("end", $"after {Steps:N0} steps", Origin.Chosen),
        new("neighbourhood", string.Create(
            CultureInfo.InvariantCulture, $"corners at a distance of {Radius} in {Directions} random directions and their opposites, in "
                + $"units of the normalized input"), Origin.Chosen),
        new("points", $"{Points} training images, {Points} test images, {Points} pairs of training images of other digits", Origin.Chosen),
        new("attack", string.Create(
            CultureInfo.InvariantCulture, $"projected gradient ascent of 10 steps, each pixel by {Reach} at most, of normalized inputs"),
            Origin.Chosen),
    ];

    /// <summary>The sizes at a scale.</summary>
    public static RegionTask At(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => new(8, 40, 20, 20, 5),
        ExperimentScale.Laptop => new(100, 500, 500, 50_000, 100),
        _ => new(200, 1_000, 10_000, 100_000, 1_000),
    };

    /// <summary>Trains from every seed.</summary>
    public ImmutableArray<RegionRun> Train(ExperimentContext context)
    {
        var training = context.OpenOr("mnist:train", "glyphs:train").Subset(Images, 0);
        var test = context.OpenOr("mnist:test", "glyphs:test").Subset(TestImages, 0);
        Sets sets = new(training, test, training.Subset(Points, 1), test.Subset(Points, 1), Pairs(training));
        return context.Replicate("training", context.Seeds, (seed, replica) => Train(sets, seed, replica));
    }

    private RegionRun Train(Sets sets, int seed, Replica replica)
    {
        using var generator = new Generator((ulong)seed);
        using var trainer = new Trainer(
            Mlp.Build(
                [sets.Training.ExampleSize, .. Enumerable.Repeat((long)Width, Layers), sets.Training.Classes], "relu",
                InitializationScheme.PyTorch, generator),
            sets.Training,
            new TrainingSettings
            {
                Loss = new CrossEntropy(),
                Optimizer = new Adam(LearningRate),
                BatchSize = Math.Min(Batch, Images),
                Steps = Steps,
                Seed = seed,
            });
        var cadence = Cadence.Logarithmic(8);
        var track = ImmutableArray.CreateBuilder<RegionPoint>();
        track.Add(Measure(0, new Subject(trainer.Snapshot()), sets));
        var next = cadence.Next(0, 1);
        trainer.Begin();
        while (trainer.End == TrainingEnd.None)
        {
            replica.Cancellation.ThrowIfCancellationRequested();
            replica.Report((double)trainer.Step / Steps);
            trainer.TakeStep();
            if (trainer.Step >= next || trainer.End == TrainingEnd.Completed)
            {
                track.Add(Measure(trainer.Step, new Subject(trainer.Snapshot()), sets));
                next = cadence.Next(trainer.Step, 1);
            }
        }

        return new RegionRun(seed, track.ToImmutable());
    }

    private static RegionPoint Measure(long step, Subject subject, Sets sets)
    {
        using var scope = Libtorch.NewDisposeScope();
        var boundary = DecisionBoundary.Between(subject, sets.Training, sets.Pairs);
        return new RegionPoint(
            step, SignAttack.Error(subject, sets.Training, 0), SignAttack.Error(subject, sets.Test, 0),
            SignAttack.Error(subject, sets.Test, Reach), Regions(sets.AtTraining), Regions(sets.AtTest),
            boundary is null ? double.NaN : Regions(boundary));

        double Regions(DataSet points) =>
            new LocalComplexity(Radius, Directions).Measurement(new MeasureContext(subject, points)).Value!.Value;
    }

    private (int First, int Second)[] Pairs(DataSet training)
    {
        var (labels, random) = (training.RequireLabels(), new SeededRandom(2));
        List<(int First, int Second)> pairs = [];
        while (pairs.Count < Points)
        {
            var (first, second) = (random.NextInt(training.Count), random.NextInt(training.Count));
            if (labels[first] != labels[second])
            {
                pairs.Add((first, second));
            }
        }

        return [.. pairs];
    }

    private sealed record Sets(
        DataSet Training, DataSet Test, DataSet AtTraining, DataSet AtTest, IReadOnlyList<(int First, int Second)> Pairs);
}
