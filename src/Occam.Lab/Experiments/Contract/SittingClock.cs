using System.Diagnostics;
using System.Globalization;

namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// How long an experiment has taken over all its sittings: what an interrupted one took until its last checkpoint is kept beside the
/// checkpoints, and counts.
/// </summary>
internal sealed class SittingClock
{
    private const string FileName = "took";

    private readonly string? _path;
    private readonly TimeSpan _earlier;
    private readonly Stopwatch _now = Stopwatch.StartNew();
    private readonly Lock _lock = new();

    /// <summary>Goes on from what is kept.</summary>
    /// <param name="folder">The folder of the checkpoints; null where none are kept.</param>
    public SittingClock(string? folder)
    {
        _path = folder is null ? null : Path.Combine(folder, FileName);
        _earlier = File.Exists(_path) && double.TryParse(File.ReadAllText(_path), CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;
    }

    /// <summary>How long, in all.</summary>
    public TimeSpan Elapsed => _earlier + _now.Elapsed;

    /// <summary>Keeps it; the folder is there.</summary>
    public void Save()
    {
        lock (_lock)
        {
            File.WriteAllText(_path!, Elapsed.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture));
        }
    }
}
