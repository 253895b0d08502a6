using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>The trainings of Task 2, and what a page says of them.</summary>
/// <param name="Runs">The trainings.</param>
/// <param name="Images">Training images.</param>
/// <param name="TestImages">Test images.</param>
/// <param name="Epochs">Epochs.</param>
/// <param name="Channels">Channels of the first convolution.</param>
internal sealed record ImageTrainingSet(ImmutableArray<TrajectoryRun> Runs, int Images, int TestImages, int Epochs, int Channels)
{
    public const int PaperImages = 10_000;

    private const int PaperChannels = 96;
    private const int PaperEpochs = 100;

    /// <summary>What the reader must know first.</summary>
    public ImmutableArray<RichText> Remarks => (Images, Channels, Epochs) == (PaperImages, PaperChannels, PaperEpochs)
        ? []
        : [$"The paper trains on {PaperImages:N0} images of dogs and airplanes with {PaperChannels} and "
            + $"{4 * PaperChannels} channels for {PaperEpochs} epochs; this on {Images:N0} images with {Channels} and "
                + $"{4 * Channels} channels for {Epochs}."];

    /// <summary>The settings of the page, with where they come from.</summary>
    public IEnumerable<ExperimentSetting> Described =>
    [
        new("images", $"{Images} of two classes, {TestImages} for the test", Origin.Run),
        new("redrawn labels", "0, 20, 40, 60 %, each drawn from both classes, once", Origin.Stated),
        new("network of Task 2", $"identity with trained bias → conv {Channels} 5×5 → max-pool 3 → conv "
            + $"{4 * Channels} 5×5 → max-pool 3 → {4 * Channels} → 1, ReLU", Channels == PaperChannels ? Origin.Code : Origin.Run),
        new("loss of Task 2", "binary cross-entropy after a sigmoid", Origin.Stated),
        new("optimizer of Task 2", "SGD, one example a step, drawn with replacement", Origin.Code),
        new("learning rate of Task 2", ImageTask.LearningRate, Origin.Stated),
        new("schedule of Task 2", "times 10^(−1/50) after each epoch", Origin.Code),
        new("inputs of Task 2", "(x − ½)/½", Origin.Code),
        new("epochs of Task 2", (long)Epochs, Epochs == PaperEpochs ? Origin.Code : Origin.Run),
    ];
}
