using Occam.Lab.Runs.Clusters;
using Occam.Lab.Runs.Store;

namespace Occam.Lab.Runs.Sweeps;

/// <summary>Trains the runs of a sweep on a Slurm cluster, a task a run.</summary>
/// <param name="slurm">Where, and how.</param>
internal sealed class SlurmSweep(Func<Action<ClusterTask>, Action<ClusterTaskEnd>, SlurmExecutor> slurm)
{
    /// <summary>Trains what isn't trained yet; returns when all runs have ended, or have been left to the cluster.</summary>
    /// <param name="folder">The sweep's folder, which this process has locked.</param>
    /// <param name="reading">The sweep, without problems.</param>
    /// <param name="progress">Receives the sweep's progress.</param>
    /// <exception cref="OccamException">Slurm isn't there or doesn't take a job.</exception>
    public void Run(SweepFolder folder, SweepReading reading, SweepProgress progress)
    {
        progress.Begin();
        SweepTask[] tasks = [.. folder.Plan.Runs.Select(run => new SweepTask(folder, reading, run))];
        var begun = new HashSet<ClusterTask>();
        try
        {
            slurm(
                task =>
                {
                    begun.Add(task);
                    progress.Begin(((SweepTask)task).Run);
                },
                end => progress.End(EndOf((SweepTask)end.Task, end.Failure, begun.Contains(end.Task)))).Run(tasks);
        }
        catch (OperationCanceledException)
        {
            // What goes on, and what doesn't, has been said.
        }
    }

    private static SweepRunEnd EndOf(SweepTask task, string? failure, bool begun) => failure is not null
        ? new SweepRunEnd(task.Run, RunState.Failed, failure)
        : new SweepRunEnd(task.Run, task.Status!.State, task.Status!.Why, WasDone: !begun);
}
