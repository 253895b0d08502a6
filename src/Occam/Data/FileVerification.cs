namespace Occam.Data;

/// <summary>What verifying one file of a named data set found.</summary>
/// <param name="File">The file, with the checksum that its unpacked bytes should have.</param>
/// <param name="Path">Where it was found; null where it is missing.</param>
/// <param name="State">What was found.</param>
/// <param name="Sha256">The checksum that its unpacked bytes have; null where they could not be read.</param>
public sealed record FileVerification(KnownFile File, string? Path, FileState State, string? Sha256);
