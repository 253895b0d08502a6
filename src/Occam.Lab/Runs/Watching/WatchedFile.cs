namespace Occam.Lab.Runs.Watching;

/// <summary>A network's file that was measured, or couldn't be.</summary>
/// <param name="Name">Its name in the watched folder.</param>
/// <param name="Digest">The digest of its bytes: the same name with other bytes is another network.</param>
/// <param name="Step">The step that its values are recorded at.</param>
/// <param name="Problem">Why it couldn't be measured; null where it was.</param>
internal sealed record WatchedFile(string Name, string Digest, long Step, string? Problem = null);
