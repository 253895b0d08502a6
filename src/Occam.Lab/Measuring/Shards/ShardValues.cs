using System.Diagnostics;
using Occam.Measures;

namespace Occam.Lab.Measuring.Shards;

/// <summary>The values of a shard as they are made, saved every now and then.</summary>
internal sealed class ShardValues(ShardHeader header, string path) : IExampleValues
{
    // A save is of everything, so it may take a twentieth of the time.
    private const int SavesPart = 20;
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(20);

    private readonly Dictionary<(string Pass, int Start), double[][]> _values = [];
    private long _saved = Stopwatch.GetTimestamp();
    private TimeSpan _until = s_least;

    public int First => header.First;

    public int Count => header.Identity.Examples;

    public bool IsPart => header.Identity.Shards > 1;

    /// <summary>Takes what an interrupted run left.</summary>
    public void GoOnFrom(ShardPart part)
    {
        foreach (var (key, columns) in part.Values)
        {
            _values[key] = columns;
        }
    }

    public double[][]? Find(string pass, int start) => _values.GetValueOrDefault((pass, start));

    public void Keep(string pass, int start, double[][] columns)
    {
        _values[(pass, start)] = columns;
        if (Stopwatch.GetElapsedTime(_saved) >= _until)
        {
            var began = Stopwatch.GetTimestamp();
            Save(complete: false);
            _saved = Stopwatch.GetTimestamp();
            _until = Stopwatch.GetElapsedTime(began) * SavesPart is var time && time > s_least ? time : s_least;
        }
    }

    public ShardPart Save(bool complete)
    {
        var part = new ShardPart(header with { IsComplete = complete }, _values, path);
        part.Write();
        return part;
    }
}
