namespace Occam.Lab.Experiments.Contract;

/// <summary>What an experiment computes at a scale.</summary>
/// <param name="Description">The sizes in a few words: networks, examples, steps.</param>
/// <param name="Seeds">How many seeds it runs when none are asked for.</param>
/// <param name="Estimate">About how long it takes on two cores with that many seeds.</param>
public sealed record ExperimentSize(string Description, int Seeds, TimeSpan Estimate);
