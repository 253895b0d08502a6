using System.Collections.Immutable;
using System.Diagnostics;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Measures;
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
/// Stated in the papers: the network, ten points on a parabola, SGD, the steps, weights from a truncated normal
/// distribution of variance 1/fan-in and zero biases. Chosen here: y = x² at ten equispaced points of [−1, 1], the
/// full batch, the mean squared error, learning rate 0.02.
/// </para>
/// </summary>
public sealed class Parabola
{
    /// <summary>The experiment's id.</summary>
    public const string Id = "gor-1";

    /// <summary>The number of points.</summary>
    public const int Points = 10;

    /// <summary>The step size.</summary>
    public const double LearningRate = 0.02;

    private const int TrackEvery = 500;
    private const double TrackRatio = 1.12;

    private static readonly int[] s_shown = [1, 20, 40, 50, 5000, 10_000, 20_000, 30_000];

    private readonly ParabolaOptions _options;
    private readonly DataSet _data;

    /// <summary>Prepares the experiment.</summary>
    public Parabola(ParabolaOptions options)
    {
        _options = options;
        X = [.. Enumerable.Range(0, Points).Select(i => -1 + (2.0 * i / (Points - 1)))];
        Y = [.. X.Select(x => x * x)];
        _data = DataSet.FromArrays("ten points of y = x²", [1], X.ToArray(), targets: Y.ToArray());
        ShortestLength = Polyline(X, Y);
    }

    /// <summary>The inputs.</summary>
    public ImmutableArray<double> X { get; }

    /// <summary>The targets.</summary>
    public ImmutableArray<double> Y { get; }

    /// <summary>The length of the shortest curve through the points: the polyline that joins them.</summary>
    public double ShortestLength { get; }

    /// <summary>The options.</summary>
    public ParabolaOptions Options => _options;

    /// <summary>Trains from every seed, several side by side; each training is the same however many run beside it.</summary>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public ImmutableArray<ParabolaRun> Run() =>
        Replicas.Run(_options.Seeds, _options.Parallel, _options.Cancellation, share => _options.Progress?.Invoke(share), Train);

    private ParabolaRun Train(Replica replica)
    {
        var clock = Stopwatch.StartNew();
        var seed = _options.Seed + replica.Index;
        using var generator = new Generator((ulong)seed);
        using var trainer =
            new Trainer(Mlp.Build([1, 300, 300, 300, 1], "relu", InitializationScheme.LeCun, generator), _data, new TrainingSettings
            {
                Loss = new MeanSquaredError(),
                Optimizer = new Sgd(LearningRate),
                Steps = _options.Steps,
            });
        var track = ImmutableArray.CreateBuilder<ParabolaPoint>();
        var shown = ImmutableArray.CreateBuilder<ParabolaFunction>();
        ParabolaFunction? start = null;
        var next = 1.0;
        for (var step = 0; step <= _options.Steps; step++)
        {
            replica.Cancellation.ThrowIfCancellationRequested();
            replica.Report((double)step / _options.Steps);
            if (step > 0)
            {
                trainer.TakeStep();
            }

            if (step == 0 || step >= next || step % TrackEvery == 0 || s_shown.Contains(step) || step == _options.Steps)
            {
                next = Math.Max(step + 1, next * TrackRatio);
                var (point, function) = Record(step, trainer.Snapshot());
                start ??= function;
                track.Add(point);
                if (s_shown.Contains(step))
                {
                    shown.Add(function);
                }

                _options.Recorded?.Invoke(replica.Index, point, function);
            }
        }

        return new ParabolaRun(seed, start!, track.ToImmutable(), shown.ToImmutable(), clock.Elapsed.TotalSeconds);
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
            new ParabolaPoint(step, loss, Polyline(places, values), energy.Value!.Value, corners.Length - 1, Polyline(X, predictions)),
            new ParabolaFunction(step, [.. places], [.. values], [.. predictions]));
    }

    /// <summary>The length of a polyline; of a piecewise-linear function's graph when its corners are given.</summary>
    private static double Polyline(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        Enumerable.Range(0, x.Count - 1).Sum(i => Math.Sqrt(Math.Pow(x[i + 1] - x[i], 2) + Math.Pow(y[i + 1] - y[i], 2)));
}
