using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Probes;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>The observations of one training.</summary>
/// <param name="Group">The condition's name.</param>
/// <param name="Level">The condition's place in the order.</param>
/// <param name="Seed">The seed of the weights and of the training.</param>
/// <param name="Observations">What was observed during training.</param>
/// <param name="Best">The network at the time of its best test accuracy.</param>
/// <param name="End">The network at the end.</param>
internal sealed record ComplexityRun(
    string Group, double Level, int Seed, ImmutableArray<ComplexityObservation> Observations, ComplexityMeasurement Best,
    ComplexityMeasurement End) : ISeededRun
{
    private const string Complexity = "geometric-complexity";
    private const string Slope = "loss-slope";
    private const string AllObservations = "looks";
    private const string SinceObservation = "looks.since";
    private const double Diverged = 1e3;

    /// <summary>The training loss at the end, a mean over the steps since the last observation but one.</summary>
    public double TrainingLoss => double.IsFinite(End.Complexity) ? Observations[^1].TrainingLoss : double.NaN;

    /// <summary>The smallest training loss on the way, a mean between two observations.</summary>
    public double LeastTrainingLoss =>
        Observations.Select(observation => observation.TrainingLoss).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min();

    /// <summary>
    /// The complexity of the last network that was observed with a training loss of at most so much: exact of that at the end, where its
    /// own is; otherwise, as every observation's, estimated by one random direction at each example. NaN where none was.
    /// </summary>
    public double LastComplexity(double loss) => TrainingLoss <= loss
        ? End.Complexity
        : Observations.LastOrDefault(observation => observation.TrainingLoss <= loss)?.Complexity ?? double.NaN;

    /// <summary>Trains, and observes the training.</summary>
    internal static ComplexityRun Train(
        ExperimentContext context, ComplexityTask task, TrainingCondition condition, int seed, Replica replica)
    {
        using var trainer = Trainer(task, condition, seed);
        var checkpoint = TrainingCheckpoint.For(context, Identity(context, task, condition, seed));
        var observations = ImmutableArray.CreateBuilder<ComplexityObservation>();
        var (sum, count, testLoss, testAccuracy) = (0.0, 0, double.NaN, double.NaN);
        trainer.Stepped = now => (sum, count) = (sum + now.Loss, count + 1);
        trainer.Observed = metric =>
        {
            switch (metric.Name)
            {
                case "test.loss":
                    testLoss = metric.Value;
                    break;
                case "test.accuracy":
                    testAccuracy = metric.Value;
                    break;
                case Complexity:
                    observations.Add(new ComplexityObservation(metric.Step, sum / count, testLoss, testAccuracy, metric.Value));
                    (sum, count) = (0, 0);
                    break;
            }
        };
        StateArchive State()
        {
            var archive = trainer.Save();
            archive.Write(SinceObservation, [sum, count, testLoss, testAccuracy]);
            archive.Write(AllObservations, [.. observations.SelectMany(observation => new[]
            {
                observation.Step, observation.TrainingLoss, observation.TestLoss, observation.TestAccuracy, observation.Complexity,
            })]);
            return archive;
        }

        if (checkpoint.Load() is { } state)
        {
            trainer.Load(state);
            observations.AddRange(state.Read<double>(AllObservations).Chunk(5).Select(observation => new ComplexityObservation(
                (long)observation[0], observation[1], observation[2], observation[3], observation[4])));
            (sum, count, testLoss, testAccuracy) = state.Read<double>(SinceObservation) is [var own, var steps, var loss, var accuracy]
                ? (own, (int)steps, loss, accuracy)
                : default;
        }
        else
        {
            trainer.Begin();
        }

        while (trainer.End == TrainingEnd.None)
        {
            if (replica.Cancellation.IsCancellationRequested || checkpoint.IsDue)
            {
                checkpoint.Write(State);
                replica.Cancellation.ThrowIfCancellationRequested();
            }

            trainer.TakeStep();
            replica.Report((double)trainer.Step / trainer.Steps);
        }

        checkpoint.Write(State);
        if (trainer.End == TrainingEnd.Diverged)
        {
            return new ComplexityRun(
                condition.Group, condition.Level, seed, observations.ToImmutable(), ComplexityMeasurement.None, ComplexityMeasurement.None);
        }

        var (network, best) = trainer.Best!.Value;
        return new ComplexityRun(
            condition.Group,
            condition.Level,
            seed,
            observations.ToImmutable(),
            Measured(task, network, observations.First(observation => observation.Step == best.Step)),
            Measured(task, trainer.Snapshot(), observations[^1]));
    }

    /// <summary>Prepares the training of a condition and a seed.</summary>
    internal static Trainer Trainer(ComplexityTask task, TrainingCondition condition, int seed)
    {
        var settings = condition.Change(task.Settings) with { Seed = seed };
        var every = Cadence.EverySteps(Math.Max(1, settings.Steps!.Value / task.ObservationCount));
        return new Trainer(
            (condition.Build ?? task.Build)(seed),
            task.Training,
            settings with { Stop = settings.Stop with { Divergence = Diverged } },
            [
                new Evaluation("test", task.Test, every),
                new MeasureProbe(MeasureCatalogue.Find(Complexity), task.Points, every, new MeasureOptions { Directions = 1 }),
            ])
        {
            KeepBest = "test.accuracy",
        };
    }

    // All that the numbers depend on.
    private static string Identity(ExperimentContext context, ComplexityTask task, TrainingCondition condition, int seed) => string.Join(
        "; ",
        task.Network, task.Training.Description, task.Training.Count, task.Test.Description, task.Test.Count, task.Points.Count,
        task.ObservationCount,
        condition.Group, condition.Level, seed, context.Device, context.Precision,
        condition.Change(task.Settings), string.Join(", ", condition.Change(task.Settings).Regularizers));

    private static ComplexityMeasurement Measured(ComplexityTask task, Network network, ComplexityObservation observation)
    {
        var context = new MeasureContext(new Subject(network, FinalActivation.Softmax, ScalarType.Float32), task.Points);
        return new ComplexityMeasurement(observation.Step, observation.TestAccuracy, observation.TestLoss, Value(Complexity), Value(Slope));

        double Value(string id) => MeasureCatalogue.Find(id).Measurement(context).Value ?? double.NaN;
    }
}
