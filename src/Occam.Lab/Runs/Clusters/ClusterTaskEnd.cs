namespace Occam.Lab.Runs.Clusters;

/// <summary>How a task ended.</summary>
/// <param name="Task">The task.</param>
/// <param name="Failure">Why it failed; null where it came to its end.</param>
internal sealed record ClusterTaskEnd(ClusterTask Task, string? Failure);
