using Occam.Lab.Runs.Clusters;
using Occam.Lab.Runs.Store;

namespace Occam.Lab.Runs.Sweeps;

/// <summary>Training a run of a sweep, as a process of its own.</summary>
internal sealed class SweepTask(SweepFolder folder, SweepReading reading, SweepRun run) : ClusterTask
{
    private string Folder => folder.PathOf(run);

    /// <summary>The run.</summary>
    public SweepRun Run => run;

    public override string Name => run.Name;

    /// <summary>How the run stands; null where its folder or status isn't there, or is damaged.</summary>
    public RunStatus? Status
    {
        get
        {
            try
            {
                return RunFolder.IsRun(Folder) ? RunFolder.Open(Folder).Status : null;
            }
            catch (OccamException)
            {
                return null;
            }
        }
    }

    public override bool IsDone(bool isGone) => Status is { State: RunState.Completed or RunState.Diverged };

    public override string? Failure() => Status is { State: RunState.Failed } status ? status.Why : null;

    public override IReadOnlyList<string> Arguments()
    {
        var path = Path.GetFullPath(Folder);
        if (RunFolder.IsRun(path))
        {
            return ["train", "--resume", path];
        }

        if (Directory.Exists(path))
        {
            // Cut off before there was anything to go on with.
            Directory.Delete(path, recursive: true);
        }

        return
        [
            "train", Path.GetFullPath(folder.BasePath), .. reading.SettingsOf(run).SelectMany(setting => new[] { "--set", setting }),
            "--out", path,
        ];
    }

    public override long Progress() => Status is { } status ? status.Step + 1 : 0;
}
