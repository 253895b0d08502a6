using System.Collections.Immutable;

namespace Occam.Ui.Index;

/// <summary>The index as it is at a moment.</summary>
/// <param name="Version">Which comes after which: each change makes the next.</param>
/// <param name="Runs">The runs, in alphabetical order.</param>
/// <param name="Unread">How many runs are still to be read for the first time.</param>
internal sealed record IndexState(long Version, ImmutableArray<IndexedRun> Runs, int Unread);

/// <summary>What changed since a version.</summary>
/// <param name="Version">The version now.</param>
/// <param name="Runs">The runs that are new or changed; null where the whole index is to be read again.</param>
/// <param name="Unread">How many runs are still to be read for the first time.</param>
internal sealed record IndexChange(long Version, ImmutableArray<IndexedRun>? Runs, int Unread);
