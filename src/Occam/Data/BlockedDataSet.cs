namespace Occam.Data;

/// <summary>
/// Examples that stay in their files: blocks of consecutive ones are read as they are asked for, and the last few are kept. In order, each
/// block is read once; however many there are, memory holds only those few.
/// </summary>
/// <param name="facts">What is known of all of them.</param>
/// <param name="starts">The number of the first example of each block, from 0, ascending.</param>
/// <param name="read">Reads the examples from a number on, so many, as a data set.</param>
/// <param name="isImage">Whether they are pixels.</param>
internal sealed class BlockedDataSet(DataSetFacts facts, int[] starts, Func<int, int, DataSet> read, bool isImage) : StoredDataSet(facts)
{
    private const int Kept = 4;

    private readonly Lock _lock = new();
    private readonly List<(int Number, DataSet Block)> _recent = [];

    internal override bool IsImage => isImage;

    /// <summary>Blocks of equally many examples.</summary>
    public static int[] Even(int count, int size) => [.. Enumerable.Range(0, (count + size - 1) / size).Select(i => i * size)];

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<float> destination)
    {
        CheckCopy(indices, destination.Length);
        foreach (var (from, count, block, local) in Runs(indices.ToArray()))
        {
            block.CopyInputs(local, destination.Slice(from * ExampleSize, count * ExampleSize));
        }
    }

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<double> destination)
    {
        CheckCopy(indices, destination.Length);
        foreach (var (from, count, block, local) in Runs(indices.ToArray()))
        {
            block.CopyInputs(local, destination.Slice(from * ExampleSize, count * ExampleSize));
        }
    }

    // Places in a row whose examples are of one block; by blocks, so that none is read twice however the examples are mixed.
    private IEnumerable<(int From, int Count, DataSet Block, int[] Local)> Runs(int[] indices)
    {
        var runs = new List<(int From, int Count, int Number)>();
        for (var i = 0; i < indices.Length; i++)
        {
            var number = BlockOf(indices[i]);
            if (runs.Count > 0 && runs[^1].Number == number)
            {
                runs[^1] = runs[^1] with { Count = runs[^1].Count + 1 };
            }
            else
            {
                runs.Add((i, 1, number));
            }
        }

        foreach (var (from, count, number) in runs.OrderBy(run => run.Number))
        {
            var first = starts[number];
            yield return (from, count, Block(number), Array.ConvertAll(indices[from..(from + count)], index => index - first));
        }
    }

    private int BlockOf(int example) => Array.BinarySearch(starts, example) is var found && found >= 0 ? found : ~found - 1;

    private DataSet Block(int number)
    {
        lock (_lock)
        {
            var place = _recent.FindIndex(recent => recent.Number == number);
            var block = place >= 0 ? _recent[place].Block : null;
            if (place >= 0)
            {
                _recent.RemoveAt(place);
            }
            else if (_recent.Count == Kept)
            {
                _recent.RemoveAt(0);
            }

            block ??= read(starts[number], (number + 1 < starts.Length ? starts[number + 1] : Count) - starts[number]);
            _recent.Add((number, block));
            return block;
        }
    }
}
