namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>A perceptron of Figures 5 to 8 before and after its training.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Fitted">Whether its cross-entropy fell below the threshold at which training ends.</param>
/// <param name="Initial">The conditions at initialization.</param>
/// <param name="Trained">The conditions after training.</param>
internal sealed record ConditionRun(int Seed, bool Fitted, LayerConditions Initial, LayerConditions Trained);
