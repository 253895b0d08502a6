using System.Buffers;
using System.Text.Json;
using Occam.Lab.Runs.Store;

namespace Occam.Ui.Index;

/// <summary>The metrics of the runs that were looked at last, read on as they grow.</summary>
internal sealed class CurveStore(RunIndex index)
{
    // Values that are held, 40 bytes each.
    private const long MostValues = 1_600_000;

    private readonly Lock _lock = new();
    private readonly LinkedList<Held> _held = [];

    /// <summary>The curves of some metrics of some runs, thinned to about so many points each, as JSON.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="metrics">The metrics' names; all where empty.</param>
    /// <param name="points">The most points of a curve.</param>
    public ReadOnlyMemory<byte> Json(IEnumerable<IndexedRun> runs, IReadOnlySet<string> metrics, int points)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 14);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            lock (_lock)
            {
                foreach (var run in runs)
                {
                    Write(json, run, metrics, points);
                }
            }

            json.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    private void Write(Utf8JsonWriter json, IndexedRun run, IReadOnlySet<string> metrics, int points)
    {
        var held = Read(run);
        json.WriteStartObject();
        json.WriteString("run", run.Name);
        json.WritePropertyName("pace");
        RunTableJson.WriteNumber(json, run.Find("pace")?.Number ?? double.NaN);
        json.WriteStartObject("metrics");
        foreach (var (name, curve) in held.Curves)
        {
            if (metrics.Count == 0 || metrics.Contains(name))
            {
                Write(json, name, curve, points);
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Curve curve, int points)
    {
        var places = curve.Thinned(points);
        json.WriteStartObject(name);
        json.WriteNumber("count", curve.Values.Count);
        WriteAll("step", places.Select(i => (double)curve.Steps[i]));
        WriteAll("epoch", places.Select(i => curve.Epochs[i]));
        if (places.Any(i => double.IsFinite(curve.Elapsed[i])))
        {
            WriteAll("time", places.Select(i => curve.Elapsed[i]));
        }

        WriteAll("value", places.Select(i => curve.Values[i]));
        if (places.Any(i => curve.Errors[i] > 0))
        {
            WriteAll("error", places.Select(i => curve.Errors[i]));
        }

        json.WriteEndObject();

        void WriteAll(string key, IEnumerable<double> numbers)
        {
            json.WriteStartArray(key);
            foreach (var number in numbers)
            {
                RunTableJson.WriteNumber(json, number);
            }

            json.WriteEndArray();
        }
    }

    private Held Read(IndexedRun run)
    {
        var node = _held.First;
        while (node is not null && node.Value.Name != run.Name)
        {
            node = node.Next;
        }

        var held = node?.Value ?? new Held(run.Name, new MetricTail(index.FolderOf(run)));
        if (node is not null)
        {
            _held.Remove(node);
        }

        held.ReadOn();
        _held.AddFirst(held);
        while (_held.Count > 1 && _held.Sum(other => other.Count) > MostValues)
        {
            _held.RemoveLast();
        }

        return held;
    }

    private sealed class Held(string name, MetricTail tail)
    {
        public string Name => name;

        public SortedDictionary<string, Curve> Curves { get; } = new(StringComparer.Ordinal);

        public long Count => Curves.Values.Sum(curve => (long)curve.Values.Count);

        public void ReadOn()
        {
            while (tail.Next(out var isAnew) is var rows && (isAnew || rows.Count > 0))
            {
                if (isAnew)
                {
                    Curves.Clear();
                }

                foreach (var metric in rows)
                {
                    if (!Curves.TryGetValue(metric.Name, out var curve))
                    {
                        Curves[metric.Name] = curve = new Curve();
                    }

                    curve.Steps.Add(metric.Step);
                    curve.Epochs.Add(metric.Epoch);
                    curve.Elapsed.Add(metric.Elapsed ?? double.NaN);
                    curve.Values.Add(metric.Value);
                    curve.Errors.Add(metric.StandardError);
                }
            }
        }
    }
}
