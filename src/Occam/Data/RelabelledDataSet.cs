namespace Occam.Data;

/// <summary>The examples of another data set with other labels.</summary>
internal sealed class RelabelledDataSet(DataSet whole, int[] labels, string how) : DataSet
{
    public override string Name => whole.Name;

    public override int Count => whole.Count;

    public override IReadOnlyList<int> ExampleShape => whole.ExampleShape;

    public override int[]? Labels => labels;

    public override IReadOnlyDictionary<string, DataSet> Others => whole.Others;

    public override string ArrayName => whole.ArrayName;

    public override double[]? Targets => null;

    public override int Classes => whole.Classes;

    public override IReadOnlyList<string> ClassNames => whole.ClassNames;

    public override Normalization? Normalization => whole.Normalization;

    internal override string Source => whole.Source;

    internal override string Selection => $"{whole.Selection} with {how}";

    internal override bool IsImage => whole.IsImage;

    public override int IndexInWhole(int index) => whole.IndexInWhole(index);

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<float> destination) => whole.CopyInputs(indices, destination);

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<double> destination) => whole.CopyInputs(indices, destination);
}
