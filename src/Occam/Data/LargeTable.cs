using System.Data.Common;

namespace Occam.Data;

/// <summary>
/// A Parquet file of numbers that are too many to be held: rows are read as they are asked for, in order by one question to DuckDB that
/// goes on from block to block. The answers are held.
/// </summary>
internal sealed class LargeTable
{
    private const int BlockBytes = 4 << 20;

    private readonly TableReader _table;
    private readonly TableColumn[] _inputs;
    private readonly string _title;
    private DbDataReader? _rows;
    private DbCommand? _question;
    private long _next;

    private LargeTable(TableReader table, TableColumn[] inputs, string title) => (_table, _inputs, _title) = (table, inputs, title);

    /// <summary>A set of a table, whose file it keeps open; null where all of it can be held.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inputs">The columns of inputs, all of numbers.</param>
    /// <param name="title">What messages call the file.</param>
    /// <param name="mostInMemory">The most bytes that are held.</param>
    /// <param name="facts">Makes the facts from the shape and the number of examples.</param>
    public static DataSet? TryOpen(
        string path, TableColumn[] inputs, string title, long mostInMemory, Func<int[], int, DataSetFacts> facts)
    {
        var table = new TableReader(path);
        var large = new LargeTable(table, inputs, title);
        var count = table.CountRows();
        int[] shape = count is 0 or > int.MaxValue ? [] : large.Numbers(0, 1).Shape;
        var row = shape.Aggregate(8L, (product, size) => product * size);
        if (shape.Length == 0 || row * count <= mostInMemory)
        {
            large.Close();
            table.Dispose();
            return null;
        }

        var known = facts(shape, (int)count);
        var size = (int)Math.Clamp(BlockBytes / row, 1, count);
        return new BlockedDataSet(
            known, BlockedDataSet.Even((int)count, size), (first, taken) => large.Read(first, taken, known), isImage: false);
    }

    private ArrayDataSet<double> Read(int first, int count, DataSetFacts known)
    {
        var (shape, numbers) = Numbers(first, count);
        if (!shape.SequenceEqual(known.Shape))
        {
            throw new OccamException($"{_title}: row {first + 1} has inputs of shape ({Message.Shape(shape)}), and the first row of "
                + $"({Message.Shape(known.Shape)}): expected as many in each");
        }

        return new ArrayDataSet<double>(
            new DataSetFacts(known.Name, known.Source, known.Shape, count, null, null)
            {
                Normalization = known.Normalization,
                FirstNumber = first,
            },
            numbers);
    }

    private (int[] Shape, double[] Numbers) Numbers(int first, int count)
    {
        if (_rows is null || _next != first)
        {
            Close();
            (_question, _rows) = _table.From(_inputs.Select(column => column.Doubles), first);
            _next = first;
        }

        var numbers = new TableNumbers(_inputs, _title, long.MaxValue);
        _table.Told(() =>
        {
            for (var i = 0; i < count; i++)
            {
                if (!_rows!.Read())
                {
                    throw new OccamException($"{_title} ends after {_next:N0} rows, and had more when it was opened");
                }

                numbers.Add(_rows, ++_next);
            }

            return 0;
        });
        return (numbers.Shape, numbers.ToArray());
    }

    private void Close()
    {
        _rows?.Dispose();
        _question?.Dispose();
        (_rows, _question) = (null, null);
    }
}
