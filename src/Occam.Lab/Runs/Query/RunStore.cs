using System.Collections.Immutable;
using Occam.Lab.Runs.Store;

namespace Occam.Lab.Runs.Query;

/// <summary>The runs below a folder.</summary>
/// <param name="Root">The folder.</param>
public sealed record RunStore(string Root)
{
    private const int Deepest = 6;

    /// <summary>The runs, by their paths below the folder, in alphabetical order. What can't be read is left out.</summary>
    /// <param name="unreadable">Called with the reason for each that can't be read.</param>
    public ImmutableArray<(string Name, RunFolder Run)> Runs(Action<string>? unreadable = null)
    {
        var runs = ImmutableArray.CreateBuilder<(string, RunFolder)>();
        foreach (var folder in Folders(Root, 0))
        {
            try
            {
                var run = RunFolder.Open(folder);
                _ = run.Status;
                runs.Add((Path.GetRelativePath(Root, folder), run));
            }
            catch (OccamException e)
            {
                unreadable?.Invoke(e.Message);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                unreadable?.Invoke($"can't read '{folder}': {e.Reason()}");
            }
        }

        return runs.ToImmutable();
    }

    /// <summary>The run of a name below the folder, or of a path.</summary>
    /// <exception cref="OccamException">There is none.</exception>
    public RunFolder Find(string name)
    {
        if (RunFolder.IsRun(name) || RunFolder.IsRun(Path.Combine(Root, name)))
        {
            return RunFolder.Open(RunFolder.IsRun(name) ? name : Path.Combine(Root, name));
        }

        string[] known = [.. Folders(Root, 0).Select(folder => Path.GetRelativePath(Root, folder))];
        throw new OccamException(known.Length == 0
            ? $"there is no run '{name}', and none at all below '{Root}'"
            : $"there is no run '{name}'{Nearest.Hint(name, known)} 'occam runs' lists those below '{Root}'");
    }

    // A run holds no runs.
    private static IEnumerable<string> Folders(string folder, int depth) =>
        RunFolder.IsRun(folder) ? [folder]
        : depth > Deepest || !Directory.Exists(folder) ? []
        : OwnFiles.Folders(folder).SelectMany(inner => Folders(inner, depth + 1));
}
