namespace Occam.Lab.Experiments.Beyond;

/// <summary>A network on the way of its training, with how far its features have collapsed.</summary>
/// <param name="Epoch">Epochs before.</param>
/// <param name="TrainingError">The share of training images classified wrongly.</param>
/// <param name="TrainingLoss">Their mean cross-entropy.</param>
/// <param name="Within">NC1: the variation within the classes over that between them.</param>
/// <param name="Lengths">NC2: how much the lengths of the classes' means differ, relatively.</param>
/// <param name="Angles">NC2: how much the cosines between them differ.</param>
/// <param name="Duality">NC3: the squared distance of the last layer's rows from the means, both of length one.</param>
/// <param name="NotNearest">NC4: the share of images that are put into another class than that of the nearest mean.</param>
/// <param name="Complexity">The geometric complexity of the embedding.</param>
/// <param name="Variance">The class-distance normalized variance on the training images.</param>
/// <param name="NewVariance">The same on images of classes that were not trained on.</param>
/// <param name="NewError">The share of those that the nearest mean of a few examples a class puts into another class.</param>
internal sealed record CollapsePoint(
    long Epoch, double TrainingError, double TrainingLoss, double Within, double Lengths, double Angles, double Duality, double NotNearest,
    double Complexity, double Variance, double NewVariance, double NewError);
