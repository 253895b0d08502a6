using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Occam.Lab.Runs.Store;

namespace Occam.Ui.Index;

/// <summary>Reads what the table of runs shows of a run.</summary>
internal static class RunReader
{
    /// <summary>Reads a run. One that can't be read is in the table too, with the reason.</summary>
    /// <param name="root">The store's folder.</param>
    /// <param name="name">The run's path below it.</param>
    [SuppressMessage("Design", "CA1031", Justification = "files of another's making may be anything; other runs are shown all the same")]
    public static IndexedRun Read(string root, string name)
    {
        var folder = Path.Combine(root, name);
        var stamp = RunStamp.Of(folder);
        try
        {
            return new IndexedRun(name, stamp, [.. CellsOf(RunFolder.Open(folder))]);
        }
        catch (Exception e)
        {
            var why = e.Reason();
            return new IndexedRun(name, stamp, [Cell.Of("state", IndexedRun.Unreadable), Cell.Of("why", why)]);
        }
    }

    /// <summary>A run with metrics that were recorded since.</summary>
    public static IndexedRun With(IndexedRun run, RunStamp stamp, IReadOnlyList<Training.Metric> metrics)
    {
        var last = metrics[^1];
        var fresh = new Dictionary<string, Cell>
        {
            ["step"] = Cell.Of("step", last.Step),
            ["epoch"] = Cell.Of("epoch", last.Epoch),
        };
        foreach (var metric in metrics)
        {
            var key = string.Intern(Cell.Metric + metric.Name);
            fresh[key] = Cell.Of(key, metric.Value);
        }

        var cells = run.Cells.Select(cell => fresh.Remove(cell.Key, out var now) ? now : cell).ToImmutableArray();
        return run with { Stamp = stamp, Cells = [.. cells, .. fresh.Values] };
    }

    private static IEnumerable<Cell> CellsOf(RunFolder run)
    {
        var (status, origin) = (run.Status, run.Origin);
        // A run that was resumed writes its status with its next checkpoint.
        var state = FolderLock.IsTaken(run.FolderPath) ? RunState.Running : status.State;
        yield return Cell.Of("state", string.Intern(KebabCase.Kebab(state.ToString())));
        yield return Cell.Of("why", status.Why);
        yield return Cell.Of("step", status.Step);
        yield return Cell.Of("steps", status.Steps);
        yield return Cell.Of("epoch", status.Epoch);
        yield return Cell.Of("seconds", status.Seconds);
        yield return Cell.Of("pace", status.Step > 0 ? status.Seconds / status.Step : double.NaN);
        yield return Cell.Of("started", origin.Started.ToUnixTimeMilliseconds() / 1000.0);
        yield return Cell.Of("engine", string.Intern(status.Engine ?? ""));
        yield return Cell.Of("occam", string.Intern(origin.Environment.Occam));
        foreach (var (key, value) in run.Reading.Configuration is null ? [] : run.Reading.Values)
        {
            yield return Cell.Of(string.Intern(Cell.Configuration + key), string.Intern(value));
        }

        foreach (var (name, value) in status.Metrics ?? ImmutableSortedDictionary<string, double>.Empty)
        {
            yield return Cell.Of(string.Intern(Cell.Metric + name), value);
        }
    }
}
