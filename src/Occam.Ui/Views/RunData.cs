using Occam.Lab.Runs.Store;
using Occam.Ui.Index;

namespace Occam.Ui.Views;

/// <summary>A run's data as the other commands take them.</summary>
internal static class RunData
{
    /// <summary>The options that name a run's training or test data.</summary>
    /// <exception cref="OccamException">The run has none of that kind.</exception>
    public static IEnumerable<string> Arguments(IndexedRun run, string kind) => ArgumentsOf(run, Specification(run, kind));

    /// <summary>The options that name other data, which are taken as the run's own are: normalized, labelled and sized so.</summary>
    public static IEnumerable<string> ArgumentsOf(IndexedRun run, string data)
    {
        yield return $"--data={data}";
        foreach (var (key, option) in ((string, string)[])
            [("config.data.normalization", "--normalize"), ("config.data.root", "--data-root"), ("config.data.label", "--label"),
                ("config.data.size", "--size")])
        {
            if (run.Find(key)?.Text is { Length: > 0 } value)
            {
                yield return $"{option}={value}";
            }
        }
    }

    /// <summary>The name of a run's training or test data.</summary>
    /// <exception cref="OccamException">The run has none of that kind.</exception>
    public static string Specification(IndexedRun run, string kind) =>
        run.Find($"config.data.{kind}")?.Text is { Length: > 0 } name && name != "none" ? name
        : throw new OccamException($"the run '{run.Name}' names no {kind} data that can be opened here");

    /// <summary>The folder from which a run's paths are.</summary>
    public static string Folder(RunIndex index, IndexedRun run) => RunFolder.Open(index.FolderOf(run)).Origin.Folder;
}
