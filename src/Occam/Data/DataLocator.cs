namespace Occam.Data;

/// <summary>Finds the files of named data sets under the data root that is named, or else under the usual ones, in their order.</summary>
internal sealed class DataLocator
{
    /// <summary>The environment variable that names a data root.</summary>
    public const string EnvironmentVariable = "OCCAM_DATA";

    private readonly string[] _roots;

    /// <summary>Makes a locator of the given root alone, or, without one, of the environment's, ./data and ../shared/data.</summary>
    /// <exception cref="OccamException">A root that the user gave is not a folder.</exception>
    public DataLocator(string? givenRoot, string? environmentRoot, string currentFolder)
    {
        if (givenRoot is not null && !Directory.Exists(givenRoot))
        {
            throw new OccamException(
                $"the data root {Message.Clean(givenRoot)} is not a folder: give one that exists, or leave the option out");
        }

        string[] named = string.IsNullOrEmpty(environmentRoot) ? [] : [environmentRoot];
        _roots = givenRoot is not null
            ? [givenRoot]
            : [.. named, Path.Combine(currentFolder, "data"), Path.Combine(currentFolder, "..", "shared", "data")];
    }

    /// <summary>The roots of this process.</summary>
    public static DataLocator For(DataOptions options) =>
        new(options.Root, Environment.GetEnvironmentVariable(EnvironmentVariable), currentFolder: "");

    /// <summary>
    /// The files of one part of a set, all out of the first folder that has them: every one for idx, at least one batch
    /// for CIFAR-10.
    /// </summary>
    /// <exception cref="OccamException">No folder has them; says where they were looked for.</exception>
    public IReadOnlyList<(KnownFile File, string Path)> Find(KnownDataSet set, bool training) =>
        FindOrNull(set, training)
        ?? throw new OccamException(
            $"{set.Name}:{(training ? "train" : "test")} was not found; looked for {set.Files(training)[0].Name}[.gz] in the folder "
                + $"{set.Folders[0]} under {string.Join(", ", _roots.Select(Message.Clean))}: "
            + $"run 'occam data get {set.Name}', or name its folder with --data-root or {EnvironmentVariable}");

    /// <summary>As <see cref="Find"/>, but null where no folder has them.</summary>
    public IReadOnlyList<(KnownFile File, string Path)>? FindOrNull(KnownDataSet set, bool training)
    {
        var wanted = set.Files(training);
        foreach (var folder in FoldersOf(set))
        {
            (KnownFile File, string Path)[] found = [.. FilesIn(folder, wanted)];
            if (found.Length == wanted.Count || (set.IsCifar && found.Length > 0))
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Every file of a set, each where it is found first, or null where it is not.</summary>
    public IEnumerable<(KnownFile File, string? Path)> FindEach(KnownDataSet set) =>
        set.TrainingFiles
            .Concat(set.TestFiles)
            .Select(file => (file, FoldersOf(set).Select(folder => PathIn(folder, file)).FirstOrDefault(path => path is not null)));

    /// <summary>The file as it is or gzipped; for idx, also with the dot that the first releases had.</summary>
    public static string? PathIn(string folder, KnownFile file)
    {
        var dotted = file.Name.Replace("-idx", ".idx");
        return new[] { file.Name, file.Name + ".gz", dotted, dotted + ".gz" }
            .Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    private IEnumerable<string> FoldersOf(KnownDataSet set) =>
        from root in _roots from folder in set.Folders select Path.Combine(root, folder);

    private static IEnumerable<(KnownFile File, string Path)> FilesIn(string folder, IReadOnlyList<KnownFile> wanted) =>
        from file in wanted let path = PathIn(folder, file) where path is not null select (file, path);
}
