namespace Occam.Data;

/// <summary>One file of a named data set.</summary>
/// <param name="Name">What it is called, unpacked.</param>
/// <param name="Sha256">The SHA-256 of its unpacked bytes, in small hexadecimal digits; null where none is on record.</param>
public sealed record KnownFile(string Name, string? Sha256);
