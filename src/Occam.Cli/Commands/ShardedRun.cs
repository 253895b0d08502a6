using Occam.Cli.Running;
using Occam.Lab.Measuring;
using Occam.Lab.Measuring.Shards;
using Occam.Lab.Runs.Clusters;
using Occam.Lab.Runs.Sweeps;

namespace Occam.Cli.Commands;

/// <summary>All shards of a measuring, each a process on this machine or a task of a cluster, and what they make together.</summary>
internal static class ShardedRun
{
    /// <summary>Measures what isn't measured yet, and merges.</summary>
    /// <param name="session">Whose wish to stop counts, and where notes go.</param>
    /// <param name="path">The network's file.</param>
    /// <param name="request">What to measure, and how.</param>
    /// <param name="tasks">The shards.</param>
    /// <param name="jobs">How many at a time on this machine.</param>
    /// <param name="slurm">Makes what submits them; null on this machine.</param>
    /// <exception cref="OccamException">A shard failed, for the reason that is told.</exception>
    /// <exception cref="OperationCanceledException">The user interrupted; what was computed is kept.</exception>
    public static MeasuredNetwork Run(
        Session session, string path, MeasuringRequest request, ShardTask[] tasks, int jobs,
        Func<Action<ClusterTaskEnd>, SlurmExecutor>? slurm)
    {
        var failures = new List<string>();
        return LongWork.Run(session, progress =>
        {
            var done = 0;
            progress.Begin($"{tasks.Length} shards");
            void Ended(ClusterTaskEnd end)
            {
                progress.Report((double)++done / tasks.Length);
                if (end.Failure is { } failure)
                {
                    failures.Add($"{end.Task.Name}: {failure}");
                }
            }

            if (slurm is not null)
            {
                slurm(Ended).Run(tasks);
            }
            else
            {
                new LocalTasks
                {
                    Jobs = jobs,
                    Program = OwnProgram.Command,
                    StopOption = LocalExecutor.StopOption,
                    Cancellation = session.Cancellation,
                    Ended = Ended,
                }.Run(tasks);
            }

            if (failures.Count > 0)
            {
                throw new OccamException($"{failures.Count} of {tasks.Length} shards failed; {failures[0]}");
            }

            progress.Begin("merging");
            var parts = ShardMeasurer.Check(tasks.Select(task => ShardPart.Read(task.FilePath)));
            return ShardMeasurer.Merge(path, Measurer.Open(request), request, parts, progress);
        });
    }
}
