namespace Occam.Data;

/// <summary>
/// Makes data sets of tables, CSV and Parquet: a row an example. The answers are in the column y, label, target or class, or in the one
/// that the options name; the inputs in all others, in their order, or in one column of encoded pictures.
/// </summary>
internal static class TableDataSet
{
    // What pandas calls the column of a frame's index.
    private const string PandasIndex = "__index_level_";
    private const int MostNamesListed = 8;

    private static readonly HashSet<string> s_answers = new(["y", "label", "target", "class"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a table.</summary>
    /// <exception cref="OccamException">It is damaged, too large, has gaps, or columns that are no inputs.</exception>
    public static DataSet Read(string path, DataOptions options)
    {
        var title = Message.Clean(path);
        using var table = new TableReader(path);
        var answer = Answer(table.Columns, title, options.Label);
        TableColumn[] inputs = [.. table.Columns.Where(column => column != answer && !column.Name.StartsWith(
            PandasIndex, StringComparison.Ordinal))];
        TableColumn[] pictures = [.. inputs.Where(column => column.IsPicture)];
        if (pictures.Length > 1)
        {
            throw new OccamException($"{title} has pictures in the columns {Listed(pictures)}: expected one column of them");
        }

        if (pictures.Length == 0 && options.PictureSize is not null)
        {
            throw new OccamException($"{title} has no column of pictures that a size could be given to: leave out --size");
        }

        var answers = answer is null ? null : new TableAnswers(answer, title, TableReader.IsCsv(path));
        return pictures is [var picture]
            ? ReadPictures(table, path, picture, inputs, answers, options)
            : ReadNumbers(table, path, inputs, answers, options);
    }

    private static DataSet ReadNumbers(
        TableReader table, string path, TableColumn[] inputs, TableAnswers? answers, DataOptions options)
    {
        var title = Message.Clean(path);
        var isCsv = TableReader.IsCsv(path);
        if (inputs.FirstOrDefault(column => !isCsv && !column.IsNumeric) is { } other)
        {
            throw new OccamException($"{title}: the column '{Message.Clean(other.Name)}' is of type {Message.Clean(other.Type)}: inputs "
                + "are numbers, lists of numbers or pictures; name the column of the answers with --label, and leave out others");
        }

        if (inputs.Length == 0)
        {
            throw new OccamException($"{title} has no column beside the answers: expected inputs");
        }

        DataSetFacts Facts(int[] shape, int examples, (int[]? Labels, string[]? Classes, double[]? Targets, string Told) told) =>
            new(Name(path), $"from {title}{told.Told}", shape, examples, told.Labels, told.Targets)
            {
                KnownClasses = told.Classes?.Length,
                ClassNames = told.Classes ?? [],
                Normalization = options.Normalization.Resolve(null),
            };
        if (!isCsv && LargeTable.TryOpen(path, inputs, title, options.MostInMemory, (shape, examples) =>
        {
            if (answers is not null)
            {
                table.Read([answers.Expression], (row, number) => answers.Add(row, 0, number));
            }

            return Facts(shape, examples, Answers(answers, examples, title));
        }) is { } large)
        {
            return large;
        }

        var limit = Math.Min(options.MaximumBytes, FileAllowance.Of(new FileInfo(path).Length));
        var numbers = new TableNumbers(inputs, title, Math.Min(limit, Array.MaxLength * 8L));
        var count = 0L;
        table.Read(Expressions(inputs.Select(column => isCsv ? column.Key : column.Doubles), answers), (row, number) =>
        {
            numbers.Add(row, number);
            answers?.Add(row, inputs.Length, number);
            count = number;
        });
        var told = Answers(answers, count, title);
        return new ArrayDataSet<double>(Facts(numbers.Shape, (int)count, told), numbers.ToArray());
    }

    private static DataSet ReadPictures(
        TableReader table, string path, TableColumn picture, TableColumn[] inputs, TableAnswers? answers, DataOptions options)
    {
        var title = Message.Clean(path);
        var pictures = new PictureSet(options);
        var count = 0L;
        table.Read(Expressions([picture.PictureBytes], answers), (row, number) =>
        {
            if (row.IsDBNull(0))
            {
                throw TableNumbers.Missing(title, picture, number);
            }

            using var stream = row.GetStream(0);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            pictures.Add(bytes, $"{title}: the picture of row {number}");
            answers?.Add(row, 1, number);
            count = number;
        });
        var (labels, classes, targets, told) = Answers(answers, count, title);
        TableColumn[] left = [.. inputs.Where(column => column != picture)];
        return pictures.ToSet(
            Name(path),
            $"pictures in '{Message.Clean(picture.Name)}' of {title}{told}" + (left.Length > 0 ? $", without {Listed(left)}" : ""),
            labels,
            classes,
            targets);
    }

    private static TableColumn? Answer(IReadOnlyList<TableColumn> columns, string title, string? label)
    {
        if (label is not null)
        {
            string[] names = [.. columns.Select(column => Message.Clean(column.Name))];
            return columns.FirstOrDefault(column => column.Name == label)
                ?? throw new OccamException(
                    $"{title} has no column '{Message.Clean(label)}'{Nearest.Hint(label, names)} There are {Message.Listed(names)}");
        }

        TableColumn[] named = [.. columns.Where(column => s_answers.Contains(column.Name))];
        return named.Length < 2 ? named.FirstOrDefault()
            : throw new OccamException($"{title} may have the answers in {Listed(named)}: name the column with --label");
    }

    private static IEnumerable<string> Expressions(IEnumerable<string> inputs, TableAnswers? answers) =>
        answers is null ? inputs : inputs.Append(answers.Expression);

    private static (int[]? Labels, string[]? Classes, double[]? Targets, string Told) Answers(
        TableAnswers? answers, long count, string title)
    {
        if (count is 0 or > int.MaxValue)
        {
            throw new OccamException(count == 0 ? $"{title} holds no rows: at least one example is needed"
                : $"{title} has more rows than the {int.MaxValue:N0} that a data set may have");
        }

        if (answers is null)
        {
            return (null, null, null, "");
        }

        var (labels, classes, targets, told) = answers.ToAnswers();
        return (labels, classes, targets, ", " + told);
    }

    private static string Name(string path) => Message.Clean(Path.GetFileName(path));

    private static string Listed(IReadOnlyCollection<TableColumn> columns) =>
        string.Join(", ", columns.Take(MostNamesListed).Select(column => Message.Clean(column.Name)))
            + (columns.Count > MostNamesListed ? ", …" : "");
}
