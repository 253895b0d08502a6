using System.Collections.Immutable;
using System.Diagnostics;
using Occam.Lab.Runs.Store;

namespace Occam.Lab.Runs.Sweeps;

/// <summary>How far a sweep is. Those who train write, others read.</summary>
public sealed class SweepProgress(SweepFolder folder)
{
    private readonly Lock _lock = new();
    private readonly Lock _reporting = new();
    private readonly Dictionary<string, SweepRunEnd> _ended = [];
    private readonly SortedSet<string> _underWay = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _shares = [];
    private long _began = Stopwatch.GetTimestamp();
    private double _before = double.NaN;

    /// <summary>Called with the end of each run by the thread that trained it, one call at a time.</summary>
    public Action<SweepRunEnd>? Ended { get; init; }

    /// <summary>How many runs there are.</summary>
    public int Count => folder.Plan.Runs.Length;

    /// <summary>The ends of those that came to one, in the order of the runs.</summary>
    public ImmutableArray<SweepRunEnd> Ends
    {
        get
        {
            lock (_lock)
            {
                return [.. folder.Plan.Runs.Select(run => _ended.GetValueOrDefault(run.Name)).OfType<SweepRunEnd>()];
            }
        }
    }

    /// <summary>The runs under way, each with the share of its steps at its last checkpoint.</summary>
    public IReadOnlyList<(SweepRun Run, double Share)> UnderWay
    {
        get
        {
            lock (_lock)
            {
                return [
                    .. folder.Plan.Runs.Where(run => _underWay.Contains(run.Name)).Select(run => (run, _shares[run.Name] = ShareOf(run))),
                ];
            }
        }
    }

    /// <summary>The share done of all steps of all runs.</summary>
    public double Share
    {
        get
        {
            var underWay = UnderWay.Sum(pair => pair.Share);
            lock (_lock)
            {
                return (_ended.Count + underWay + folder.Plan.Runs.Where(run => !_ended.ContainsKey(run.Name)
                    && !_underWay.Contains(run.Name)).Sum(run => _shares.GetValueOrDefault(run.Name))) / Count;
            }
        }
    }

    /// <summary>The remaining time at the pace so far; null where it is not known yet.</summary>
    public TimeSpan? Left =>
        Share is var share && share > _before ? Stopwatch.GetElapsedTime(_began) * ((1 - share) / (share - _before)) : null;

    /// <summary>What was done before counts for nothing in the pace.</summary>
    internal void Begin()
    {
        lock (_lock)
        {
            foreach (var run in folder.Plan.Runs)
            {
                _shares[run.Name] = ShareOf(run);
            }
        }

        _before = Share;
        _began = Stopwatch.GetTimestamp();
    }

    internal void Begin(SweepRun run)
    {
        lock (_lock)
        {
            _underWay.Add(run.Name);
        }
    }

    internal void End(SweepRunEnd end)
    {
        lock (_lock)
        {
            _underWay.Remove(end.Run.Name);
            _ended[end.Run.Name] = end;
        }

        lock (_reporting)
        {
            Ended?.Invoke(end);
        }
    }

    private double ShareOf(SweepRun run)
    {
        var path = Path.Combine(folder.PathOf(run), RunFolder.StatusName);
        try
        {
            return File.Exists(path) && RunJson.OfRuns.ReadFile<RunStatus>(path) is { Steps: > 0 } status
                ? (double)status.Step / status.Steps
                : 0;
        }
        catch (OccamException)
        {
            // Reported when the run comes to its turn.
            return 0;
        }
    }
}
