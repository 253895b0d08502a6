using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Loading;
using Occam.Theory;
using Occam.Torch;
using Occam.Training;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>
/// Perceptrons on MNIST whose transfer from parameter to input gradients is followed through training: small enough that gradients of
/// single examples can be written out, and dense, as Theorem 1 of Dherin et al. 2021 and Theorem 5.1 of Dherin et al. 2022 ask for. All of
/// it is chosen here: neither paper measures the quantities of its theorems.
/// </summary>
/// <param name="Scheme">How the weights begin.</param>
/// <param name="Images">Training images.</param>
/// <param name="Width">Units of a hidden layer.</param>
/// <param name="Points">Training images that are measured on.</param>
/// <param name="Batch">Images of a step.</param>
/// <param name="MostSteps">Steps after which a training ends.</param>
/// <param name="ProxyBatch">Images of a batch whose complexity stands for that of all.</param>
internal sealed record TransferTask(
    InitializationScheme Scheme, int Images, int Width, int Points, int Batch, int MostSteps, int ProxyBatch)
{
    /// <summary>The training images, at most, whose gradients are held against each other.</summary>
    public const int MostAligned = 512;

    private const double LearningRate = 0.05;

    /// <summary>The data set.</summary>
    public static ImmutableArray<string> DataSets { get; } = ["mnist"];

    /// <summary>The sizes at a scale.</summary>
    public static TransferTask At(ExperimentScale scale, InitializationScheme scheme) => scale switch
    {
        ExperimentScale.Smoke => new(scheme, 40, 8, 8, 10, 12, 10),
        ExperimentScale.Laptop => new(scheme, 1_000, 64, 48, 32, 6_000, 64),
        _ => new(scheme, 10_000, 128, 128, 32, 60_000, 512),
    };

    /// <summary>Trains perceptrons of several depths from every seed.</summary>
    public ImmutableArray<TransferRun> Train(ExperimentContext context, IEnumerable<int> depths)
    {
        var data = context.OpenOr("mnist:train", "glyphs:train").Subset(Images, 0);
        (int Depth, int Seed)[] items = [.. from depth in depths from seed in context.Seeds select (depth, seed)];
        return context.Replicate("training", items, (item, replica) => Train(data, item.Depth, item.Seed, replica));
    }

    /// <summary>How they are trained and measured.</summary>
    public ImmutableArray<ExperimentSetting> Settings(ExperimentContext context) =>
    [
        new("network", $"perceptron, hidden layers of {Width} units, ReLU", Origin.Chosen),
        new("initial weights", $"{Scheme.Id}, biases 0", Origin.Chosen),
        new("images", $"{Images:N0} of MNIST", Origin.Run),
        new("loss", "cross-entropy", Origin.Stated),
        new("optimizer", $"SGD without momentum, learning rate {LearningRate}, batch {Batch}", Origin.Chosen),
        new("end", $"the first epoch whose mean loss is below {FittedPerceptron.Fitted}, at most {MostSteps:N0} steps", Origin.Chosen),
        new("measured", $"in float64 on {Points} fixed training images, at steps that double; the terms of eq. 6 as means over "
            + $"fixed batches of {Batch}, of {Math.Min(MostAligned, Images)} training images in all", Origin.Chosen),
        new("seeds", string.Join(", ", context.Seeds), Origin.Run),
    ];

    private TransferRun Train(DataSet data, int depth, int seed, Replica replica)
    {
        var (points, batches) = (data.Subset(Points, 1), Batches(data, Batch));
        using var trainer = FittedPerceptron.Trainer(data, Width, depth, Scheme, LearningRate, Batch, MostSteps, seed);
        var track = ImmutableArray.CreateBuilder<TransferPoint>();
        track.Add(Measure(0, trainer.Snapshot(), points, batches));
        var loss = FittedPerceptron.Train(trainer, replica.Cancellation, replica.Report, () =>
        {
            if (trainer.End != TrainingEnd.None || long.IsPow2(trainer.Step))
            {
                track.Add(Measure(trainer.Step, trainer.Snapshot(), points, batches));
            }
        });
        return new TransferRun(depth, seed, loss, track.ToImmutable(), BatchErrors(trainer.Snapshot(), data, seed));
    }

    /// <summary>Fixed batches of training images: disjoint, all of one size, of <see cref="MostAligned"/> images at most.</summary>
    /// <param name="data">The training images.</param>
    /// <param name="batch">Images of a batch.</param>
    public static ImmutableArray<DataSet> Batches(DataSet data, int batch)
    {
        var drawn = data.Subset(MostAligned, 1);
        return [.. Enumerable.Range(0, drawn.Count / batch).Select(i => drawn.Range(i * batch, batch))];
    }

    /// <summary>Measures a network in training.</summary>
    /// <param name="step">Steps taken.</param>
    /// <param name="network">The network.</param>
    /// <param name="points">The training images that gradients and transfer functions are measured on.</param>
    /// <param name="batches">The batches that the terms of eq. 6 are means over.</param>
    public static TransferPoint Measure(long step, Network network, DataSet points, IReadOnlyCollection<DataSet> batches)
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = new TheoryContext(network, points);
        var transfer = TheoremCatalogue.Find("gc-theorem-5-1").Check(context).Details.ToDictionary();
        var subject = new Subject(network, FinalActivation.None, ScalarType.Float64, Device.Cpu);
        var measure = MeasureCatalogue.Find("implicit-gradient-regularization");
        MeasureResult[] terms = [.. batches.Select(batch => measure.Measurement(new MeasureContext(subject, batch)))];
        return new TransferPoint(
            step,
            [.. MeasureCatalogue.Find("layer-amplifications").Measurement(context.Measures).Layers.Select(layer => layer.Value)],
            transfer.Where(pair => pair.Key.StartsWith("T²", StringComparison.Ordinal)).Sum(pair => pair.Value),
            transfer["gradientByParameters"],
            transfer["gradientByInput"],
            terms.Average(term => term.Detail("gradientNorms")),
            terms.Average(term => term.Detail("labelAlignment")),
            terms.Average(term => term.Detail("batchAlignment")));
    }

    private ImmutableArray<double> BatchErrors(Network network, DataSet data, int seed)
    {
        using var scope = Libtorch.NewDisposeScope();
        var examples = MeasureCatalogue.Find("geometric-complexity")
            .Measurement(new MeasureContext(new Subject(network), data)).PerExample.ToArray();
        var all = examples.Average();
        var random = new SeededRandom(seed);
        for (var i = examples.Length - 1; i > 0; i--)
        {
            var j = (int)(random.NextDouble() * (i + 1));
            (examples[i], examples[j]) = (examples[j], examples[i]);
        }

        return [.. examples.Chunk(ProxyBatch).Where(batch => batch.Length == ProxyBatch).Select(batch => (batch.Average() / all) - 1)];
    }
}
