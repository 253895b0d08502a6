namespace Occam;

/// <summary>Files that are either written whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes a file beside its place and moves it there when it is complete: a reader sees the old file or
    /// the new one, and a failure leaves nothing behind.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the contents to the stream.</param>
    /// <exception cref="OccamException">The file can't be written there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"can't write '{path}': {e.Message.ReplaceLineEndings(" ")}", e);
        }
        finally
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }
        }
    }
}
