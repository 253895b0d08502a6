using System.Collections.Immutable;
using System.Diagnostics;
using Occam.Lab.Runs.Clusters;
using Occam.Lab.Runs.Store;

namespace Occam.Lab.Runs.Sweeps;

/// <summary>Trains the runs of a sweep as child processes of this machine, several at a time.</summary>
public sealed class LocalExecutor
{
    /// <summary>The option of <c>occam train</c> by which a child ends with whoever holds its standard input.</summary>
    public const string StopOption = "--stop-with-input";

    private static readonly TimeSpan s_orphan = TimeSpan.FromSeconds(30);

    /// <summary>How many at a time.</summary>
    public required int Jobs { get; init; }

    /// <summary>How this program is started, without its arguments.</summary>
    public required ImmutableArray<string> Program { get; init; }

    /// <summary>Has the children write a checkpoint and end.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Trains what isn't trained yet; returns when no child is left.</summary>
    /// <param name="folder">The sweep's folder, which this process has locked.</param>
    /// <param name="reading">The sweep, without problems.</param>
    /// <param name="progress">Receives the sweep's progress.</param>
    public void Run(SweepFolder folder, SweepReading reading, SweepProgress progress)
    {
        progress.Begin();
        new ChildPrograms(Jobs, Program, Cancellation).ForEach(folder.Plan.Runs, run =>
        {
            progress.Begin(run);
            progress.End(Guarded(folder, reading, run));
        });
    }

    // Whatever keeps one run from its end need not stop the others.
    private SweepRunEnd Guarded(SweepFolder folder, SweepReading reading, SweepRun run)
    {
        try
        {
            return Train(folder, reading, run);
        }
        catch (Exception e) when (e is OccamException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return new SweepRunEnd(run, RunState.Failed, e.Reason());
        }
    }

    private SweepRunEnd Train(SweepFolder folder, SweepReading reading, SweepRun run)
    {
        var path = folder.PathOf(run);
        WaitForOrphan(path);
        if (RunFolder.IsRun(path))
        {
            var status = StatusOf(RunFolder.Open(path));
            return status?.State switch
            {
                RunState.Completed or RunState.Diverged => new SweepRunEnd(run, status.State, status.Why, WasDone: true),
                RunState.Running => new SweepRunEnd(run, RunState.Failed, "another process is training it"),
                _ => Start(folder, run, ["train", "--resume", path, StopOption]),
            };
        }

        if (Directory.Exists(path))
        {
            // Killed before there was anything to go on with.
            Directory.Delete(path, recursive: true);
        }

        return Start(folder, run, ["train", folder.BasePath, .. reading
            .SettingsOf(run)
            .SelectMany(setting => new[] { "--set", setting }), "--out", path, StopOption]);
    }

    // Null where it is damaged: the run's checkpoints tell as much, and the child writes it anew.
    private static RunStatus? StatusOf(RunFolder run)
    {
        try
        {
            return run.Status;
        }
        catch (OccamException)
        {
            return null;
        }
    }

    // Children of a sweep that was killed end by themselves, a checkpoint later.
    private void WaitForOrphan(string path)
    {
        var began = Stopwatch.GetTimestamp();
        while (Directory.Exists(path)
            && FolderLock.IsTaken(path)
            && Stopwatch.GetElapsedTime(began) < s_orphan
            && !Cancellation.WaitHandle.WaitOne(100))
        {
        }
    }

    private SweepRunEnd Start(SweepFolder folder, SweepRun run, IReadOnlyList<string> arguments)
    {
        var end = new ChildPrograms(Jobs, Program, Cancellation).Run(arguments);
        var path = folder.PathOf(run);
        var status = RunFolder.IsRun(path) ? RunFolder.Open(path).Status : null;
        return status switch
        {
            { State: RunState.Completed or RunState.Diverged or RunState.Interrupted } => new SweepRunEnd(run, status.State, status.Why),
            { State: RunState.Failed } => new SweepRunEnd(run, status.State, end.Error ?? status.Why),
            _ when Cancellation.IsCancellationRequested =>
                new SweepRunEnd(run, RunState.Interrupted, "interrupted before its first checkpoint"),
            _ => new SweepRunEnd(run, RunState.Failed, end.Problem),
        };
    }
}
