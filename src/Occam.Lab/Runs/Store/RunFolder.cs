using Occam.Lab.Runs.Configuration;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Training;

namespace Occam.Lab.Runs.Store;

/// <summary>
/// A run in the run store, to be read: also while it is being trained. Nothing here writes.
/// </summary>
/// <example>
/// <code>
/// var run = RunFolder.Open("runs/mlp-glyphs");
/// var losses = run.Metrics().Where(metric => metric.Name == "test.loss");
/// var network = run.Network();
/// </code>
/// </example>
public sealed class RunFolder
{
    /// <summary>The file of the network at the last checkpoint.</summary>
    public const string NetworkName = "network.onnx";

    internal const string ConfigurationName = "config.yaml";
    internal const string OriginName = "environment.json";
    internal const string StatusName = "status.json";
    internal const string MetricsName = "metrics.jsonl";
    internal const string InitialName = "initial.onnx";
    internal const string BestName = "best.onnx";
    internal const string CheckpointsName = "checkpoints";
    internal const string TensorBoardName = "tensorboard";

    private RunFolder(string path, ConfigurationReading reading, RunOrigin origin)
    {
        FolderPath = path;
        Reading = reading;
        Origin = origin;
    }

    /// <summary>The folder.</summary>
    public string FolderPath { get; }

    /// <summary>The folder's name.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(FolderPath)));

    /// <summary>The configuration as it was written, and its values by key.</summary>
    public ConfigurationReading Reading { get; }

    /// <summary>The configuration.</summary>
    /// <exception cref="OccamException">This version of Occam can't read it any more.</exception>
    public RunConfiguration Configuration => Reading.Require();

    /// <summary>Where it was begun, and by what.</summary>
    public RunOrigin Origin { get; }

    /// <summary>How it stands now.</summary>
    /// <exception cref="OccamException">The file is damaged.</exception>
    public RunStatus Status
    {
        get
        {
            var status = File.Exists(In(StatusName))
                ? RunJson.OfRuns.ReadFile<RunStatus>(In(StatusName))
                : new RunStatus { State = RunState.Running };
            return status.State == RunState.Running && !FolderLock.IsTaken(FolderPath)
                ? status with { State = RunState.Killed, Why = "the process ended without a word" }
                : status;
        }
    }

    /// <summary>Opens a run.</summary>
    /// <exception cref="OccamException">There is none, or its files are damaged.</exception>
    public static RunFolder Open(string path)
    {
        if (!IsRun(path))
        {
            throw new OccamException($"there is no run in '{path}': expected a folder with {ConfigurationName} and "
                + $"{OriginName}; 'occam runs' lists those there are");
        }

        return new RunFolder(
            path, ConfigurationReading.OfFile(Path.Combine(path, ConfigurationName)),
            RunJson.OfRuns.ReadFile<RunOrigin>(Path.Combine(path, OriginName)));
    }

    /// <summary>Whether there is a run in a folder.</summary>
    public static bool IsRun(string path) =>
        File.Exists(Path.Combine(path, ConfigurationName)) && File.Exists(Path.Combine(path, OriginName));

    /// <summary>All metrics, in the order of recording.</summary>
    /// <exception cref="OccamException">The file is damaged.</exception>
    public IEnumerable<Metric> Metrics() => MetricsFile.Read(In(MetricsName));

    /// <summary>The network at the last checkpoint, at the end of a run that has ended.</summary>
    /// <exception cref="OccamException">There is none yet.</exception>
    public Network Network() => Load(NetworkName);

    /// <summary>The network before the first step.</summary>
    /// <exception cref="OccamException">There is none.</exception>
    public Network InitialNetwork() => Load(InitialName);

    /// <summary>The network at its best moment; null where none is kept.</summary>
    public Network? BestNetwork() => File.Exists(In(BestName)) ? Load(BestName) : null;

    /// <summary>
    /// Opens the data and makes a trainer as it was at the last checkpoint: with it come the network, and the
    /// trajectory with its windows.
    /// </summary>
    /// <exception cref="OccamException">The data aren't there any more, or don't fit.</exception>
    public (RunPlan Plan, Trainer Trainer) Restore()
    {
        var plan = MakePlan();
        var trainer = plan.MakeTrainer();
        if (LastCheckpoint() is var (_, archive))
        {
            trainer.Load(archive);
        }

        return (plan, trainer);
    }

    /// <summary>The configuration read again, with something set beside it.</summary>
    public ConfigurationReading Reread(IEnumerable<string> settings) =>
        ConfigurationReading.OfText(Reading.Text, In(ConfigurationName), settings);

    internal string In(string name) => Path.Combine(FolderPath, name);

    internal (long Step, StateArchive Archive)? LastCheckpoint() =>
        new Checkpoints(In(CheckpointsName)).Last(MetricsFile.Count(In(MetricsName)));

    internal RunPlan MakePlan()
    {
        var (plan, problems) = RunPlan.Make(Reading, File.Exists(In(InitialName)) ? InitialNetwork() : null);
        return plan ?? throw new OccamException(string.Join("; ", problems));
    }

    private Network Load(string name) =>
        File.Exists(In(name))
            ? NetworkLoader.Load(In(name)).AsWritten!
            : throw new OccamException($"the run in '{FolderPath}' has no {name} yet");
}
