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

    /// <summary>The last checkpoint that can be read and whose metrics are all there; null for none.</summary>
    /// <param name="rows">Rows of metrics that there are.</param>
    public (long Step, StateArchive Archive)? Last(long rows)
    {
        foreach (var step in Steps)
        {
            try
            {
                var archive = StateArchive.Load(PathOf(step));
                if (archive.Read<long>(Rows)[0] <= rows)
                {
                    return (step, archive);
                }
            }
            catch (OccamException)
            {
                // A damaged file: the one before it is why two are kept.
            }
        }

        return null;
    }

    private static long? StepOf(string path) =>
        long.TryParse(Path
            .GetFileNameWithoutExtension(path)
            .AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;
}
