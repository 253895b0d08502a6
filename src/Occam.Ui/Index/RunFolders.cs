using Occam.Lab.Runs.Store;

namespace Occam.Ui.Index;

/// <summary>
/// The folders below a store's: which are runs, and which lead to runs. A folder's time tells when something was added to it or
/// removed, so that looking again costs a question for each that is no run.
/// </summary>
/// <param name="root">The store's folder.</param>
internal sealed class RunFolders(string root)
{
    private const int Deepest = 6;

    private readonly Dictionary<string, (long Time, string[] Inner)> _known = [];

    /// <summary>The runs' paths below the folder, in alphabetical order.</summary>
    public List<string> Names()
    {
        var names = new List<string>();
        Collect("", 0, names);
        return names;
    }

    private void Collect(string name, int depth, List<string> names)
    {
        var path = Path.Combine(root, name);
        foreach (var inner in Inner(path, name))
        {
            if (_known.ContainsKey(inner) || !RunFolder.IsRun(Path.Combine(root, inner)))
            {
                if (depth < Deepest)
                {
                    Collect(inner, depth + 1, names);
                }
            }
            else
            {
                names.Add(inner);
            }
        }
    }

    // A run's folder has its two files a moment after it is there, so that folders without runs are looked at each time.
    private string[] Inner(string path, string name)
    {
        var folder = new DirectoryInfo(path);
        if (!folder.Exists)
        {
            _known.Remove(name);
            return [];
        }

        var time = folder.LastWriteTimeUtc.Ticks;
        if (!_known.TryGetValue(name, out var known) || known.Time != time)
        {
            string[] inner =
            [
                .. folder.EnumerateDirectories().Where(entry => entry.LinkTarget is null && entry.Name[0] != '.')
                    .Select(entry => Path.Combine(name, entry.Name)).Order(StringComparer.Ordinal),
            ];
            known = (time, inner);
            if (inner.Length > 0)
            {
                _known[name] = known;
            }
        }

        return known.Inner;
    }
}
