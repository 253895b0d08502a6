using System.Collections.Immutable;
using System.Globalization;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Measures;
using Occam.Measures.Features;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>
/// Perceptrons that learn some digits of MNIST far beyond the last training error, and whose features are then asked for the others.
/// All of it is chosen here: the papers train ResNets and VGGs on whole data sets for hundreds of epochs.
/// </summary>
/// <param name="Rates">Learning rates.</param>
/// <param name="Each">Training images of a class.</param>
/// <param name="Width">Units of a hidden layer.</param>
/// <param name="Epochs">Epochs.</param>
/// <param name="Points">Training images that the complexity is measured on.</param>
/// <param name="NewEach">Images of each new class.</param>
internal sealed record CollapseTask(ImmutableArray<double> Rates, int Each, int Width, int Epochs, int Points, int NewEach)
{
    private const int Batch = 32;
    private const int Layers = 3;
    private const int Shots = 5;
    private const double Momentum = 0.9;
    private const double WeightDecay = 5e-4;

    /// <summary>The data set.</summary>
    public static ImmutableArray<string> DataSets { get; } = ["mnist"];

    /// <summary>The digits that are learned.</summary>
    public static ImmutableArray<int> Known { get; } = [0, 1, 2, 3, 4, 5];

    private static ImmutableArray<int> New { get; } = [6, 7, 8, 9];

    /// <summary>How they are trained and measured.</summary>
    public ImmutableArray<ExperimentSetting> Settings =>
    [
        new("network", $"perceptron of {Layers} hidden layers of {Width} units, ReLU; He’s normal weights, biases 0", Origin.Chosen),
        new("images", $"{Each} of each of the digits {string.Join(", ", Known)} of MNIST", Origin.Run),
        new("loss", "cross-entropy", Origin.Chosen),
        new("optimizer", string.Create(
            CultureInfo.InvariantCulture, $"SGD, momentum {Momentum}, weight decay {WeightDecay}, batch {Batch}"), Origin.Chosen),
        new("learning rates", string.Join(", ", Rates.Select(rate => rate.ToString(CultureInfo.InvariantCulture))), Origin.Chosen),
        new("end", $"after {Epochs} epochs", Origin.Chosen),
        new("new classes", $"{NewEach} test images of each of the digits {string.Join(", ", New)}; the nearest of the means of {Shots} "
            + "training images each", Origin.Chosen),
        new("complexity", $"of the features before the last layer, on {Points} training images", Origin.Chosen),
    ];

    /// <summary>The sizes at a scale.</summary>
    public static CollapseTask At(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => new([0.02, 0.05], 5, 8, 4, 10, 5),
        ExperimentScale.Laptop => new([0.005, 0.01, 0.02, 0.04], 100, 100, 600, 120, 50),
        _ => new([0.005, 0.01, 0.02, 0.04], 2_000, 500, 500, 600, 500),
    };

    /// <summary>Trains with every learning rate from every seed.</summary>
    public ImmutableArray<CollapseRun> Train(ExperimentContext context)
    {
        var (training, test) = (context.OpenOr("mnist:train", "glyphs:train"), context.OpenOr("mnist:test", "glyphs:test"));
        Sets sets = new(
            ClassChoice.Of(training, Known, Each), ClassChoice.Of(training, New, Shots), ClassChoice.Of(test, New, NewEach));
        (double Rate, int Seed)[] items = [.. from rate in Rates from seed in context.Seeds select (rate, seed)];
        return context.Replicate("training", items, (item, replica) => Train(sets, item.Rate, item.Seed, replica));
    }

    private CollapseRun Train(Sets sets, double rate, int seed, Replica replica)
    {
        using var generator = new Generator((ulong)seed);
        using var trainer = new Trainer(
            Mlp.Build(
                [sets.Training.ExampleSize, .. Enumerable.Repeat((long)Width, Layers), Known.Length], "relu", InitializationScheme.He,
                generator),
            sets.Training,
            new TrainingSettings
            {
                Loss = new CrossEntropy(),
                Optimizer = new Sgd(rate, Momentum, WeightDecay: WeightDecay),
                BatchSize = Batch,
                Epochs = Epochs,
                Seed = seed,
            });
        var x = new float[sets.Training.Count * sets.Training.ExampleSize];
        sets.Training.CopyInputs([.. Enumerable.Range(0, sets.Training.Count)], x);
        double[] targets = [.. sets.Training.RequireLabels().Select(label => (double)label)];
        var cadence = Cadence.Logarithmic(6);
        var track = ImmutableArray.CreateBuilder<CollapsePoint>();
        void Observe(long epoch)
        {
            var (loss, accuracy) = trainer.Evaluate(x, targets, sets.Training.Count);
            track.Add(Measure(epoch, new Subject(trainer.Snapshot()), sets, loss, accuracy));
        }

        Observe(0);
        var next = cadence.Next(0, 1);
        trainer.Begin();
        while (trainer.End == TrainingEnd.None)
        {
            replica.Cancellation.ThrowIfCancellationRequested();
            replica.Report((double)trainer.Step / trainer.Steps);
            trainer.TakeStep();
            var epoch = trainer.Step / trainer.StepsPerEpoch;
            if (trainer.Step % trainer.StepsPerEpoch == 0 && (epoch >= next || trainer.End == TrainingEnd.Completed))
            {
                Observe(epoch);
                next = cadence.Next(epoch, 1);
            }
        }

        return new CollapseRun(rate, seed, track.ToImmutable());
    }

    private CollapsePoint Measure(long epoch, Subject subject, Sets sets, double loss, double accuracy)
    {
        using var scope = Libtorch.NewDisposeScope();
        MeasureContext training = new(subject, sets.Training), tested = new(subject, sets.NewTest), few = new(subject, sets.NewFew);
        var collapse = new NeuralCollapse().Measurement(training);
        return new CollapsePoint(
            epoch, 1 - accuracy, loss, collapse.Value ?? double.NaN, Of("nc2.lengths"), Of("nc2.angles"), Of("nc3"), Of("nc4"),
            Value(new EmbeddingComplexity().Measurement(new MeasureContext(subject, sets.Training.Subset(Points, 1)))),
            Value(new ClassDistanceNormalizedVariance().Measurement(training)),
            Value(new ClassDistanceNormalizedVariance().Measurement(tested)), NearestMeans.Error(few, tested));

        double Of(string detail) => collapse.Value is null ? double.NaN : collapse.Detail(detail);

        // Features that have died have no value.
        static double Value(MeasureResult result) => result.Value ?? double.NaN;
    }

    private sealed record Sets(DataSet Training, DataSet NewFew, DataSet NewTest);
}
