using System.Buffers;
using System.Collections;
using System.Data.Common;
using System.Globalization;

namespace Occam.Data;

/// <summary>The inputs in columns of a table: numbers, and lists of numbers of one length, one after the other, a row an example.</summary>
internal sealed class TableNumbers(IReadOnlyList<TableColumn> columns, string title, long limit)
{
    private readonly ArrayBufferWriter<double> _numbers = new();
    private int[] _shape = [];
    private int _size = -1;

    /// <summary>
    /// The shape of an example: as many as there are numbers; that of the lists, where there is one column of them.
    /// </summary>
    public int[] Shape => _shape;

    /// <summary>Takes the inputs of the next row, which stand first in it.</summary>
    public void Add(DbDataReader row, long number)
    {
        var before = _numbers.WrittenCount;
        List<int>? shape = null;
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].IsText)
            {
                Put(Parse(row, i, number));
            }
            else
            {
                Append(row, i, Put, title, columns[i], number, columns.Count == 1 ? shape = [] : null);
            }
        }

        var size = _numbers.WrittenCount - before;
        if (_size < 0)
        {
            (_size, _shape) = (size, shape is { Count: > 0 } lists && lists.Aggregate(1L, (product, length) => product * length) == size
                ? [.. lists]
                : [size]);
        }
        else if (size != _size)
        {
            throw new OccamException($"{title}: row {number} has {Message.Number(size)} inputs, and the first row {Message.Number(_size)}: "
                + "expected as many in each, in lists of one length");
        }

        if (_numbers.WrittenCount * 8L > limit)
        {
            throw new OccamException($"{title}: row {number} brings the inputs to {Message.Bytes(_numbers.WrittenCount * 8L)}, more than "
                + $"the limit of {Message.Bytes(limit)}: give a smaller file");
        }
    }

    /// <summary>All inputs, row by row.</summary>
    public double[] ToArray() => _numbers.WrittenSpan.ToArray();

    /// <summary>Gives the numbers of a field, one after the other.</summary>
    /// <param name="row">The row.</param>
    /// <param name="place">The field's place.</param>
    /// <param name="put">Takes each number.</param>
    /// <param name="title">What messages call the file.</param>
    /// <param name="column">The column.</param>
    /// <param name="number">The row's number.</param>
    /// <param name="shape">Gets the lengths of the lists, outermost first; null where they don't matter.</param>
    /// <exception cref="OccamException">A number is missing.</exception>
    public static void Append(
        DbDataReader row, int place, Action<double> put, string title, TableColumn column, long number, List<int>? shape = null)
    {
        if (row.IsDBNull(place))
        {
            throw Missing(title, column, number);
        }

        if (!column.IsList)
        {
            put(row.GetDouble(place));
            return;
        }

        Flatten(Value(), 0);

        // A list with a gap in it is told so by an exception.
        object Value()
        {
            try
            {
                return row.GetValue(place);
            }
            catch (Exception e) when (e is InvalidCastException or InvalidOperationException or NullReferenceException)
            {
                throw Missing(title, column, number);
            }
        }

        void Flatten(object? value, int depth)
        {
            if (value is IList list)
            {
                if (shape?.Count == depth)
                {
                    shape.Add(list.Count);
                }

                foreach (var element in list)
                {
                    Flatten(element, depth + 1);
                }

                return;
            }

            put(value is double one ? one : throw Missing(title, column, number));
        }
    }

    /// <summary>What is told of a field without a value.</summary>
    public static OccamException Missing(string title, TableColumn column, long number) =>
        new($"{title}: row {number} has nothing in the column '{Message.Clean(column.Name)}': fill it, or leave the row out");

    private double Parse(DbDataReader row, int place, long number)
    {
        if (row.IsDBNull(place))
        {
            throw Missing(title, columns[place], number);
        }

        var text = row.GetString(place);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
            : string.IsNullOrWhiteSpace(text) ? throw Missing(title, columns[place], number)
            : throw new OccamException($"{title}: row {number} has '{Message.Clean(text)}' in the column "
                + $"'{Message.Clean(columns[place].Name)}': inputs are numbers; name the column of the answers with --label, and "
                + "leave out others of text");
    }

    private void Put(double value)
    {
        _numbers.GetSpan(1)[0] = value;
        _numbers.Advance(1);
    }
}
