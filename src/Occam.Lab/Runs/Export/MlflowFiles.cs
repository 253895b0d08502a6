using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Occam.Lab.Runs.Store;
using YamlDotNet.Serialization;

namespace Occam.Lab.Runs.Export;

/// <summary>
/// Runs in the layout of MLflow's file store: a folder for the experiment, one in it for each run, in which every parameter and tag is a
/// file, and every metric a file of lines <c>time value step</c>. <c>mlflow ui --backend-store-uri DIR</c> shows them.
/// </summary>
public static partial class MlflowFiles
{
    private const string Experiment = "occam";
    private const int Finished = 3, Failed = 4, Killed = 5, Running = 1;
    private const int LongestParameter = 6000;

    /// <summary>Writes runs; one that is there already is written anew.</summary>
    /// <param name="folder">The folder of the file store.</param>
    /// <param name="runs">The runs, with their names.</param>
    /// <param name="damaged">Called with what can't be read of a run, which is left out.</param>
    /// <param name="cancellation">Stops the work between two runs.</param>
    /// <exception cref="OccamException">A file can't be written.</exception>
    public static void Write(
        string folder, IEnumerable<(string Name, RunFolder Run)> runs, Action<string> damaged, CancellationToken cancellation = default)
    {
        try
        {
            WriteAll(folder, runs, damaged, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"can't write to '{folder}': {e.Reason()}", e);
        }
    }

    private static void WriteAll(
        string folder, IEnumerable<(string Name, RunFolder Run)> runs, Action<string> damaged, CancellationToken cancellation)
    {
        var experiment = Path.Combine(folder, Experiment);
        long first = long.MaxValue;
        foreach (var (name, run) in runs)
        {
            cancellation.ThrowIfCancellationRequested();
            first = Math.Min(first, run.Origin.Started.ToUnixTimeMilliseconds());
            Write(experiment, name, run, damaged);
        }

        if (first == long.MaxValue)
        {
            return;
        }

        WriteMeta(experiment, new()
        {
            ["artifact_location"] = Uri(experiment),
            ["creation_time"] = first,
            ["experiment_id"] = Experiment,
            ["last_update_time"] = first,
            ["lifecycle_stage"] = "active",
            ["name"] = Experiment,
        });
    }

    /// <summary>A run's id: the same each time it is exported.</summary>
    internal static string IdOf(string name, RunFolder run) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\n{run.Origin.Started.UtcTicks}"))).Substring(0, 32);

    private static void Write(string experiment, string name, RunFolder run, Action<string> damaged)
    {
        var (id, status) = (IdOf(name, run), run.Status);
        var folder = Path.Combine(experiment, id);
        var began = run.Origin.Started.ToUnixTimeMilliseconds();
        Directory.CreateDirectory(Path.Combine(folder, "artifacts"));
        WriteMeta(folder, new()
        {
            ["artifact_uri"] = Uri(Path.Combine(folder, "artifacts")),
            ["end_time"] = status.State == RunState.Running ? null : began + (long)(1000 * status.Seconds),
            ["entry_point_name"] = "",
            ["experiment_id"] = Experiment,
            ["lifecycle_stage"] = "active",
            ["run_id"] = id,
            ["run_name"] = name,
            ["run_uuid"] = id,
            ["source_name"] = "",
            ["source_type"] = 4,
            ["source_version"] = "",
            ["start_time"] = began,
            ["status"] = status.State switch
            {
                RunState.Running => Running,
                RunState.Completed => Finished,
                RunState.Interrupted or RunState.Killed => Killed,
                _ => Failed,
            },
            ["tags"] = Array.Empty<string>(),
            ["user_id"] = "",
        });
        if (run.Reading.Configuration is not null)
        {
            foreach (var (key, value) in run.Reading.Values)
            {
                Write(folder, "params", key, value.Length <= LongestParameter ? value : value[..LongestParameter]);
            }
        }

        Write(folder, "tags", "mlflow.runName", name);
        Write(folder, "tags", "mlflow.source.name", run.Origin.Command);
        Write(folder, "tags", "occam.folder", Path.GetFullPath(run.FolderPath));
        Write(folder, "tags", "occam.version", run.Origin.Environment.Occam);

        // Where a run kept no times, that of a step goes by the run's, evenly.
        var perStep = status.Step == 0 ? 0 : 1000 * status.Seconds / status.Step;
        foreach (var metric in run.Metrics(damaged).GroupBy(metric => metric.Name))
        {
            Write(folder, "metrics", metric.Key, string.Concat(metric.Select(seen => string.Create(
                CultureInfo.InvariantCulture,
                $"{began + (long)(1000 * seen.Elapsed ?? perStep * seen.Step)} {Number(seen.Value)} {seen.Step}\n"))));
        }
    }

    private static void WriteMeta(string folder, Dictionary<string, object?> values)
    {
        Directory.CreateDirectory(folder);
        Write(
            folder, "", "meta.yaml",
            new SerializerBuilder().WithQuotingNecessaryStrings(quoteYaml1_1Strings: true).Build().Serialize(values));
    }

    private static void Write(string folder, string kind, string name, string text)
    {
        var inner = Path.Combine(folder, kind);
        Directory.CreateDirectory(inner);
        AtomicFile.Write(Path.Combine(inner, NotInNames().Replace(name, "_")), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private static string Number(double value) => double.IsNaN(value) ? "nan"
        : double.IsInfinity(value) ? (value > 0 ? "inf" : "-inf")
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Uri(string folder) => new Uri(Path.GetFullPath(folder)).AbsoluteUri;

    // What the file store takes no name with; a slash would be a folder, and a name of dots a way out.
    [GeneratedRegex(@"[^\w.\- ]|^\.+$")]
    private static partial Regex NotInNames();
}
