namespace Occam.Data;

/// <summary>
/// A folder of pictures as a data set: with a folder a class, the classes in the order of the folders' names (ordinal), or pictures alone,
/// without labels. Files in the order of their names, folder by folder.
/// </summary>
internal static class PictureFolder
{
    private const long MostFileBytes = 1L << 28;

    private static readonly HashSet<string> s_endings =
        new([".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a folder has pictures in it or in its folders.</summary>
    public static bool HasPictures(string path)
    {
        // What may not be read is no picture here; reading tells of it.
        var readable = new EnumerationOptions { IgnoreInaccessible = true };
        return Directory.Exists(path)
            && Directory.EnumerateDirectories(path, "*", readable)
                .Prepend(path)
                .Any(folder => Directory.EnumerateFiles(folder, "*", readable).Any(IsPicture));
    }

    /// <summary>Whether a file is a picture by its name.</summary>
    public static bool IsPicture(string path) => s_endings.Contains(Path.GetExtension(path));

    /// <summary>Reads all pictures of a folder.</summary>
    /// <exception cref="OccamException">A picture is damaged or of another size than the others, or a class has none.</exception>
    public static DataSet Read(string path, DataOptions options)
    {
        var title = Message.Clean(path);
        try
        {
            var folders = Folders(path);
            var loose = Files(path).Where(IsPicture).ToArray();
            if (folders.Length > 0 && loose.Length > 0)
            {
                throw new OccamException($"{title} holds pictures such as {Name(loose[0])} beside folders such as {Name(folders[0])}: "
                    + "expected a folder for each class, or pictures alone");
            }

            var pictures = new PictureSet(options);
            List<int> labels = [];
            var others = Files(path).Length - loose.Length;
            foreach (var (folder, label) in folders.Length > 0 ? folders.Select((folder, i) => (folder, i)) : [(path, -1)])
            {
                others += Add(folder, label, pictures, labels);
            }

            string[] classes = [.. folders.Select(Name)];
            var name = Name(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
            var source = $"pictures in {title}" + (folders.Length > 0 ? $" (classes {Message.Listed(classes)})" : "")
                + (others > 0 ? $", {Message.Number(others)} other {(others == 1 ? "file" : "files")} left out" : "");
            return folders.Length > 0
                ? pictures.ToSet(name, source, [.. labels], classes, null)
                : pictures.ToSet(name, source, null, null, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"{title} can't be read: {Message.Clean(e.Message)}", e);
        }
    }

    // How many files of the folder are no pictures.
    private static int Add(string folder, int label, PictureSet pictures, List<int> labels)
    {
        var files = Files(folder);
        var chosen = files.Where(IsPicture).ToArray();
        if (chosen.Length == 0)
        {
            throw new OccamException($"{Message.Clean(folder)} holds no pictures (PNG, JPEG, BMP, GIF or WebP): each folder beside it is a "
                + "class, so give it some, or take it away");
        }

        foreach (var file in chosen)
        {
            if (new FileInfo(file).Length > MostFileBytes)
            {
                throw new OccamException($"{Message.Clean(file)} is larger than the {Message.Bytes(MostFileBytes)} that one may have");
            }

            pictures.Add(PlainFile.ReadAllBytes(file, MostFileBytes), Message.Clean(file));
            labels.Add(label);
        }

        return files.Length - chosen.Length;
    }

    // What begins with a dot is the system's business (.DS_Store, .git).
    private static string[] Files(string path) => Visible(Directory.EnumerateFiles(path));

    private static string[] Folders(string path) => Visible(Directory.EnumerateDirectories(path));

    private static string[] Visible(IEnumerable<string> paths) =>
        [.. paths.Where(path => !Path.GetFileName(path).StartsWith('.')).OrderBy(Path.GetFileName, StringComparer.Ordinal)];

    private static string Name(string path) => Message.Clean(Path.GetFileName(path));
}
