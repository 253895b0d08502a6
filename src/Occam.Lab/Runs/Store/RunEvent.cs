namespace Occam.Lab.Runs.Store;

/// <summary>Something that happened to a run.</summary>
/// <param name="At">When.</param>
/// <param name="What">What, in a sentence.</param>
public sealed record RunEvent(DateTimeOffset At, string What);
