namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>A training of bth-9.</summary>
/// <param name="Batch">The examples of a step.</param>
/// <param name="Training">What was observed, a window every 100 steps; its level is the frequency.</param>
internal sealed record BatchRun(int Batch, TrajectoryRun Training);
