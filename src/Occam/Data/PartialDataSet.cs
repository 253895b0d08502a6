using System.Collections.Immutable;

namespace Occam.Data;

/// <summary>Some of another data set's examples, in an order of their own. What follows says which.</summary>
internal abstract class PartialDataSet(DataSet whole, int count) : DataSet
{
    private int[]? _labels;
    private int[]? _positionLabels;
    private double[]? _targets;
    private ImmutableDictionary<string, DataSet>? _others;

    public override string Name => whole.Name;

    public override int Count => count;

    public override IReadOnlyList<int> ExampleShape => whole.ExampleShape;

    public override int[]? Labels => _labels ??= Rows(whole.Labels);

    public override int[]? PositionLabels => _positionLabels ??= Rows(whole.PositionLabels);

    public override IReadOnlyList<int> PositionShape => whole.PositionShape;

    public override IReadOnlyDictionary<string, DataSet> Others =>
        _others ??= whole.Others.Where(pair => pair.Value.Count == whole.Count || IsOneForAll(pair.Value)).ToImmutableDictionary(
            pair => pair.Key, pair => pair.Value.Count == whole.Count ? SameOf(pair.Value) : pair.Value);

    public override string ArrayName => whole.ArrayName;

    public override double[]? Targets => _targets ??= Rows(whole.Targets);

    public override int Classes => whole.Classes;

    public override IReadOnlyList<string> ClassNames => whole.ClassNames;

    public override Normalization? Normalization => whole.Normalization;

    internal override string Source => whole.Source;

    internal override bool IsImage => whole.IsImage;

    public sealed override int IndexInWhole(int index) => whole.IndexInWhole(NumberOf(index));

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<float> destination)
    {
        CheckCopy(indices, destination.Length);
        whole.CopyInputs(NumbersOf(indices), destination);
    }

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<double> destination)
    {
        CheckCopy(indices, destination.Length);
        whole.CopyInputs(NumbersOf(indices), destination);
    }

    /// <summary>The set that these examples are of.</summary>
    protected DataSet Whole => whole;

    /// <summary>The number that an example of these has in the other set.</summary>
    protected abstract int NumberOf(int index);

    /// <summary>The same examples of a further array.</summary>
    protected abstract DataSet SameOf(DataSet other);

    private static bool IsOneForAll(DataSet other) => other is { Count: 1, ExampleSize: 1 };

    private T[]? Rows<T>(T[]? all)
    {
        if (all is null)
        {
            return null;
        }

        var size = all.Length / whole.Count;
        var rows = new T[count * size];
        for (var i = 0; i < count; i++)
        {
            Array.Copy(all, NumberOf(i) * size, rows, i * size, size);
        }

        return rows;
    }

    private int[] NumbersOf(ReadOnlySpan<int> indices)
    {
        var numbers = new int[indices.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = NumberOf(indices[i]);
        }

        return numbers;
    }
}
