using System.Text;

namespace Occam;

/// <summary>Files that are either written whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>A folder that takes the place of all others, for a process that may write nowhere else; null for most.</summary>
    public static string? Elsewhere { get; set; }

    /// <summary>Where a file is written in a folder that is <see cref="Elsewhere"/>.</summary>
    public static string PlaceIn(string folder, string path) =>
        Path.Combine(folder, TrailingDigest.Of(Encoding.UTF8.GetBytes(Path.GetFullPath(path))));

    /// <summary>
    /// Writes a file beside its place and moves it there when it is complete: a reader sees the old file or
    /// the new one, and a failure leaves nothing behind. A symbolic link keeps pointing where it did; a device
    /// such as <c>/dev/stdout</c> is written to as it is.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the contents to the stream, which can be read back too, except where it is a device.</param>
    /// <exception cref="OccamException">The file can't be written there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        try
        {
            if (IsDevice(path))
            {
                using var device = new FileStream(path, FileMode.Open, FileAccess.Write);
                write(device);
                device.Flush();
                return;
            }

            WriteThenMove([(Target(path), write)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
    }

    /// <summary>
    /// Writes files into a folder, all of them or none: each beside its place, and moved there when all are complete.
    /// </summary>
    /// <param name="folder">The folder, which is there.</param>
    /// <param name="files">The files' names and what writes their contents, in order.</param>
    /// <exception cref="OccamException">They can't be written there.</exception>
    public static void WriteAll(string folder, params IReadOnlyList<(string Name, Action<Stream> Write)> files)
    {
        try
        {
            WriteThenMove([.. files.Select(file => (Target(Path.Combine(folder, file.Name)), file.Write))]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(folder, e);
        }
    }

    /// <summary>Has files written by what takes their names, each beside its place, and moves them there when all are complete.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="write">Writes files of the names that it is given, which stand in for these.</param>
    /// <exception cref="OccamException">They can't be written there.</exception>
    public static void WriteNamed(IReadOnlyList<string> paths, Action<IReadOnlyList<string>> write)
    {
        try
        {
            string[] targets = [.. paths.Select(Target)];
            string[] temporaries = [.. targets.Select(Temporary)];
            MoveWhenWritten(targets, temporaries, () => write(temporaries));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(string.Join("', '", paths), e);
        }
    }

    /// <summary>Finds out, before long work is done for it, whether a file can be written.</summary>
    /// <exception cref="OccamException">It can't.</exception>
    public static void Check(string path)
    {
        try
        {
            if (!IsDevice(path))
            {
                var target = Target(path);
                if (Directory.Exists(target))
                {
                    throw new IOException("it is a folder");
                }

                File.Open(Temporary(target), new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    Options = FileOptions.DeleteOnClose,
                }).Dispose();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unwritable(path, e);
        }
    }

    /// <summary>Removes what is being written right now: for a process that is about to end in the middle.</summary>
    public static void RemoveUnfinished() => UnfinishedFiles.RemoveAll();

    private static void WriteThenMove(IReadOnlyList<(string Target, Action<Stream> Write)> files)
    {
        string[] temporaries = [.. files.Select(file => Temporary(file.Target))];
        MoveWhenWritten([.. files.Select(file => file.Target)], temporaries, () =>
        {
            foreach (var (temporary, file) in temporaries.Zip(files))
            {
                using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite);
                file.Write(stream);
                stream.Flush(flushToDisk: true);
            }
        });
    }

    private static void MoveWhenWritten(string[] targets, string[] temporaries, Action write)
    {
        Array.ForEach(temporaries, UnfinishedFiles.Add);
        try
        {
            write();
            foreach (var (temporary, target) in temporaries.Zip(targets))
            {
                File.Move(temporary, target, overwrite: true);
            }
        }
        finally
        {
            foreach (var temporary in temporaries)
            {
                if (File.Exists(temporary))
                {
                    File.Delete(temporary);
                }

                UnfinishedFiles.Remove(temporary);
            }
        }
    }

    // Moving a file onto a device would replace it, which a privileged user is allowed to do.
    // Below /dev/shm there are files like any other, in memory.
    private static bool IsDevice(string path) => IsOfDevices(path) || (path.Length > 0 && IsOfDevices(LinkEnd(path)));

    private static bool IsOfDevices(string path) =>
        (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal))
            || path.StartsWith("/proc/", StringComparison.Ordinal);

    private static string LinkEnd(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    private static string Target(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new OccamException($"can't write '{path}': expected the name of a file");
        }

        return Elsewhere is { } folder ? PlaceIn(folder, path) : LinkEnd(path);
    }

    private static string Temporary(string target) => $"{target}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";

    private static OccamException Unwritable(string path, Exception cause)
    {
        var reason = cause switch
        {
            DirectoryNotFoundException => "its folder does not exist",
            UnauthorizedAccessException => "access is denied",
            _ => cause.Reason(),
        };
        return new OccamException($"can't write '{path}': {reason}", cause);
    }
}
