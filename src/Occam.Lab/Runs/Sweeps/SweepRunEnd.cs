using Occam.Lab.Runs.Store;

namespace Occam.Lab.Runs.Sweeps;

/// <summary>How a run of a sweep ended.</summary>
/// <param name="Run">The run.</param>
/// <param name="State">How it stands.</param>
/// <param name="Why">Why, in a few words.</param>
/// <param name="WasDone">Whether it had ended before the sweep came to it.</param>
public sealed record SweepRunEnd(SweepRun Run, RunState State, string Why, bool WasDone = false);
