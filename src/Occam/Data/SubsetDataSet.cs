using System.Collections.Immutable;

namespace Occam.Data;

/// <summary>Some examples of another data set, by number.</summary>
internal sealed class SubsetDataSet : DataSet
{
    private readonly DataSet _whole;
    private readonly int[] _chosen;
    private readonly int _seed;

    public SubsetDataSet(DataSet whole, int[] chosen, int seed)
    {
        _whole = whole;
        _chosen = chosen;
        _seed = seed;
        Labels = whole.Labels is { } labels ? Array.ConvertAll(chosen, i => labels[i]) : null;
        PositionLabels = whole.PositionLabels is { } positions ? Rows(positions, chosen, positions.Length / whole.Count) : null;
        Others = whole.Others.Where(pair => pair.Value.Count == whole.Count).ToImmutableDictionary(
            pair => pair.Key, DataSet (pair) => new SubsetDataSet(pair.Value, chosen, seed));
        if (whole.Targets is { } targets)
        {
            Targets = Rows(targets, chosen, whole.TargetSize);
        }
    }

    public override string Name => _whole.Name;

    public override int Count => _chosen.Length;

    public override IReadOnlyList<int> ExampleShape => _whole.ExampleShape;

    public override int[]? Labels { get; }

    public override int[]? PositionLabels { get; }

    public override IReadOnlyList<int> PositionShape => _whole.PositionShape;

    public override IReadOnlyDictionary<string, DataSet> Others { get; }

    public override string ArrayName => _whole.ArrayName;

    public override double[]? Targets { get; }

    public override int Classes => _whole.Classes;

    public override IReadOnlyList<string> ClassNames => _whole.ClassNames;

    public override Normalization? Normalization => _whole.Normalization;

    internal override string Source => _whole.Source;

    internal override string Selection => $"{Message.Number(Count)} at random (seed {_seed}) of {_whole.Selection}";

    internal override bool IsImage => _whole.IsImage;

    public override int IndexInWhole(int index) => _whole.IndexInWhole(_chosen[index]);

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<float> destination)
    {
        CheckCopy(indices, destination.Length);
        _whole.CopyInputs(InWhole(indices), destination);
    }

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<double> destination)
    {
        CheckCopy(indices, destination.Length);
        _whole.CopyInputs(InWhole(indices), destination);
    }

    private static T[] Rows<T>(T[] all, int[] chosen, int size)
    {
        var rows = new T[chosen.Length * size];
        for (var i = 0; i < chosen.Length; i++)
        {
            Array.Copy(all, chosen[i] * size, rows, i * size, size);
        }

        return rows;
    }

    private int[] InWhole(ReadOnlySpan<int> indices)
    {
        var result = new int[indices.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = _chosen[indices[i]];
        }

        return result;
    }
}
