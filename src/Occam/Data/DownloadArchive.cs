using System.Formats.Tar;
using System.IO.Compression;

namespace Occam.Data;

/// <summary>Takes the wanted files, and no others, out of a gzipped tar archive.</summary>
internal static class DownloadArchive
{
    /// <summary>No wanted file is longer; CIFAR-10's batches have 30,730,000 bytes.</summary>
    private const long LongestFile = 64 << 20;

    /// <summary>Writes the wanted files into the folder; the folders in the archive are ignored.</summary>
    /// <returns>The paths written.</returns>
    /// <exception cref="OccamException">A wanted file is missing, too long, or differs from its checksum; what was not yet in place is
    /// removed.</exception>
    public static IReadOnlyList<string> Extract(string archive, IReadOnlyList<KnownFile> wanted, string folder)
    {
        Dictionary<KnownFile, string> taken = [];
        try
        {
            TakeOut(archive, wanted, folder, taken);
            if (wanted.FirstOrDefault(file => !taken.ContainsKey(file)) is { } missing)
            {
                throw new OccamException($"the archive that was downloaded does not hold {missing.Name}: it is damaged; try again");
            }

            foreach ((KnownFile file, var temporary) in taken)
            {
                File.Move(temporary, Path.Combine(folder, file.Name), overwrite: true);
            }
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new OccamException($"the archive that was downloaded can't be unpacked: {Message.Clean(error.Message)}", error);
        }
        finally
        {
            foreach (var temporary in taken.Values)
            {
                File.Delete(temporary);
            }
        }

        return [.. wanted.Select(file => Path.Combine(folder, file.Name))];
    }

    private static void TakeOut(string archive, IReadOnlyList<KnownFile> wanted, string folder, Dictionary<KnownFile, string> taken)
    {
        using var stream = File.OpenRead(archive);
        using var unpacked = new GZipStream(stream, CompressionMode.Decompress);
        using var reader = new TarReader(unpacked);
        while (reader.GetNextEntry() is { } entry)
        {
            var file = wanted.FirstOrDefault(candidate => candidate.Name == Path.GetFileName(entry.Name));
            if (file is null || taken.ContainsKey(file) || entry.DataStream is null)
            {
                continue;
            }

            if (entry.Length > LongestFile)
            {
                throw new OccamException(
                    $"the archive that was downloaded claims {Message.Bytes(entry.Length)} for {file.Name}: it is damaged; try again");
            }

            var temporary = Path.Combine(folder, $".{file.Name}.{Guid.NewGuid():N}.part");
            taken.Add(file, temporary);
            entry.ExtractToFile(temporary, overwrite: false);
            if (DataVerification.Check(file, temporary).State == FileState.Different)
            {
                throw new OccamException($"{file.Name} in the archive that was downloaded differs from its checksum; try again");
            }
        }
    }
}
