namespace Occam.Data;

/// <summary>A data set with further arrays, a row an example, and a name for its own.</summary>
internal sealed class SeveralArrays(DataSet whole, string name, IReadOnlyDictionary<string, DataSet> others) : DataSet
{
    public override string Name => whole.Name;

    public override int Count => whole.Count;

    public override IReadOnlyList<int> ExampleShape => whole.ExampleShape;

    public override int[]? Labels => whole.Labels;

    public override int[]? PositionLabels => whole.PositionLabels;

    public override IReadOnlyList<int> PositionShape => whole.PositionShape;

    public override double[]? Targets => whole.Targets;

    public override int Classes => whole.Classes;

    public override IReadOnlyList<string> ClassNames => whole.ClassNames;

    public override string ArrayName => name;

    public override IReadOnlyDictionary<string, DataSet> Others => others;

    public override Normalization? Normalization => whole.Normalization;

    internal override string Source => whole.Source;

    internal override string Selection => whole.Selection;

    internal override bool IsImage => whole.IsImage;

    public override int IndexInWhole(int index) => whole.IndexInWhole(index);

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<float> destination) => whole.CopyInputs(indices, destination);

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<double> destination) => whole.CopyInputs(indices, destination);
}
