namespace Occam.Bench;

/// <summary>Two contestants that are compared, and how many times faster Occam must be; null when the comparison only informs.</summary>
internal sealed record Pairing(string Occam, string Peer, double? Required);
