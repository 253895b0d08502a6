using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Occam.Lab.Runs.Store;
using Occam.Measures;
using Occam.Training;

namespace Occam.Lab.Runs.Watching;

/// <summary>
/// A run of the store whose networks another program trains: the measures of each, in the same files as those of <c>occam train</c>, but
/// without checkpoints and without a configuration that could be trained again.
/// </summary>
internal sealed class WatchedRun : IDisposable
{
    private readonly FolderLock _lock;
    private readonly string _folder;
    private readonly MetricsFile _metrics;
    private readonly SortedDictionary<string, double> _last = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, double> _seconds = new(StringComparer.Ordinal);
    private readonly double _secondsBefore;
    private readonly long _began = Stopwatch.GetTimestamp();
    private double _epoch;

    private WatchedRun(FolderLock folderLock, RunFolder run)
    {
        _lock = folderLock;
        _folder = run.FolderPath;
        Log = WatchLog.Read(_folder);
        _metrics = MetricsFile.Continue(run.In(RunFolder.MetricsName), Log.Rows);
        _secondsBefore = File.Exists(run.In(RunFolder.StatusName)) ? run.Status.Seconds : 0;
        foreach (var metric in run.Metrics())
        {
            (_last[metric.Name], _epoch) = (metric.Value, metric.Epoch);
        }
    }

    /// <summary>What was measured so far.</summary>
    public WatchLog Log { get; private set; }

    /// <summary>Begins a run, or goes on with one that was watched before.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="watched">The folder that is watched.</param>
    /// <param name="asked">What is measured, and on what, as YAML: what the same run must have been begun with.</param>
    /// <param name="command">The command line, which is recorded.</param>
    /// <exception cref="OccamException">The folder is in use, holds something else, or can't be written to.</exception>
    public static WatchedRun Open(string folder, string watched, string asked, string command)
    {
        OwnFiles.RefuseLinks(folder, [.. RunFolder.Written, WatchLog.FileName]);
        var folderLock = FolderLock.Take(folder);
        try
        {
            if (!RunFolder.IsRun(folder))
            {
                Create(folder, watched, asked, command);
            }

            var run = RunFolder.Open(folder);
            return run.Origin.Watched is null ? throw new OccamException($"the run in '{folder}' was trained by Occam: name another folder")
                : run.Reading.Text != asked ? throw new OccamException(
                    $"the run in '{folder}' was begun with other measures or data, see {RunFolder.ConfigurationName} there: ask for the "
                        + "same, or name another folder")
                : new WatchedRun(folderLock, run);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>The step of a network: that of its name, or one more than the last.</summary>
    public long StepOf(NetworkMoment moment) =>
        moment.Step ?? (Log.Files.IsEmpty ? 0 : Log.Files.Max(file => file.Step) + 1);

    /// <summary>Records what was measured of a network.</summary>
    /// <param name="file">The network.</param>
    /// <param name="epoch">When that was; the step where nobody knows.</param>
    /// <param name="results">The results; those that don't apply are left out.</param>
    /// <exception cref="OccamException">It can't be written.</exception>
    public void Record(WatchedFile file, double epoch, IEnumerable<MeasureResult> results)
    {
        try
        {
            foreach (var result in results)
            {
                if (result.Value is { } value)
                {
                    Append(new Metric(file.Step, epoch, result.Name, value, result.StandardError, result.Seconds));
                    foreach (var layer in result.Layers)
                    {
                        Append(new Metric(file.Step, epoch, $"{result.Name}.{layer.Name}", layer.Value));
                    }
                }
            }

            _metrics.Flush();
        }
        catch (IOException e)
        {
            throw new OccamException(
                $"can't write '{Path.Combine(_folder, RunFolder.MetricsName)}': {e.Reason()}", e);
        }

        _epoch = epoch;
        Log = new WatchLog(_metrics.Rows, Log.Files.Add(file));
        Log.Write(_folder);
        WriteStatus(RunState.Running, "");
    }

    /// <summary>Writes how the run stands.</summary>
    /// <exception cref="OccamException">It can't be written.</exception>
    public void WriteStatus(RunState state, string why)
    {
        AtomicFile.Write(Path.Combine(_folder, RunFolder.StatusName), stream => stream.Write(RunJson.OfRuns.WithDigest(new RunStatus
        {
            State = state,
            Why = why,
            Step = Log.LastStep,
            Steps = Log.LastStep,
            Epoch = _epoch,
            Checkpoint = Log.LastStep,
            Engine = "another program",
            Seconds = _secondsBefore + Stopwatch.GetElapsedTime(_began).TotalSeconds,
            ProbeSeconds = _seconds.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Metrics = _last.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Written = DateTimeOffset.UtcNow,
        })));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics.Dispose();
        _lock.Dispose();
    }

    private static void Create(string folder, string watched, string asked, string command)
    {
        if (Directory.EnumerateFileSystemEntries(folder).Any(entry => Path.GetFileName(entry) != FolderLock.FileName))
        {
            throw new OccamException($"the folder '{folder}' is not empty: name another, or one that is not there yet");
        }

        var configuration = Encoding.UTF8.GetBytes(asked);
        var origin = new RunOrigin(
            RunEnvironment.Current(), "cpu", Environment.ProcessorCount, 0, DateTimeOffset.UtcNow, Environment.CurrentDirectory, command)
        {
            Watched = Path.GetFullPath(watched),
            Digests = ImmutableSortedDictionary<string, string>.Empty.Add(
                RunFolder.ConfigurationName, TrailingDigest.Of(configuration)),
        };
        AtomicFile.WriteAll(
            folder,
            (RunFolder.OriginName, stream => stream.Write(RunJson.OfRuns.WithDigest(origin))),
            (RunFolder.ConfigurationName, stream => stream.Write(configuration)));
    }

    private void Append(Metric metric)
    {
        _last[metric.Name] = metric.Value;
        _seconds[metric.Name] = _seconds.GetValueOrDefault(metric.Name) + metric.Seconds;
        _metrics.Append(metric);
    }
}
