using System.Data.Common;
using System.Globalization;

namespace Occam.Data;

/// <summary>
/// The answers in a column of a table: whole numbers are class labels, as everywhere; text is classes in the order of their names
/// (ordinal); floating numbers, and lists of them, are real targets. In a CSV file the numbers are text, and all of them decide.
/// </summary>
internal sealed class TableAnswers(TableColumn column, string title, bool isCsv)
{
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly List<int> _codes = [];
    private readonly List<double> _targets = [];
    private int _width = -1;

    /// <summary>What is taken of each row, in SQL.</summary>
    public string Expression => column switch
    {
        { IsText: true } => $"CAST({column.Key} AS VARCHAR)",
        { IsWhole: true } => $"CAST(CAST({column.Key} AS HUGEINT) AS VARCHAR)",
        { IsNumeric: true, IsReal: true } => column.Doubles,
        _ => throw new OccamException($"{title}: the column '{Message.Clean(column.Name)}' is of type {Message.Clean(column.Type)}, and "
            + "can't be the answer: expected whole numbers, text, or floating numbers (labels by position come in .npz)"),
    };

    private bool IsReal => column is { IsNumeric: true, IsReal: true };

    /// <summary>Takes the answer of the next row.</summary>
    public void Add(DbDataReader row, int place, long number)
    {
        if (IsReal)
        {
            var before = _targets.Count;
            TableNumbers.Append(row, place, _targets.Add, title, column, number);
            var width = _targets.Count - before;
            _width = _width < 0 || _width == width ? width
                : throw new OccamException($"{title}: row {number} has {width} targets in '{Message.Clean(column.Name)}', and the first "
                    + $"row {_width}: expected as many in each");
            return;
        }

        if (row.IsDBNull(place))
        {
            throw TableNumbers.Missing(title, column, number);
        }

        var text = row.GetString(place);
        if (!_texts.TryGetValue(text, out var code))
        {
            _texts[text] = code = _texts.Count;
        }

        _codes.Add(code);
    }

    /// <summary>The answers of all rows.</summary>
    /// <returns>Labels or targets; what the classes are called where they are text; and what to say in the description.</returns>
    public (int[]? Labels, string[]? Classes, double[]? Targets, string Told) ToAnswers()
    {
        if (IsReal)
        {
            return (null, null, [.. _targets], $"targets in '{Message.Clean(column.Name)}'");
        }

        var texts = _texts.OrderBy(pair => pair.Value).Select(pair => pair.Key).ToArray();
        var told = $"labels in '{Message.Clean(column.Name)}'";
        if (column.IsWhole || (isCsv && texts.All(text => IsWholeNumber(text))))
        {
            return ([.. Labels(texts)], null, null, told);
        }

        if (isCsv && texts.All(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
        {
            double[] numbers = [.. texts.Select(text => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture))];
            return (null, null, [.. _codes.Select(code => numbers[code])], $"targets in '{Message.Clean(column.Name)}'");
        }

        string[] classes = [.. texts.Order(StringComparer.Ordinal)];
        int[] places = [.. texts.Select(text => Array.BinarySearch(classes, text, StringComparer.Ordinal))];
        return ([.. _codes.Select(code => places[code])], classes, null, $"{told} (classes {Message.Listed(classes)})");
    }

    private static bool IsWholeNumber(string text) => text.Trim() is { Length: > 0 } digits
        && digits.AsSpan(digits[0] is '-' or '+' ? 1 : 0) is { Length: > 0 } rest && !rest.ContainsAnyExceptInRange('0', '9');

    private IEnumerable<int> Labels(string[] texts)
    {
        int[] labels = [.. texts.Select(text => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var label)
            && label is >= 0 and <= DataSetFacts.LargestLabel ? label : -1)];
        foreach (var (code, row) in _codes.Select((code, i) => (code, i + 1)))
        {
            yield return labels[code] >= 0 ? labels[code]
                : throw new OccamException($"{title}: the label of row {row} is {Message.Clean(texts[code])}; labels must be 0 to "
                    + $"{DataSetFacts.LargestLabel}, or text");
        }
    }
}
