using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>How a training ended.</summary>
/// <param name="Group">What the training has in common with those of other seeds, as <c>2,000 true labels</c>.</param>
/// <param name="Level">The group's place along the figure's axis.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Random">Whether all labels it was trained on are random.</param>
/// <param name="Epochs">How long it trained.</param>
/// <param name="Loss">The mean cross-entropy over all that it was trained on, in evaluation mode.</param>
/// <param name="TrainingError">Its share of errors on the examples that its measures are of.</param>
/// <param name="TestError">Its share of errors on the test set.</param>
/// <param name="Fitted">Whether it came to the end that its recipe asks for.</param>
internal record TrainedRun(
    string Group, double Level, int Seed, bool Random, long Epochs, double Loss, double TrainingError, double TestError, bool Fitted)
    : ISeededRun;
