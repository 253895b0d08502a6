namespace Occam.Data;

/// <summary>A file on a public site that a named data set, or a part of it, is made of.</summary>
/// <param name="FileName">What it is called there, packed.</param>
/// <param name="Sites">The folders that serve it, the best first.</param>
/// <param name="Length">Its bytes, packed.</param>
/// <param name="Sha256">The SHA-256 of its bytes, packed, in small hexadecimal digits.</param>
/// <param name="IsArchive">Whether it is a gzipped tar archive of several files, to be taken out of it.</param>
public sealed record KnownDownload(string FileName, IReadOnlyList<string> Sites, long Length, string Sha256, bool IsArchive = false);
