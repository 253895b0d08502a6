using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Store;
using Occam.Networks;
using Occam.Training.Optimizers;

namespace Occam.Lab.Explaining;

/// <summary>What has to be known of a run's mechanisms beside their numbers.</summary>
internal sealed class MechanismNotes(RunConfiguration configuration, RunStatus status, Network network)
{
    // h times the curvature along the gradient is twice this; a plain step that gets ahead needs less than 2.
    private const double SmallSteps = 0.25;

    /// <summary>Whether elements are dropped at random while it trains.</summary>
    public bool Drops => network.ActiveNodes.Any(node => network.Operators[node].DropProbability(node, network.Constant) > 0);

    /// <summary>What acted without a gradient that could be weighed.</summary>
    public IEnumerable<string> WithoutGradient()
    {
        if (configuration.Settings.InputNoise > 0)
        {
            yield return $"noise of standard deviation {configuration.Settings.InputNoise} on the inputs";
        }

        if (configuration.Settings.LabelNoise is { } noise)
        {
            yield return $"{noise.Fraction:P0} of the labels replaced at random{(noise.Redrawn ? ", anew each time" : "")}";
        }

        if (configuration.Settings.Augmentation is { } augmentation)
        {
            string?[] kinds = [augmentation.Crop > 0 ? $"crops of ±{augmentation.Crop} pixels" : null, augmentation.Flip ? "flips" : null];
            yield return $"augmentation: {string.Join(", ", kinds.OfType<string>())}";
        }

        if (Drops)
        {
            yield return "dropout";
        }

        if (status.State == RunState.Completed && status.Step < status.Steps)
        {
            yield return $"an early end, after {status.Step} of {status.Steps} steps";
        }
    }

    /// <summary>The notes.</summary>
    /// <param name="batches">The batches that were taken.</param>
    /// <param name="pulls">What was weighed.</param>
    /// <param name="off">Regularizers that never acted.</param>
    public IEnumerable<string> Of(RunBatches batches, IReadOnlyList<Pull> pulls, IReadOnlyCollection<string> off)
    {
        if (batches.Size < batches.RunBatchSize)
        {
            yield return $"The run’s batches have {batches.RunBatchSize} examples; {batches.Size} of them were taken here. The gradient "
                + "of fewer examples varies more: what is told of the learning rate is too large, its gradient norms and label "
                    + $"alignment by a factor of {Numbers.Format((double)batches.RunBatchSize / batches.Size, 3)}.";
        }

        if (batches.Cotangents > 0)
        {
            yield return $"The geometric complexity of a batch was estimated with {batches.Cotangents} random cotangents an example: the "
                + "errors cover it.";
        }

        if (NotPlain() is { } why)
        {
            yield return $"The optimizer ‘{configuration.Settings.Optimizer.Id}’ does not take plain gradient steps: {why}. The numbers, "
                + "(h/4)‖∇L‖² among them, are those of a plain step at the same learning rate.";
        }

        if (pulls[1].Norm.Value > SmallSteps * pulls[0].Norm.Value)
        {
            yield return $"The learning rate’s pull is {Numbers.Format(pulls[1].Norm.Value / pulls[0].Norm.Value, 2)} of the loss’s: the "
                + "steps are not small against the curvature. (h/4)‖∇L‖² is the first term of an expansion in h, and tells its direction "
                    + "here at best, not its size.";
        }

        if (pulls.Count > 2)
        {
            yield return "L in (h/4)‖∇L‖² is the loss alone. What regularizers and decay add to the gradient is regularized by a step in "
                + "the same way, and is not in these numbers.";
        }

        if (off.Count > 0)
        {
            yield return $"With a strength of 0 through the whole run: {string.Join(", ", off)}.";
        }

        if (configuration.Settings.LabelNoise is { Redrawn: true }
            || configuration.Settings.InputNoise > 0
            || configuration.Settings.Augmentation is not null)
        {
            yield return "The batches are the training examples as they are stored, without the noise and augmentation that every "
                + "step draws anew.";
        }
    }

    private string? NotPlain() => configuration.Settings.Optimizer switch
    {
        Sgd { Momentum: 0 } => null,
        Sgd { Momentum: var momentum } =>
            $"with a momentum of {momentum} they go up to {Numbers.Format(1 / (1 - momentum), 3)} times as far",
        _ => "it scales every parameter’s step by its gradients so far",
    };
}
