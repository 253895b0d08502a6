using Occam.Lab.Runs.Configuration;
using Occam.Lab.Text;
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
    internal const string LogName = "log.jsonl";

    /// <summary>What a training writes in the folder.</summary>
    internal static readonly string[] Written =
        [StatusName, MetricsName, InitialName, NetworkName, BestName, CheckpointsName, TensorBoardName, LogName, FolderLock.FileName];

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
    /// <exception cref="OccamException">This version of Occam can't read it any more, or another program trains the networks.</exception>
    public RunConfiguration Configuration => Origin.Watched is null
        ? Reading.Require()
        : throw new OccamException($"the networks of '{FolderPath}' were trained by another program and watched: there is no "
            + "configuration, no checkpoint and no network here, but their measures");

    /// <summary>Where it was begun, and by what.</summary>
    public RunOrigin Origin { get; }

    /// <summary>How it stands now.</summary>
    /// <exception cref="OccamException">The file is damaged.</exception>
    public RunStatus Status
    {
        get
        {
            var status = File.Exists(In(StatusName))
                ? RunJson.OfRuns.ReadFile<RunStatus>(In(StatusName), HasDigests)
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

        var origin = ReadOrigin(path);
        var file = Path.Combine(path, ConfigurationName);
        var bytes = Read(file, name => PlainFile.ReadAllBytes(name, ConfigurationReading.LongestFile));
        ThrowIfChanged(path, origin, ConfigurationName, () => TrailingDigest.Of(bytes));
        return new RunFolder(path, ConfigurationReading.OfText(CappedText.Of(bytes, bytes.Length), file), origin);
    }

    /// <summary>What tells of a run's origin.</summary>
    /// <exception cref="OccamException">It isn't there, or is damaged.</exception>
    internal static RunOrigin ReadOrigin(string folder)
    {
        var path = Path.Combine(folder, OriginName);
        var origin = RunJson.OfRuns.ReadFile<RunOrigin>(path, read => read.Digests is not null);
        return origin.Threads is < 1 or > RunConfiguration.MostThreads
            ? throw new OccamException($"can't read '{path}': it is damaged: {origin.Threads} threads can't be: expected 1 to "
                + $"{RunConfiguration.MostThreads:N0}")
            : origin;
    }

    /// <summary>Whether there is a run in a folder.</summary>
    public static bool IsRun(string path) =>
        File.Exists(Path.Combine(path, ConfigurationName)) && File.Exists(Path.Combine(path, OriginName));

    /// <summary>All metrics, in the order of recording.</summary>
    /// <param name="damaged">Called with the reason for each damaged row, which is left out; where null, the first one is an error.</param>
    /// <exception cref="OccamException">The file is damaged.</exception>
    public IEnumerable<Metric> Metrics(Action<string>? damaged = null) => MetricsFile.Read(In(MetricsName), HasDigests, damaged);

    /// <summary>The network at the last checkpoint, at the end of a run that has ended.</summary>
    /// <exception cref="OccamException">There is none yet, or it is damaged.</exception>
    public Network Network() => Load(NetworkName);

    /// <summary>The network before the first step.</summary>
    /// <exception cref="OccamException">There is none, or it is damaged.</exception>
    public Network InitialNetwork()
    {
        ThrowIfChanged(FolderPath, Origin, InitialName, () => Read(In(InitialName), TrailingDigest.OfFile));
        return Load(InitialName);
    }

    /// <summary>The network at its best moment; null where none is kept.</summary>
    /// <exception cref="OccamException">It is damaged.</exception>
    public Network? BestNetwork() => File.Exists(In(BestName)) ? Load(BestName) : null;

    /// <summary>
    /// Opens the data and makes a trainer as it was at the last checkpoint: with it come the network, and the
    /// trajectory with its windows.
    /// </summary>
    /// <exception cref="OccamException">The data aren't there any more, or don't fit; or the last checkpoint is damaged.</exception>
    public (RunPlan Plan, Trainer Trainer) Restore()
    {
        var plan = MakePlan();
        var trainer = plan.MakeTrainer();
        try
        {
            LastCheckpoint(Damaged, trainer.Load);
        }
        catch
        {
            trainer.Dispose();
            throw;
        }

        return (plan, trainer);
    }

    /// <summary>The configuration read again, with something set beside it.</summary>
    public ConfigurationReading Reread(IEnumerable<string> settings) =>
        ConfigurationReading.OfText(Reading.Text, In(ConfigurationName), settings);

    internal string In(string name) => Path.Combine(FolderPath, name);

    /// <summary>The files of networks that are there.</summary>
    internal IEnumerable<string> NetworkNames => new[] { InitialName, NetworkName, BestName }.Where(name => File.Exists(In(name)));

    /// <summary>Whether the run's files carry digests and checksums: those of older versions don't.</summary>
    internal bool HasDigests => Origin.Digests is not null;

    /// <summary>The run's checkpoints.</summary>
    internal Checkpoints Checkpoints => new(In(CheckpointsName), HasDigests);

    internal (long Step, StateArchive Archive)? LastCheckpoint(Action<string> damaged, Action<StateArchive>? take = null) =>
        Checkpoints.Last(In(MetricsName), damaged, StatusCheck.StatusOf(this), take);

    /// <summary>What is wrong with a network's file; null where it is as it was written.</summary>
    internal string? ProblemOf(string name)
    {
        var problem = Read(In(name), CheckNetwork) is true || (!HasDigests && Read(In(name), CheckNetwork) is null)
            ? new StatusCheck(this).OfNetwork(name)
            : "its digest does not agree";
        return problem is null
            ? null
            : $"'{In(name)}' is damaged: {problem}"
                + (name == InitialName ? "" : $"; 'occam train --resume {FolderPath}' writes it anew from the checkpoint");
    }

    internal RunPlan MakePlan()
    {
        _ = Configuration;
        var (plan, problems) = RunPlan.Make(Reading, File.Exists(In(InitialName)) ? InitialNetwork() : null);
        return plan ?? throw new OccamException(string.Join("; ", problems));
    }

    private void Damaged(string why) => throw new OccamException(
        $"{why}; 'occam train --resume {FolderPath}' goes on from the checkpoint before");

    private Network Load(string name) =>
        !File.Exists(In(name)) ? throw new OccamException($"the run in '{FolderPath}' has no {name} yet")
        : ProblemOf(name) is { } problem ? throw new OccamException(problem)
        : NetworkLoader.Load(In(name)).AsWritten!;

    private static bool? CheckNetwork(string path)
    {
        using var file = PlainFile.Open(path);
        return TrailingDigest.OfNetworks.Check(file);
    }

    private static T Read<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"can't read '{path}': {e.Reason()}", e);
        }
    }

    private static void ThrowIfChanged(string folder, RunOrigin origin, string name, Func<string> found)
    {
        if (origin.Digests?.GetValueOrDefault(name) is { } digest && found() != digest)
        {
            throw new OccamException($"'{Path.Combine(folder, name)}' is damaged or was changed: it is not as it was when the run began"
                + (name == InitialName ? $"; 'occam train --resume {folder}' makes it anew from the configuration" : ""));
        }
    }
}
