namespace Occam;

/// <summary>
/// A folder that one process at a time writes its results to. The lock is the operating system's, on a file in the folder and on
/// the folder itself, so that removing the file lets nobody in: it ends with the process, however that ends. A folder made for it
/// goes again if nothing was put there.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    /// <summary>The name of the file that is locked.</summary>
    public const string FileName = ".lock";

    private readonly FileStream _file;
    private readonly HeldFolder? _held;
    private readonly string[] _made;

    private FolderLock(FileStream file, HeldFolder? held, string[] made)
    {
        _file = file;
        _held = held;
        _made = made;
        UnfinishedFiles.Add(file.Name);
    }

    /// <summary>Takes a folder, and makes it where it is not there.</summary>
    /// <exception cref="OccamException">Another process has it, or it can't be made or written to.</exception>
    public static FolderLock Take(string folder)
    {
        string[] made = [];
        try
        {
            var path = Path.GetFullPath(folder);
            made = [.. Missing(path)];
            Directory.CreateDirectory(path);
            Array.ForEach(made, UnfinishedFiles.Add);
            var file = Open(Path.Combine(path, FileName), folder);
            if (HeldFolder.TryHold(path, out var held))
            {
                return new FolderLock(file, held, made);
            }

            // Whoever has it has lost the file.
            file.Dispose();
            throw InUse(folder, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Leave(made);
            throw new OccamException($"can't write to the folder '{folder}': "
                + $"{(e is UnauthorizedAccessException ? "access is denied" : e.Reason())}", e);
        }
    }

    /// <summary>Whether a process has a folder right now.</summary>
    public static bool IsTaken(string folder)
    {
        if (Directory.Exists(folder) && HeldFolder.IsHeld(folder))
        {
            return true;
        }

        var path = Path.Combine(folder, FileName);
        if (!PlainFile.Is(path))
        {
            // A pipe, which would block whoever opens it, holds nothing.
            return false;
        }

        try
        {
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        UnfinishedFiles.Remove(_file.Name);
        _file.Dispose();
        _held?.Dispose();
        Leave(_made);
    }

    private static FileStream Open(string path, string folder)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
        };
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw InUse(folder, e);
        }
    }

    private static OccamException InUse(string folder, Exception? cause)
    {
        var why = $"the folder '{folder}' is in use: another process writes its results there; wait for it, or name another folder";
        return cause is null ? new OccamException(why) : new OccamException(why, cause);
    }

    // The folders on the way to this one that are not there, the innermost first.
    private static IEnumerable<string> Missing(string path)
    {
        for (var folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }

    private static void Leave(string[] made)
    {
        foreach (var folder in made)
        {
            UnfinishedFiles.RemoveIfEmpty(folder);
            UnfinishedFiles.Remove(folder);
        }
    }
}
