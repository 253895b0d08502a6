using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>The trainings of Task 2, and how they were made.</summary>
/// <param name="Runs">The trainings.</param>
/// <param name="Images">Training images.</param>
/// <param name="TestImages">Test images.</param>
/// <param name="Epochs">Epochs.</param>
/// <param name="Channels">Channels of the first convolution.</param>
/// <param name="Decays">Whether the learning rate decayed.</param>
internal sealed record ImageTrainingSet(
    ImmutableArray<TrajectoryRun> Runs, int Images, int TestImages, int Epochs, int Channels, bool Decays)
{
    internal const int PaperImages = 10_000;

    private const int PaperChannels = 96;
    private const int PaperEpochs = 100;

    /// <summary>What the reader must know first.</summary>
    internal ImmutableArray<RichText> Remarks => (Images, Channels, Epochs) == (PaperImages, PaperChannels, PaperEpochs)
        ? []
        : [$"The paper trains on {PaperImages:N0} images of dogs and airplanes with {PaperChannels} and "
            + $"{4 * PaperChannels} channels for {PaperEpochs} epochs; this on {Images:N0} images with {Channels} and "
                + $"{4 * Channels} channels for {Epochs}."];

    /// <summary>The settings of the page, with where they come from.</summary>
    internal IEnumerable<ExperimentSetting> Described =>
    [
        new("images", $"{Images} of two classes, {TestImages} for the test", Origin.Run),
        new("redrawn labels", "0, 20, 40, 60 %, once", Origin.Stated),
        new("redrawing", "from both classes alike, so that half of the redrawn labels change; the paper says no more than that they are "
            + "corrupted randomly", Origin.Chosen),
        new("network of Task 2", $"identity with trained bias → conv {Channels} 5×5 → max-pool 3 → conv "
            + $"{4 * Channels} 5×5 → max-pool 3 → {4 * Channels} → 1, ReLU", Channels == PaperChannels ? Origin.Code : Origin.Run),
        new("loss of Task 2", "binary cross-entropy after a sigmoid", Origin.Stated),
        new("optimizer of Task 2", "SGD, one example a step, drawn with replacement", Origin.Code),
        new("learning rate of Task 2", ImageTask.LearningRate, Origin.Stated),
        new("schedule of Task 2", Decays ? "times 10^(−1/50) after each epoch" : "none", Decays ? Origin.Code : Origin.Stated),
        new("inputs of Task 2", "(x − ½)/½", Origin.Code),
        new("epochs of Task 2", (long)Epochs, Epochs == PaperEpochs ? Origin.Code : Origin.Run),
    ];
}
