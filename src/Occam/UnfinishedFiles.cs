using System.Collections.Concurrent;

namespace Occam;

/// <summary>What lies on the disk only while work is under way, so that a process that must end at once can take it along.</summary>
internal static class UnfinishedFiles
{
    private static readonly ConcurrentDictionary<string, bool> s_paths = new();

    /// <summary>Remembers a file, or a folder that goes only if it is empty.</summary>
    public static void Add(string path) => s_paths[path] = true;

    /// <summary>Forgets it.</summary>
    public static void Remove(string path) => s_paths.TryRemove(path, out _);

    /// <summary>Removes all, what is in a folder before the folder.</summary>
    public static void RemoveAll()
    {
        foreach (var path in s_paths.Keys.OrderByDescending(path => path.Length))
        {
            if (Directory.Exists(path))
            {
                RemoveIfEmpty(path);
            }
            else if (File.Exists(path))
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Removes a folder unless something is in it, or it is not there.</summary>
    public static void RemoveIfEmpty(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder);
            }
        }
        catch (IOException)
        {
            // Something is in it by now, and then it stays.
        }
    }
}
