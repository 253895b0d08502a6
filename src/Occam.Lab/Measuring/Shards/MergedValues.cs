using Occam.Measures;

namespace Occam.Lab.Measuring.Shards;

/// <summary>The values of all shards together. What isn't there is never computed: it would be no part's.</summary>
internal sealed class MergedValues : IExampleValues
{
    private readonly Dictionary<(string Pass, int Start), double[][]> _values = [];

    public MergedValues(IReadOnlyList<ShardPart> parts)
    {
        Count = parts[0].Identity.Examples;
        foreach (var (key, columns) in parts.SelectMany(part => part.Values))
        {
            _values[key] = columns;
        }
    }

    public int First => 0;

    public int Count { get; }

    public bool IsPart => false;

    public double[][]? Find(string pass, int start) => _values.TryGetValue((pass, start), out var columns) ? columns
        : throw new OccamException($"the parts hold no {pass} of the batch from example {start:N0} on: measure the shards again");

    public void Keep(string pass, int start, double[][] columns) => throw new InvalidOperationException("nothing is computed in a merge");
}
