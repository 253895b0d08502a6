using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>
/// Perceptrons that plain gradient descent trains until they fit their images: to one training loss, whatever else they differ in.
/// </summary>
internal static class FittedPerceptron
{
    /// <summary>The mean loss of an epoch (natural logarithm) at which a training ends.</summary>
    public const double Fitted = 0.02;

    /// <summary>Prepares a training with the cross-entropy.</summary>
    /// <param name="data">The training images.</param>
    /// <param name="width">Units of a hidden layer.</param>
    /// <param name="depth">Hidden layers.</param>
    /// <param name="scheme">How the weights begin.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="batch">Images of a step.</param>
    /// <param name="most">Steps after which it ends, fitted or not.</param>
    /// <param name="seed">The seed of the weights and of the training.</param>
    public static Trainer Trainer(
        DataSet data, int width, int depth, InitializationScheme scheme, double rate, int batch, int most, int seed)
    {
        using var generator = new Generator((ulong)seed);
        return new Trainer(
            Mlp.Build([data.ExampleSize, .. Enumerable.Repeat((long)width, depth), data.Classes], "relu", scheme, generator),
            data,
            new TrainingSettings
            {
                Loss = new CrossEntropy(),
                Optimizer = new Sgd(rate),
                BatchSize = batch,
                Steps = most,
                Seed = seed,
                Stop = new StopConditions { LossBelow = Fitted },
            });
    }

    /// <summary>Trains to the end.</summary>
    /// <param name="trainer">The training, not yet begun.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="report">Is told which part of its most steps are taken.</param>
    /// <param name="stepped">Called after each step.</param>
    /// <returns>The mean loss of the last whole epoch; NaN where there was none.</returns>
    public static double Train(Trainer trainer, CancellationToken cancellation, Action<double> report, Action? stepped = null)
    {
        var loss = double.NaN;
        trainer.Observed = metric => loss = metric.Name == "train.loss" ? metric.Value : loss;
        trainer.Begin();
        while (trainer.End == TrainingEnd.None)
        {
            cancellation.ThrowIfCancellationRequested();
            report((double)trainer.Step / trainer.Steps);
            trainer.TakeStep();
            stepped?.Invoke();
        }

        return loss;
    }

    /// <summary>A finding, where every training came to the loss that counts as fitted.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="losses">The mean loss of each training's last epoch.</param>
    public static Finding IfFitted(this Finding finding, IEnumerable<double> losses)
    {
        bool[] fits = [.. losses.Select(loss => loss < Fitted)];
        return finding.If(
            fits.All(fit => fit), $"{fits.Count(fit => !fit)} of {fits.Length} trainings did not come to a loss below {Fitted}");
    }
}
