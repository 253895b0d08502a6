using System.Globalization;
using Occam.Training;

namespace Occam.Lab.Runs.Store;

/// <summary>The folder of a run's checkpoints, of which the last two are kept.</summary>
internal sealed class Checkpoints(string folder)
{
    private const int Kept = 2;
    private const string Prefix = "step-";
    private const string Extension = ".npz";

    /// <summary>The name of the count of metric rows in a checkpoint.</summary>
    public const string Rows = "run.rows";

    /// <summary>The name of the digest of those rows in a checkpoint.</summary>
    public const string MetricsDigest = "run.metrics";

    /// <summary>The name of the seconds of training in a checkpoint.</summary>
    public const string Seconds = "run.seconds";

    /// <summary>The steps of the checkpoints that are there, the last first.</summary>
    public IReadOnlyList<long> Steps =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, $"{Prefix}*{Extension}").Select(StepOf).OfType<long>().OrderDescending()]
            : [];

    /// <summary>The file of a step's checkpoint.</summary>
    public string PathOf(long step) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:D12}{Extension}"));

    /// <summary>Writes a checkpoint, and then removes those before the last two.</summary>
    /// <exception cref="OccamException">It can't be written; those before it are as they were.</exception>
    public void Write(long step, StateArchive archive)
    {
        Directory.CreateDirectory(folder);
        archive.Save(PathOf(step));
        foreach (var old in Steps.Skip(Kept))
        {
            File.Delete(PathOf(old));
        }
    }

    /// <summary>Removes those after a step.</summary>
    public void RemoveAfter(long step)
    {
        foreach (var later in Steps.TakeWhile(later => later > step))
        {
            File.Delete(PathOf(later));
        }
    }

    /// <summary>The last checkpoint that is whole and whose metrics are all there, as they were; null where there never was one.</summary>
    /// <param name="metrics">The file of metrics.</param>
    /// <param name="damaged">Called with the reason for each that is passed over.</param>
    /// <exception cref="OccamException">There are checkpoints, and none of them is whole.</exception>
    public (long Step, StateArchive Archive)? Last(string metrics, Action<string> damaged)
    {
        var steps = Steps;
        foreach (var step in steps)
        {
            try
            {
                return (step, Load(step, metrics));
            }
            catch (OccamException e)
            {
                // The one before it is why two are kept.
                damaged(e.Message);
            }
        }

        return steps.Count == 0 ? null
            : throw new OccamException(
                $"no checkpoint in '{folder}' is whole: begin a new run from the run's {RunFolder.ConfigurationName}");
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="OccamException">It is damaged, or the metrics before it are.</exception>
    public StateArchive Load(long step, string metrics)
    {
        var archive = StateArchive.Load(PathOf(step));
        var digest = archive.Read<long>(Rows) is [var rows] ? MetricsFile.DigestOf(metrics, rows) : null;
        return digest is null
            ? throw new OccamException($"'{metrics}' has fewer rows than the checkpoint of step {step} knows of")
            : !archive.Names.Contains(MetricsDigest) || archive.ReadText(MetricsDigest) == digest
            ? archive
            : throw new OccamException($"'{metrics}' is damaged: its rows aren't those of the checkpoint of step {step}");
    }

    private static long? StepOf(string path) =>
        long.TryParse(Path
            .GetFileNameWithoutExtension(path)
            .AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;
}
