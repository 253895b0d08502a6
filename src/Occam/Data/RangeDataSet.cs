namespace Occam.Data;

/// <summary>Consecutive examples of another data set.</summary>
internal sealed class RangeDataSet(DataSet whole, int first, int count) : PartialDataSet(whole, count)
{
    internal override string Selection => $"{Message.Number(Count)} from number {Message.Number(first)} on of {Whole.Selection}";

    protected override int NumberOf(int index) => first + index;

    protected override DataSet SameOf(DataSet other) => new RangeDataSet(other, first, Count);
}
