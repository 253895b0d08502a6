using System.Diagnostics;
using MathNet.Numerics.Statistics;
using Occam.Data;
using Occam.Networks;
using Occam.Networks.Onnx;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;

namespace Occam.Bench;

/// <summary>
/// A training step, the drawing of its examples included, by Occam and by the loop that one writes in PyTorch, in turn;
/// and what following the biases adds to it.
/// </summary>
internal sealed class TrainingBenchmark(Setting setting, Peer peer)
{
    private const double MostForTrajectory = 1.1;
    private const int StepsOfTurn = 500;

    private static readonly TrainingCase s_task1 =
        new("task-1", "waves-1000", new HalfSquaredError(), 1, 1e-3, 0, [
            "0.weight",
        ], PeerThreads: 1, Steps: 50_000, PeerSteps: 1000, Required: 60);

    private static readonly TrainingCase s_parabola =
        new("gor-1", "parabola-10", new MeanSquaredError(), 10, 0.02, 0, [], PeerThreads: 1, Steps: 1000, PeerSteps: 1000, Required: 5);

    private static readonly TrainingCase[] s_large =
    [
        new("vgg", "photographs-512", new CrossEntropy(), 64, 0.01, 0.9, [], null, Steps: 8, PeerSteps: 8, Required: 0.95),
        new("resnet18", "photographs-512", new CrossEntropy(), 32, 0.01, 0.9, [], null, Steps: 1, PeerSteps: 1, Required: 0.95),
    ];

    /// <summary>The lines of the comparisons.</summary>
    public IEnumerable<Row> Run(Action<string> tell)
    {
        using var followed = Start(s_task1, trajectory: true);
        using var alone = Start(s_task1, trajectory: false);
        var (with, without, small) = (new List<Turns>(), new List<Turns>(), new List<Timed>());
        for (var round = 0; round <= setting.Rounds; round++)
        {
            Announce(tell, s_task1, round);
            var (first, second) = Alternate(followed, alone, s_task1.Steps);
            with.Add(first);
            without.Add(second);
            small.Add(peer.Train(s_task1, s_task1.PeerSteps));
        }

        yield return Compare(s_task1, "with the trajectory", [.. with.Select(turns => turns.Mean)], small, "");
        yield return Compare(s_task1, "", [.. without.Select(turns => turns.Mean)], small, "");
        var (more, less) = (Spread(with.Select(turns => turns.Median)), Spread(without.Select(turns => turns.Median)));
        var added = Occam.Bench.Spread.Ratio(more, less);
        yield return new Row(
            $"{s_task1.Network}, with the trajectory", Format.Seconds(more), "without the trajectory", Format.Seconds(less),
            Format.Ratio(added), $"≤ {MostForTrajectory}×", "", added.Median <= MostForTrajectory);

        foreach (var training in (TrainingCase[])[s_parabola, .. s_large])
        {
            using var trainer = Start(training, trajectory: false);
            var (mine, theirs) = (new List<double>(), new List<Timed>());
            for (var round = 0; round <= setting.Rounds; round++)
            {
                Announce(tell, training, round);
                mine.Add(Seconds(trainer, training.Steps));
                theirs.Add(peer.Train(training, training.PeerSteps));
            }

            // All examples at every step make it the same training, of as many steps.
            var difference = Math.Abs(trainer.Loss - theirs[^1].Value) / theirs[^1].Value;
            yield return Compare(training, "", mine, theirs, training == s_parabola ? $"{difference:0.0e+0}" : "");
        }
    }

    private static Trainer Start(TrainingCase training, bool trajectory) => new(
        new Network(OnnxReader.Read(Setting.Exported(training.Network + ".onnx"))),
        DataSource.Open(Setting.Exported(training.Data + ".npz"), new DataOptions()),
        new TrainingSettings
        {
            Loss = training.Loss,
            Optimizer = new Sgd(training.Rate, training.Momentum),
            BatchSize = training.Batch,
            Replacement = training.Batch == 1,
            Steps = long.MaxValue,
            Frozen = [.. training.Frozen],
            Trajectory = trajectory,
        });

    // A difference of some hundredths shows only where both run within the same milliseconds: in short turns.
    private static (Turns First, Turns Second) Alternate(Trainer first, Trainer second, int steps)
    {
        var (ones, others) = (new List<double>(), new List<double>());
        for (var taken = 0; taken < steps; taken += StepsOfTurn)
        {
            ones.Add(Seconds(first, StepsOfTurn));
            others.Add(Seconds(second, StepsOfTurn));
        }

        return (new Turns(ones.Mean(), ones.Median()), new Turns(others.Mean(), others.Median()));
    }

    private static double Seconds(Trainer trainer, int steps)
    {
        var clock = Stopwatch.StartNew();
        for (var step = 0; step < steps; step++)
        {
            trainer.TakeStep();
        }

        return clock.Elapsed.TotalSeconds / steps;
    }

    private void Announce(Action<string> tell, TrainingCase training, int round) =>
        tell($"training {training.Network}, {(round == 0 ? "warming up" : $"round {round} of {setting.Rounds}")}");

    private static Spread Spread(IEnumerable<double> seconds) => new([.. seconds.Skip(1)]);

    private static Row Compare(TrainingCase training, string how, IReadOnlyList<double> occam, IReadOnlyList<Timed> theirs, string error)
    {
        var (mine, other) = (Spread(occam), Spread(theirs.Select(run => run.Seconds)));
        var ratio = Occam.Bench.Spread.Ratio(other, mine);
        return new Row(
            $"{training.Network}, a step of {training.Batch}{(how.Length > 0 ? $", {how}" : "")}", Format.Seconds(mine),
            "the loop in PyTorch", Format.Seconds(other),
            Format.Ratio(ratio), $"≥ {training.Required}×", error, ratio.Median >= training.Required);
    }

    /// <summary>Seconds of a step over short turns.</summary>
    private sealed record Turns(double Mean, double Median);
}
