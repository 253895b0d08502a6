namespace Occam.Lab.Experiments.Beyond;

/// <summary>A network on the way of its training, with how many regions there are near some points.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="TrainingError">The share of training images classified wrongly.</param>
/// <param name="TestError">The same of test images.</param>
/// <param name="AttackedError">The same of test images that were changed to mislead the network.</param>
/// <param name="AtTraining">The local complexity at training images.</param>
/// <param name="AtTest">The same at test images.</param>
/// <param name="AtBoundary">The same where the network’s answer changes between two training images.</param>
internal sealed record RegionPoint(
    long Step, double TrainingError, double TestError, double AttackedError, double AtTraining, double AtTest, double AtBoundary);
