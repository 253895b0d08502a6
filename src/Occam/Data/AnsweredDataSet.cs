namespace Occam.Data;

/// <summary>The examples of another data set that have a label at one position at least.</summary>
internal sealed class AnsweredDataSet(DataSet whole, int[] chosen) : PartialDataSet(whole, chosen.Length)
{
    /// <summary>How many examples the other set has.</summary>
    public int CountOfAll => Whole.Count;

    internal override string Selection => $"{Message.Number(Count)} with a label that counts, of {Whole.Selection}";

    /// <summary>A set without its examples whose labels are all <see cref="DataSet.Ignored"/>; itself where it has none of these.</summary>
    /// <exception cref="OccamException">It has no others.</exception>
    public static DataSet Of(DataSet set)
    {
        if (set.PositionLabels is not { } labels)
        {
            return set;
        }

        var positions = labels.Length / set.Count;
        int[] chosen =
        [
            .. Enumerable.Range(0, set.Count)
                .Where(example => labels.AsSpan(example * positions, positions).ContainsAnyExcept(Ignored)),
        ];
        return chosen.Length == set.Count ? set
            : chosen.Length > 0 ? new AnsweredDataSet(set, chosen)
            : throw new OccamException($"{set.Name}: every label is {Ignored}, which says that it doesn't count: give some that do, or "
                + "leave y out");
    }

    protected override int NumberOf(int index) => chosen[index];

    protected override DataSet SameOf(DataSet other) => new AnsweredDataSet(other, chosen);
}
