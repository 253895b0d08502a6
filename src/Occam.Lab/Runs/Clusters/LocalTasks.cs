using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;

namespace Occam.Lab.Runs.Clusters;

/// <summary>Runs tasks as child processes on this machine, some at a time.</summary>
public sealed class LocalTasks
{
    private const string Prefix = "occam: ";

    /// <summary>How many at a time.</summary>
    public required int Jobs { get; init; }

    /// <summary>How this program is started, without its arguments.</summary>
    public required ImmutableArray<string> Program { get; init; }

    /// <summary>The option by which a child ends with whoever holds its standard input.</summary>
    public required string StopOption { get; init; }

    /// <summary>Has the children save what they have, and end.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Called with the end of a task, one call at a time.</summary>
    public Action<ClusterTaskEnd>? Ended { get; init; }

    /// <summary>Runs the tasks that are not done; returns when no child is left.</summary>
    /// <exception cref="OperationCanceledException">The user interrupted.</exception>
    public void Run(IReadOnlyList<ClusterTask> tasks)
    {
        var waiting = new ConcurrentQueue<ClusterTask>(tasks);
        var reporting = new Lock();
        Thread[] workers =
        [
            .. Enumerable.Range(0, Math.Min(Jobs, tasks.Count)).Select(_ => new Thread(() =>
            {
                while (!Cancellation.IsCancellationRequested && waiting.TryDequeue(out var task))
                {
                    var end = Run(task);
                    lock (reporting)
                    {
                        Ended?.Invoke(end);
                    }
                }
            })),
        ];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        Cancellation.ThrowIfCancellationRequested();
    }

    private ClusterTaskEnd Run(ClusterTask task)
    {
        try
        {
            if (task.IsDone(isGone: true))
            {
                return new ClusterTaskEnd(task, null);
            }

            var said = "";
            using var process = Process.Start(new ProcessStartInfo(Program[0], [.. Program.Skip(1), .. task.Arguments(), StopOption])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived +=
                (_, line) => said = line.Data?.StartsWith(Prefix, StringComparison.Ordinal) == true ? line.Data[Prefix.Length..] : said;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            using (Cancellation.Register(process.StandardInput.Close))
            {
                process.WaitForExit();
            }

            return new ClusterTaskEnd(
                task, task.IsDone(isGone: true) ? null : said.Length > 0 ? said : $"its process ended with exit code {process.ExitCode}");
        }
        catch (Exception e) when (e is OccamException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return new ClusterTaskEnd(task, e.Message.ReplaceLineEndings(" "));
        }
    }
}
