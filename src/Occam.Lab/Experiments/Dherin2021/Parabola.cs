using System.Collections.Immutable;
using System.Diagnostics;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Measures;
using Occam.Measures.Graphs;
using Occam.Measures.Regions;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>
/// gor-1: Figure 1 of Dherin et al. 2021 (and, tracked throughout, Figure 1 of Dherin et al. 2022). A ReLU network
/// of three hidden layers of 300 units learns ten points without any explicit regularization, shown at steps 1,
/// 20, 40, 50, 5,000, 10,000, 20,000 and 30,000.
/// <para>
/// Stated in both papers: the network, ten points, SGD. In the first alone: the steps; its figure draws points of which it
/// says no more, from 0 to 1 by 0 to 2.5. In the second alone: that they lie on a parabola, the interval [−1, 1], weights from a
/// truncated normal distribution of variance 1/fan-in and zero biases. Chosen here: y = x² at ten equispaced points of [−1, 1],
/// the full batch, the mean squared error, learning rate 0.02.
/// </para>
/// </summary>
internal sealed class Parabola
{
    /// <summary>The number of points.</summary>
    public const int Points = 10;

    /// <summary>The step size.</summary>
    public const double LearningRate = 0.02;

    /// <summary>Of so many seeds the function is looked at before training, where it costs nothing.</summary>
    public const int Starts = 20;

    private const int TrackEvery = 500;
    private const double TrackRatio = 1.12;

    private readonly ParabolaOptions _options;
    private readonly DataSet _data;

    /// <summary>Prepares the experiment.</summary>
    public Parabola(ParabolaOptions options)
    {
        _options = options;
        _data = DataSet.FromArrays("ten points of y = x²", [1], X.ToArray(), targets: Y.ToArray());
    }

    /// <summary>The inputs.</summary>
    public static ImmutableArray<double> X { get; } = [.. Enumerable.Range(0, Points).Select(i => -1 + (2.0 * i / (Points - 1)))];

    /// <summary>The targets.</summary>
    public static ImmutableArray<double> Y { get; } = [.. X.Select(x => x * x)];

    /// <summary>The length of the shortest curve through the points: the polyline that joins them.</summary>
    public static double ShortestLength { get; } = Polyline(X, Y);

    /// <summary>The options.</summary>
    public ParabolaOptions Options => _options;

    /// <summary>The length of a polyline; of a piecewise-linear function's graph when its corners are given.</summary>
    public static double Polyline(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        Enumerable.Range(0, x.Count - 1).Sum(i => Math.Sqrt(Math.Pow(x[i + 1] - x[i], 2) + Math.Pow(y[i + 1] - y[i], 2)));

    /// <summary>Trains from every seed, several side by side; each training is the same however many run beside it.</summary>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public ParabolaRuns Run()
    {
        var runs = Replicas.Run(_options.Seeds, _options.Parallel, _options.Cancellation, share => _options.Progress?.Invoke(share), Train);
        return new ParabolaRuns(runs)
        {
            Starts = [.. Enumerable.Range(_options.Seed, Math.Max(Starts, _options.Seeds)).Select(seed => Record(0, Build(seed)).Function)],
        };
    }

    private static Network Build(int seed)
    {
        using var generator = new Generator((ulong)seed);
        return Mlp.Build([1, 300, 300, 300, 1], "relu", InitializationScheme.LeCun, generator);
    }

    private ParabolaRun Train(Replica replica)
    {
        var clock = Stopwatch.StartNew();
        var seed = _options.Seed + replica.Index;
        using var trainer = new Trainer(Build(seed), _data, new TrainingSettings
        {
            Loss = new MeanSquaredError(),
            Optimizer = new Sgd(LearningRate),
            Steps = _options.Steps,
        });
        var track = ImmutableArray.CreateBuilder<ParabolaPoint>();
        var functions = ImmutableArray.CreateBuilder<ParabolaFunction>();
        var next = 1.0;
        for (var step = 0; step <= _options.Steps; step++)
        {
            replica.Cancellation.ThrowIfCancellationRequested();
            replica.Report((double)step / _options.Steps);
            if (step > 0)
            {
                trainer.TakeStep();
            }

            if (step == 0
                || step >= next
                || step % TrackEvery == 0
                || ParabolaRun.PaperSteps.Contains(step)
                || step == _options.Steps)
            {
                next = Math.Max(step + 1, next * TrackRatio);
                var (point, function) = Record(step, trainer.Snapshot());
                track.Add(point);
                functions.Add(function);
                _options.Recorded?.Invoke(replica.Index, point, function);
            }
        }

        return new ParabolaRun(seed, track.ToImmutable(), functions.ToImmutable(), clock.Elapsed.TotalSeconds);
    }

    private (ParabolaPoint Point, ParabolaFunction Function) Record(int step, Network network)
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = new MeasureContext(new Subject(network), _data);
        var energy = MeasureCatalogue.Find("dirichlet-energy").Measurement(context);

        var tracer = new LineTracer(network);
        var (from, to) = (Tensor.FromArray([X[0]], 1), Tensor.FromArray([X[^1]], 1));
        double[] corners = [0, .. tracer.Kinks(from, to), 1];
        var values = tracer.Values(from, to, corners);
        var predictions = tracer.Values(from, to, [.. X.Select(x => (x - X[0]) / (X[^1] - X[0]))]);
        var loss = predictions.Zip(Y, (prediction, target) => Math.Pow(prediction - target, 2)).Average();
        double[] places = [.. corners.Select(t => X[0] + (t * (X[^1] - X[0])))];
        return (
            new ParabolaPoint(
                step, loss, Polyline(places, values), energy.Value ?? double.NaN, corners.Length - 1, Polyline(X, predictions),
                ShortestCurve.Of(X, Y, loss).Length),
            new ParabolaFunction(step, [.. places], [.. values], [.. predictions]));
    }
}
