using System.Collections.Immutable;

namespace Occam.Data;

/// <summary>Consecutive examples of another data set.</summary>
internal sealed class RangeDataSet : DataSet
{
    private readonly DataSet _whole;
    private readonly int _first;

    public RangeDataSet(DataSet whole, int first, int count)
    {
        _whole = whole;
        _first = first;
        Count = count;
        Labels = whole.Labels?[first..(first + count)];
        PositionLabels = Rows(whole.PositionLabels);
        Targets = Rows(whole.Targets);
        Others = whole.Others.Where(pair => pair.Value.Count == whole.Count).ToImmutableDictionary(
            pair => pair.Key, DataSet (pair) => new RangeDataSet(pair.Value, first, count));
    }

    public override string Name => _whole.Name;

    public override int Count { get; }

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

    internal override string Selection => $"{Message.Number(Count)} from number {Message.Number(_first)} on of {_whole.Selection}";

    internal override bool IsImage => _whole.IsImage;

    public override int IndexInWhole(int index) => _whole.IndexInWhole(_first + index);

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

    private T[]? Rows<T>(T[]? all)
    {
        var size = (all?.Length ?? 0) / _whole.Count;
        return all?[(_first * size)..((_first + Count) * size)];
    }

    private int[] InWhole(ReadOnlySpan<int> indices)
    {
        var result = new int[indices.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = _first + indices[i];
        }

        return result;
    }
}
