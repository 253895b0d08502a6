using System.Globalization;

namespace Occam.Torch;

/// <summary>How much memory this process could still get: what the machine has free, or its control group has left.</summary>
internal static class FreeMemory
{
    private const string Machine = "/proc/meminfo";
    private const string ControlGroups = "/sys/fs/cgroup";

    /// <summary>How many bytes there are now, other programs' caches among them, which give way.</summary>
    public static long Bytes => Math.Min(
        OfMachine(Lines(Machine)) ?? ManagedMemory.OfMachine,
        OfControlGroups(Lines("/proc/self/cgroup"), ControlGroups) ?? long.MaxValue);

    /// <summary>What the lines of <c>/proc/meminfo</c> say is available; null where they don't.</summary>
    internal static long? OfMachine(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal)) is { } found
            && Number(found.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1)) is { } kilobytes
                ? kilobytes * 1024
                : null;

    /// <summary>The least that the process's control groups leave it, from its own up to the root; null where none has a limit.</summary>
    /// <param name="own">The lines of <c>/proc/self/cgroup</c>.</param>
    /// <param name="root">Where the groups' files are.</param>
    internal static long? OfControlGroups(IEnumerable<string> own, string root)
    {
        long? least = null;
        foreach (var parts in own.Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3))
        {
            var isOld = parts[1].Split(',').Contains("memory");
            if (!isOld && parts[1].Length > 0)
            {
                continue;
            }

            var (folder, limit, use) = isOld
                ? (Path.Combine(root, "memory"), "memory.limit_in_bytes", "memory.usage_in_bytes")
                : (root, "memory.max", "memory.current");
            foreach (var group in Upwards(parts[2]))
            {
                var place = Path.Combine(folder, group);
                if (Number(Lines(Path.Combine(place, limit)).FirstOrDefault()) is { } most)
                {
                    var used = (Number(Lines(Path.Combine(place, use)).FirstOrDefault()) ?? 0) - Caches(Path.Combine(place, "memory.stat"));
                    var left = Math.Max(0, most - Math.Max(0, used));
                    least = Math.Min(left, least ?? long.MaxValue);
                }
            }
        }

        return least;
    }

    private static IEnumerable<string> Upwards(string group)
    {
        for (var rest = group.Trim('/'); rest.Length > 0; rest = rest[..Math.Max(0, rest.LastIndexOf('/'))])
        {
            yield return rest;
        }

        yield return "";
    }

    // Pages of files that nothing has asked for lately are let go of first.
    private static long Caches(string path) =>
        Lines(path)
            .Select(line => line.Split(' '))
            .FirstOrDefault(parts => parts[0] is "inactive_file" or "total_inactive_file") is [_, var size]
            ? Number(size) ?? 0
            : 0;

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
