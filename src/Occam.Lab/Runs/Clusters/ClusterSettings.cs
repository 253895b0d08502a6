using System.Collections.Immutable;
using Occam.Lab.Runs.Configuration;

namespace Occam.Lab.Runs.Clusters;

/// <summary>What a job asks of a Slurm cluster: the keys of <c>cluster.yaml</c>.</summary>
/// <param name="Partition">The partition; the cluster's default when left out.</param>
/// <param name="Time">The most time of a task, as sbatch takes it: minutes, hours:minutes:seconds, days-hours.</param>
/// <param name="Memory">The memory of a task, as sbatch takes it: 4G; the cluster's default when left out.</param>
/// <param name="Cpus">The processors of a task.</param>
/// <param name="Gpus">The GPUs of a task.</param>
/// <param name="Throttle">The most tasks at a time; as many as the cluster gives when left out.</param>
/// <param name="Notice">How many seconds before its time is over a task is told to save what it has.</param>
/// <param name="Attempts">How often in a row a task that was cut off may have got no further before it is given up.</param>
/// <param name="Poll">Seconds from one question to Slurm to the next.</param>
/// <param name="Setup">Lines of shell before each task, such as loading modules.</param>
/// <param name="Options">Further options of sbatch: --account=lab.</param>
internal sealed record ClusterSettings(
    string? Partition = null,
    string Time = "1:00:00",
    string? Memory = null,
    int Cpus = 1,
    int Gpus = 0,
    int? Throttle = null,
    int Notice = 60,
    int Attempts = 3,
    double Poll = 5,
    ImmutableArray<string> Setup = default,
    ImmutableArray<string> Options = default)
{
    /// <summary>The file where none is named.</summary>
    public const string FileName = "cluster.yaml";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; <see cref="FileName"/> when null, and the defaults where there is none.</param>
    /// <exception cref="OccamException">It can't be read, or has mistakes, each told with its line.</exception>
    public static ClusterSettings Read(string? path)
    {
        if (path is null && !File.Exists(FileName))
        {
            return new ClusterSettings();
        }

        var binder = new ConfigurationBinder();
        var node = ConfigurationReading.ReadNode(ConfigurationReading.ReadFile(path ?? FileName), path ?? FileName, binder);
        var settings = node is null ? null : binder.Bind(typeof(ClusterSettings), node) as ClusterSettings;
        if (binder.Problems is [_, ..] problems || settings is null)
        {
            throw new OccamException(string.Join("; ", binder.Problems));
        }

        return settings.Problem() is { } problem ? throw new OccamException($"{path ?? FileName}: {problem}") : settings;
    }

    /// <summary>The options of sbatch for an array of so many tasks.</summary>
    internal IEnumerable<string> OptionsFor(int tasks) =>
    [
        $"--array=1-{tasks}{(Throttle is { } most ? $"%{most}" : "")}",
        $"--time={Time}",
        $"--cpus-per-task={Cpus}",
        $"--signal=B:TERM@{Notice}",
        .. Partition is null ? (string[])[] : [$"--partition={Partition}"],
        .. Memory is null ? (string[])[] : [$"--mem={Memory}"],
        .. Gpus == 0 ? (string[])[] : [$"--gpus-per-task={Gpus}", "--ntasks=1"],
        .. Options.IsDefault ? [] : Options,
    ];

    private string? Problem() => Cpus < 1 ? $"cpus: {Cpus} can't be: give at least 1"
        : Gpus < 0 ? $"gpus: {Gpus} can't be: give 0 or more"
        : Throttle < 1 ? $"throttle: {Throttle} can't be: give at least 1"
        : Notice is < 0 or > 65_535 ? $"notice: {Notice} can't be: give 0 to 65535 seconds"
        : Attempts < 1 ? $"attempts: {Attempts} can't be: give at least 1"
        : Poll is not (>= 0.1 and <= 3600) ? $"poll: {Poll} can't be: give 0.1 to 3600 seconds"
        : null;
}
