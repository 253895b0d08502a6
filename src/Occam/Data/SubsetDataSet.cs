namespace Occam.Data;

/// <summary>Some examples of another data set, by number.</summary>
internal sealed class SubsetDataSet(DataSet whole, int[] chosen, int seed) : PartialDataSet(whole, chosen.Length)
{
    internal override string Selection => $"{Message.Number(Count)} at random (seed {seed}) of {Whole.Selection}";

    protected override int NumberOf(int index) => chosen[index];

    protected override DataSet SameOf(DataSet other) => new SubsetDataSet(other, chosen, seed);
}
