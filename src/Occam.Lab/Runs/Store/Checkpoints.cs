using System.Globalization;
using Occam.Training;

namespace Occam.Lab.Runs.Store;

/// <summary>The folder of a run's checkpoints, of which the last two are kept.</summary>
/// <param name="folder">The folder.</param>
/// <param name="haveDigests">Whether each of them must carry a digest, and that of the metrics before it.</param>
internal sealed class Checkpoints(string folder, bool haveDigests)
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

    /// <summary>The digest that a step's checkpoint carries; empty where it carries none.</summary>
    public string DigestOf(long step) => TrailingDigest.OfArchives.CarriedBy(PathOf(step)) ?? "";

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
    /// <param name="known">What the status says of the files; null where nothing is known.</param>
    /// <param name="take">Goes on from a state; where it throws an <see cref="OccamException"/>, that checkpoint is passed over as
    /// well.</param>
    /// <exception cref="OccamException">There are checkpoints, and none of them is whole.</exception>
    public (long Step, StateArchive Archive)? Last(
        string metrics, Action<string> damaged, RunStatus? known = null, Action<StateArchive>? take = null)
    {
        var steps = Steps;
        foreach (var step in steps)
        {
            try
            {
                var archive = Load(step, metrics, known);
                Try(take, step, archive);
                return (step, archive);
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
    /// <exception cref="OccamException">It is damaged or not the one that was written there, or the metrics before it are.</exception>
    public StateArchive Load(long step, string metrics, RunStatus? known = null)
    {
        var archive = StateArchive.Load(PathOf(step), haveDigests);
        if (known?.Files is { } files && known.Checkpoint == step && DigestOf(step) != files.Checkpoint)
        {
            throw new OccamException($"'{PathOf(step)}' is another checkpoint than the one that {RunFolder.StatusName} knows of");
        }

        if (archive.Read<long>("trainer.step") is not [var held, ..] || held != step)
        {
            throw new OccamException($"'{PathOf(step)}' holds the state of another step than its name says");
        }

        if (archive.Read<long>(Rows) is not [>= 0 and var rows]
            || archive.Read<double>(Seconds) is not [>= 0 and < double.PositiveInfinity])
        {
            throw new OccamException($"'{PathOf(step)}' is damaged: its count of metrics or of seconds can't be");
        }

        if (MetricsFile.DigestOf(metrics, rows) is not { } digest)
        {
            throw new OccamException($"'{metrics}' has fewer rows than the checkpoint of step {step} knows of");
        }

        return (!haveDigests && !archive.Names.Contains(MetricsDigest)) || archive.ReadText(MetricsDigest) == digest
            ? archive
            : throw new OccamException($"'{metrics}' is damaged: its rows aren't those of the checkpoint of step {step}");
    }

    private void Try(Action<StateArchive>? take, long step, StateArchive archive)
    {
        try
        {
            take?.Invoke(archive);
        }
        catch (OccamException e)
        {
            throw new OccamException($"'{PathOf(step)}' can't be gone on from: {e.Message}", e);
        }
    }

    private static long? StepOf(string path) =>
        long.TryParse(Path
            .GetFileNameWithoutExtension(path)
            .AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;
}
