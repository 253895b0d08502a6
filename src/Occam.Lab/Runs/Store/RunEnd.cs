namespace Occam.Lab.Runs.Store;

/// <summary>How a training in the run store ended.</summary>
/// <param name="Folder">The run's folder.</param>
/// <param name="State">How it stands.</param>
/// <param name="Why">Why, in a few words.</param>
/// <param name="Step">Steps taken.</param>
/// <param name="Checkpoint">The step of the last checkpoint.</param>
public sealed record RunEnd(string Folder, RunState State, string Why, long Step, long Checkpoint);
