using System.Collections.Immutable;

namespace Occam.Bench;

/// <summary>Something that Occam computes, and the best known programs that compute the same.</summary>
/// <param name="Id">Its name on the command line.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Must">How many times as fast as the best peer Occam has to be.</param>
/// <param name="Peers">The programs; several where it isn't plain which is the fastest.</param>
/// <param name="Occam">Made in a process of its own: what is computed, timed by itself.</param>
internal sealed record BenchRow(
    string Id, string Title, double Must, ImmutableArray<PeerProgram> Peers, Func<Func<Answer>> Occam)
{
    /// <summary>How far values may be apart, relatively. Those with a standard error are compared by that.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>The rate of the machine, in GFLOP/s, at which a note weighs the row's operations; null for none.</summary>
    public Func<MachinePeak, double>? Rate { get; init; }

    /// <summary>The most memory, as a multiple of the best peer's; null for any.</summary>
    public double? MostOfPeersMemory { get; init; }

    /// <summary>The most seconds; null for any.</summary>
    public double? MostSeconds { get; init; }

    /// <summary>The most memory in bytes; null for any.</summary>
    public long? MostBytes { get; init; }

    /// <summary>Whether all peers together are one: a program for each part of the work.</summary>
    public bool PeersAddUp { get; init; }

    /// <summary>The most rounds, where one takes long.</summary>
    public int MostRounds { get; init; } = int.MaxValue;
}
