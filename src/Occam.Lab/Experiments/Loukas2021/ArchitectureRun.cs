namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>A training of bth-8.</summary>
/// <param name="Each">Training images a class.</param>
/// <param name="Training">What was observed, a window every 100 steps; its level is 0 for the convolutional network and 1 for the
/// perceptron.</param>
internal sealed record ArchitectureRun(int Each, TrajectoryRun Training);
