namespace Occam.Data;

/// <summary>A data set whose facts are at hand and whose inputs a subclass stores.</summary>
internal abstract class StoredDataSet(DataSetFacts facts) : DataSet
{
    public override string Name => facts.Name;

    public override int Count => facts.Count;

    public override IReadOnlyList<int> ExampleShape => facts.Shape;

    public override int[]? Labels => facts.Labels;

    public override int[]? PositionLabels => facts.PositionLabels;

    public override IReadOnlyList<int> PositionShape => facts.PositionShape;

    public override IReadOnlyDictionary<string, DataSet> Others => facts.Others;

    public override string ArrayName => facts.ArrayName;

    public override double[]? Targets => facts.Targets;

    public override int Classes => facts.Classes;

    public override IReadOnlyList<string> ClassNames => facts.ClassNames;

    public override Normalization? Normalization { get; } = facts.Normalization?.ForChannels(facts.Shape[0]);

    internal override string Source => facts.Source;

    internal override string Selection => facts.Selection;
}
