namespace Occam.Lab;

/// <summary>
/// What lies in a folder itself, not behind links: a link may lead back, so that a walk has no end, or out, to files of somebody else.
/// </summary>
internal static class OwnFiles
{
    private static readonly EnumerationOptions s_walk = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
        RecurseSubdirectories = true,
    };

    /// <summary>The files of a folder and of those below it.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static IEnumerable<string> Below(string folder, string pattern) => Directory.EnumerateFiles(folder, pattern, s_walk);

    /// <summary>The folders of a folder, in alphabetical order.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static IEnumerable<string> Folders(string folder) => new DirectoryInfo(folder).EnumerateDirectories()
        .Where(inner => inner.LinkTarget is null)
        .Select(inner => Path.Combine(folder, inner.Name))
        .Order(StringComparer.Ordinal);

    /// <summary>Refuses a folder that is a link, or in which anything is one: a folder that Occam alone writes to.</summary>
    /// <exception cref="OccamException">There is a link.</exception>
    public static void RefuseLinks(string folder) =>
        RefuseLinks(folder, ["", .. Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)!)]);

    /// <summary>
    /// Refuses a folder in which a file that will be written is a link: what is written there would take the place of another file.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="names">The files, and folders of files, that will be written.</param>
    /// <exception cref="OccamException">One of them is a link.</exception>
    public static void RefuseLinks(string folder, IEnumerable<string> names)
    {
        foreach (var path in names.Select(name => Path.Combine(folder, name)))
        {
            if (new FileInfo(path).LinkTarget is { } target)
            {
                throw new OccamException($"'{path}' is a link to '{PrintableText.Short(target)}', which would be written to: put a file "
                    + "in its place, or remove it");
            }
        }
    }
}
