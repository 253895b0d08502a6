using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Networks;
using Occam.Training;
using Occam.Training.Probes;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>A network after its training.</summary>
/// <param name="Group">What the training has in common with those of other seeds, as <c>2,000 true labels</c>.</param>
/// <param name="Level">The group's place along the figure's axis.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Random">Whether all labels it was trained on are random.</param>
/// <param name="Network">The network.</param>
/// <param name="Measured">The examples that its training error and its measures are of.</param>
/// <param name="Epochs">How long it trained.</param>
/// <param name="Loss">The mean cross-entropy over all that it was trained on, in evaluation mode.</param>
/// <param name="TrainingError">Its share of errors on <paramref name="Measured"/>.</param>
/// <param name="TestError">Its share of errors on the test set.</param>
/// <param name="Fitted">Whether the loss fell below the recipe's threshold.</param>
internal sealed record TrainedNetwork(
    string Group,
    double Level,
    int Seed,
    bool Random,
    Network Network,
    DataSet Measured,
    long Epochs,
    double Loss,
    double TrainingError,
    double TestError,
    bool Fitted) : ISeededRun
{
    // Evaluating costs a third of an epoch: it is done often only near the end.
    private const long EvaluationInterval = 5;
    private const double Near = 10;

    /// <summary>Trains a network until its loss is below the threshold, or the recipe ends.</summary>
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
                loss = Evaluate(trainer, whole).Loss;
                fitted = loss < recipe.LossBelow;
            }
        }

        if (!fitted)
        {
            loss = Evaluate(trainer, whole).Loss;
        }

        return new TrainedNetwork(
            group,
            level,
            seed,
            random,
            trainer.Snapshot(),
            measured,
            trainer.Step / trainer.StepsPerEpoch,
            loss,
            1 - Evaluate(
                trainer, ReferenceEquals(measured, training) ? whole : new Evaluation("measured", measured, Cadence.Ends)).Accuracy,
            1 - Evaluate(trainer, test).Accuracy,
            fitted || loss < recipe.LossBelow);
    }

    private static (double Loss, double Accuracy) Evaluate(Trainer trainer, Evaluation at) =>
        at.Observe(trainer).ToArray() is [var loss, var accuracy]
            ? (loss.Value, accuracy.Value)
            : throw new InvalidOperationException("an evaluation with labels has a loss and an accuracy");
}
