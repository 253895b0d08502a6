using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Networks;
using Occam.Training;
using Occam.Training.Probes;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>A network after its training.</summary>
/// <param name="Run">How the training ended, without the network.</param>
/// <param name="Network">The network.</param>
/// <param name="Measured">The examples that its training error and its measures are of.</param>
internal sealed record TrainedNetwork(TrainedRun Run, Network Network, DataSet Measured) : TrainedRun(Run)
{
    // Evaluating costs a third of an epoch: it is done often only near the end.
    private const long EvaluationInterval = 5;
    private const double Near = 10;

    /// <summary>Trains a network until it is as the recipe asks, or the recipe's epochs are over.</summary>
    /// <param name="group">The group.</param>
    /// <param name="level">Its level.</param>
    /// <param name="seed">The seed of everything random in the training.</param>
    /// <param name="random">Whether all labels are random.</param>
    /// <param name="network">The network at initialization.</param>
    /// <param name="training">What it is trained on.</param>
    /// <param name="measured">The part of that which is measured.</param>
    /// <param name="test">The test set.</param>
    /// <param name="recipe">How.</param>
    /// <param name="replica">Receives the share of steps taken.</param>
    public static TrainedNetwork Train(
        string group, double level, int seed, bool random, Network network, DataSet training, DataSet measured, Evaluation test,
        TrainingRecipe recipe, Replica replica)
    {
        var whole = new Evaluation("whole", training, Cadence.Ends);
        using var trainer = new Trainer(network, training, recipe.For(seed));
        var epochLoss = double.PositiveInfinity;
        trainer.Observed = metric => epochLoss = metric.Name == "train.loss" ? metric.Value : epochLoss;
        trainer.Begin();
        var (loss, fitted) = (double.NaN, false);
        while (trainer.End == TrainingEnd.None && !fitted)
        {
            replica.Cancellation.ThrowIfCancellationRequested();
            trainer.TakeStep();
            replica.Report((double)trainer.Step / trainer.Steps);
            if (trainer.Step % trainer.StepsPerEpoch == 0
                && (epochLoss < Near * recipe.LossBelow || trainer.Step / trainer.StepsPerEpoch % EvaluationInterval == 0))
            {
                (loss, fitted) = Ask();
            }
        }

        if (!fitted)
        {
            (loss, fitted) = Ask();
        }

        var onMeasured = ReferenceEquals(measured, training) ? whole : new Evaluation("measured", measured, Cadence.Ends);
        var run = new TrainedRun(
            group,
            level,
            seed,
            random,
            trainer.Step / trainer.StepsPerEpoch,
            loss,
            1 - Evaluate(trainer, onMeasured).Accuracy,
            1 - Evaluate(trainer, test).Accuracy,
            fitted);
        return new TrainedNetwork(run, trainer.Snapshot(), measured);

        (double Loss, bool Fitted) Ask()
        {
            var (now, accuracy) = Evaluate(trainer, whole);
            return (now, recipe.IsMet(now, accuracy));
        }
    }

    private static (double Loss, double Accuracy) Evaluate(Trainer trainer, Evaluation at) =>
        at.Observe(trainer).ToArray() is [var loss, var accuracy]
            ? (loss.Value, accuracy.Value)
            : throw new InvalidOperationException("an evaluation with labels has a loss and an accuracy");
}
