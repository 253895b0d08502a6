using Occam.Data;
using Occam.Lab.Runs.Configuration;
using Occam.Networks;
using Occam.Torch;
using Occam.Training;

namespace Occam.Lab.Explaining;

/// <summary>Batches like those of a run's steps: as many training examples, with the labels that it learned.</summary>
internal sealed class RunBatches
{
    private const int Draws = 8;
    private const int MostExamples = 4096;
    private const int MostExactOutputs = 32;
    private const int MostCotangents = 8;

    // Numbers that passes over a batch may keep for a second derivative: some gigabytes with all that belongs to them.
    private const long MostKept = 1L << 29;

    private readonly Network _network;
    private readonly DataSet _train;
    private readonly SupervisedExamples _examples;
    private readonly int _seed;

    /// <summary>Draws them.</summary>
    /// <param name="configuration">The run's configuration.</param>
    /// <param name="network">Its network.</param>
    /// <param name="train">Its training examples.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="isRandom">Whether what is measured on one and the same batch is random.</param>
    public RunBatches(RunConfiguration configuration, Network network, DataSet train, int seed, bool isRandom)
    {
        (_network, _train, _seed) = (network, train, seed);
        _examples = new SupervisedExamples(network, train, configuration.Settings.LearnedTargets(train));

        var (kept, outputs) = CountNumbers();
        RunBatchSize = Math.Min(configuration.Settings.BatchSize ?? train.Count, train.Count);
        Size = (int)Math.Min(RunBatchSize, Math.Clamp(MostKept / (2 * kept), 1, MostExamples));
        var isExact = outputs <= MostExactOutputs && kept * Size * (outputs + 1) <= MostKept;
        Cotangents = isExact ? 0 : (int)Math.Clamp((MostKept / (kept * Size)) - 1, 1, MostCotangents);
        Indices = Draw(isRandom || (Cotangents > 0 && outputs > 1));
    }

    /// <summary>Examples of a batch of the run.</summary>
    public int RunBatchSize { get; }

    /// <summary>Examples of a batch here.</summary>
    public int Size { get; }

    /// <summary>Whether a batch is all training examples.</summary>
    public bool IsWhole => Size == _train.Count;

    /// <summary>Random cotangents an example, with which its Jacobian's norm is estimated; 0 where there is room for all outputs.</summary>
    public int Cotangents { get; }

    /// <summary>The examples' numbers, batch by batch.</summary>
    public int[][] Indices { get; }

    /// <summary>The inputs as the network takes them, and the targets.</summary>
    public (Tensor Inputs, Tensor Targets) Take(int[] indices) => _examples.Take(indices);

    /// <summary>Other examples, as many as of a batch, drawn with replacement as the training draws them for regularizers.</summary>
    public (Tensor Inputs, Tensor Targets) DrawOthers(int number)
    {
        var random = new SeededRandom(_seed, number + 1);
        return Take([.. Enumerable.Range(0, Size).Select(_ => random.NextInt(_train.Count))]);
    }

    /// <summary>A batch as a data set: with classes for a loss on classes, otherwise with real targets.</summary>
    public DataSet ToDataSet(int[] indices, bool withClasses)
    {
        var targets = _examples.Targets(indices);
        return DataSet.FromArrays(
            _train.Name,
            _train.ExampleShape,
            _examples.Inputs(indices),
            withClasses ? Array.ConvertAll(targets, target => (int)target) : null,
            withClasses ? null : targets);
    }

    private int[][] Draw(bool isRandom)
    {
        if (IsWhole)
        {
            return [.. Enumerable.Range(0, isRandom ? Draws : 1).Select(_ => Enumerable.Range(0, Size).ToArray())];
        }

        var random = new SeededRandom(_seed);
        return [.. Enumerable.Range(0, Draws).Select(_ => random.Choose(Size, _train.Count))];
    }

    private (long Kept, long Outputs) CountNumbers()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var values = _network.Run(Take([0]).Inputs, [.. _network.Graph.Varying.Remove(_network.Graph.Input.Name)]);
        return (Math.Max(1, values.Values.Sum(value => value.Elements)), values[_network.Output].Elements);
    }
}
