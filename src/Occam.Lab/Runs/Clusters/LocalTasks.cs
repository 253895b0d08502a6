using System.Collections.Immutable;

namespace Occam.Lab.Runs.Clusters;

/// <summary>Runs tasks as child processes on this machine, some at a time.</summary>
internal sealed class LocalTasks
{
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
        var children = new ChildPrograms(Jobs, Program, Cancellation);
        var reporting = new Lock();
        children.ForEach(tasks, task =>
        {
            var end = Run(children, task);
            lock (reporting)
            {
                Ended?.Invoke(end);
            }
        });
        Cancellation.ThrowIfCancellationRequested();
    }

    private ClusterTaskEnd Run(ChildPrograms children, ClusterTask task)
    {
        try
        {
            if (task.IsDone(isGone: true))
            {
                return new ClusterTaskEnd(task, null);
            }

            var end = children.Run([.. task.Arguments(), StopOption]);
            return new ClusterTaskEnd(task, task.IsDone(isGone: true) ? null : end.Problem);
        }
        catch (Exception e) when (e is OccamException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return new ClusterTaskEnd(task, e.Reason());
        }
    }
}
