using System.Diagnostics;
using System.Globalization;

namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// How long an experiment has taken over all its sittings, and how much of the processors: what an interrupted one took until its last
/// checkpoint is kept beside the checkpoints, and counts.
/// </summary>
internal sealed class SittingClock
{
    private const string FileName = "took";

    private readonly string? _path;
    private readonly TimeSpan _earlier;
    private readonly TimeSpan _earlierProcessor;
    private readonly Stopwatch _now = Stopwatch.StartNew();
    private readonly TimeSpan _processorBefore = Environment.CpuUsage.TotalTime;
    private readonly Lock _lock = new();

    /// <summary>Goes on from what is kept.</summary>
    /// <param name="folder">The folder of the checkpoints; null where none are kept.</param>
    public SittingClock(string? folder)
    {
        _path = folder is null ? null : Path.Combine(folder, FileName);
        var kept = File.Exists(_path) ? File.ReadAllText(_path).Split() : [];
        _earlier = Read(kept, 0);
        _earlierProcessor = Read(kept, 1);
    }

    /// <summary>How long, in all.</summary>
    public TimeSpan Elapsed => _earlier + _now.Elapsed;

    /// <summary>The time of all processors that the program has had, in all: what else a machine did is not in it.</summary>
    public TimeSpan Processor => _earlierProcessor + Environment.CpuUsage.TotalTime - _processorBefore;

    /// <summary>Keeps it; the folder is there.</summary>
    public void Save()
    {
        lock (_lock)
        {
            File.WriteAllText(
                _path!,
                string.Create(CultureInfo.InvariantCulture, $"{Elapsed.TotalSeconds:F1} {Processor.TotalSeconds:F1}"));
        }
    }

    private static TimeSpan Read(string[] kept, int place) =>
        place < kept.Length && double.TryParse(kept[place], CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;
}
