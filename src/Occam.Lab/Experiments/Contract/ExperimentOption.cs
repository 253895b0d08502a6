namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// A number in which an experiment may depart from what it does by itself, such as where a paper and its authors' code differ.
/// </summary>
/// <param name="Name">The name in kebab case.</param>
/// <param name="Description">What it is, and why one would change it.</param>
/// <param name="Default">Its value unless another is given.</param>
public sealed record ExperimentOption(string Name, string Description, double Default);
