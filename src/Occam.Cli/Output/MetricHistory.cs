namespace Occam.Cli.Output;

/// <summary>The values of a metric so far, thinned so that they fit a line: when they become too many, every second goes.</summary>
internal sealed class MetricHistory
{
    private const int Most = 256;
    private const string Bars = "▁▂▃▄▅▆▇█";

    private readonly List<double> _values = [];
    private int _stride = 1;
    private int _seen;

    /// <summary>The last value.</summary>
    public double Last { get; private set; } = double.NaN;

    public void Add(double value)
    {
        Last = value;
        if (_seen++ % _stride != 0)
        {
            return;
        }

        _values.Add(value);
        if (_values.Count >= Most)
        {
            for (var i = 0; i < Most / 2; i++)
            {
                _values[i] = _values[2 * i];
            }

            _values.RemoveRange(Most / 2, _values.Count - (Most / 2));
            _stride *= 2;
        }
    }

    public MetricHistory Copy()
    {
        var copy = new MetricHistory { Last = Last, _stride = _stride, _seen = _seen };
        copy._values.AddRange(_values);
        return copy;
    }

    /// <summary>The values as bars from their least to their largest, so many letters wide at most.</summary>
    public string Sparkline(int width)
    {
        double[] finite = [.. _values.Where(double.IsFinite)];
        if (finite.Length < 2)
        {
            return "";
        }

        var (least, most) = (finite.Min(), finite.Max());
        var count = Math.Min(width, finite.Length);
        return string.Concat(Enumerable.Range(0, count).Select(i =>
        {
            var value = finite[(int)((long)i * (finite.Length - 1) / Math.Max(1, count - 1))];
            return Bars[most > least ? (int)Math.Round((value - least) / (most - least) * (Bars.Length - 1)) : 0];
        }));
    }
}
