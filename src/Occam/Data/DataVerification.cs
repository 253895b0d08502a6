using System.Security.Cryptography;

namespace Occam.Data;

/// <summary>Compares the files of named data sets with their checksums.</summary>
public static class DataVerification
{
    private const int BufferBytes = 1 << 16;

    /// <summary>No file of a named set is longer, unpacked.</summary>
    private const long LongestFile = 1 << 28;

    /// <summary>
    /// Verifies every file of a set, each where it is found first. The unpacked bytes are compared, so that it does
    /// not matter whether, or by what program, a file is gzipped.
    /// </summary>
    /// <exception cref="OccamException">There is no such set, or a data root that is none.</exception>
    public static IReadOnlyList<FileVerification> Verify(string name, DataOptions options) =>
        Verify(DataCatalogue.Find(name), DataLocator.For(options));

    internal static IReadOnlyList<FileVerification> Verify(KnownDataSet set, DataLocator locator) =>
        [.. locator.FindEach(set).Select(found => Check(found.File, found.Path))];

    internal static FileVerification Check(KnownFile file, string? path)
    {
        if (path is null)
        {
            return new(file, null, FileState.Missing, null);
        }

        try
        {
            var digest = DataFile.Read(path, LongestFile, Digest);
            var state = file.Sha256 is null ? FileState.Unknown : digest == file.Sha256 ? FileState.Correct : FileState.Different;
            return new(file, path, state, digest);
        }
        catch (OccamException)
        {
            return new(file, path, FileState.Different, null);
        }
    }

    private static string Digest(DataFile file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        while (file.Position < file.Length)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, file.Length - file.Position));
            file.ReadExactly(part);
            hash.AppendData(part);
        }

        file.ExpectEnd();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
