namespace Occam.Lab.Ranking;

/// <summary>Kendall's τ among the runs that have one value of one hyperparameter.</summary>
/// <param name="Hyperparameter">The hyperparameter.</param>
/// <param name="Setting">Its value.</param>
/// <param name="Runs">How many runs there are.</param>
/// <param name="Tau">τ among them.</param>
public sealed record SubsetTau(string Hyperparameter, string Setting, int Runs, double Tau);
