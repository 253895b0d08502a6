using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Numerics;
using DuckDB.NET.Native;

namespace Occam.Lab.Runs.Query;

/// <summary>A table of values: texts, whole numbers (long), numbers (double), truth values, and null.</summary>
/// <param name="Columns">The columns' names.</param>
/// <param name="Rows">The rows.</param>
public sealed record QueryResult(ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<object?>> Rows)
{
    /// <summary>Reads all that a query of DuckDB answers.</summary>
    /// <exception cref="OccamException">A column or a value doesn't fit such a table.</exception>
    internal static QueryResult Read(DbDataReader reader)
    {
        ImmutableArray<string> columns = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        for (var j = 0; j < columns.Length; j++)
        {
            var type = reader.GetFieldType(j);
            if (type.IsGenericType || type == typeof(Stream))
            {
                throw new OccamException($"the column '{columns[j]}' holds lists, structures or bytes, which don't fit a table: "
                    + "take their parts, or cast them to VARCHAR");
            }
        }

        var rows = ImmutableArray.CreateBuilder<ImmutableArray<object?>>();
        while (reader.Read())
        {
            rows.Add([.. columns.Select((name, j) => Value(reader, name, j))]);
        }

        return new QueryResult(columns, rows.ToImmutable());
    }

    private static object? Value(DbDataReader reader, string name, int column)
    {
        try
        {
            object value = reader.IsDBNull(column) ? DBNull.Value
                : reader.GetFieldType(column) == typeof(TimeSpan) ? reader.GetFieldValue<DuckDBInterval>(column)
                : reader.GetValue(column);
            return value switch
            {
                DBNull => null,
                bool truth => truth,
                sbyte or short or int or long or byte or ushort or uint => reader.GetInt64(column),
                float number => (double)number,
                double number => number,
                // Its own conversion is not always to the nearest.
                decimal number => double.Parse(number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
                // Sums of whole numbers are huge ones, which they seldom need to be.
                BigInteger whole when whole >= long.MinValue && whole <= long.MaxValue => (long)whole,
                DateOnly date => Text(date, "yyyy-MM-dd"),
                TimeOnly time => Text(time, "HH:mm:ss.FFFFFFF"),
                DateTime moment => Text(moment, "yyyy-MM-dd HH:mm:ss.FFFFFFF"),
                DateTimeOffset time => Text(time, "HH:mm:ss.FFFFFFFzzz"),
                DuckDBInterval span => Text(span),
                var other => Convert.ToString(other, CultureInfo.InvariantCulture),
            };
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or ArithmeticException)
        {
            var type = reader.GetDataTypeName(column);
            throw new OccamException($"the column '{name}' holds a value of type {type} that is out of range: cast it to VARCHAR", e);
        }
    }

    private static string Text(IFormattable value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    // As DuckDB writes it: 1 month 2 days 03:04:05.6.
    private static string Text(DuckDBInterval span)
    {
        var rest = (long)span.Micros;
        var time = TimeSpan.FromMicroseconds(Math.Abs(rest));
        (int Count, string Unit)[] whole = [(span.Months / 12, "year"), (span.Months % 12, "month"), (span.Days, "day")];
        string[] parts =
        [
            .. whole.Where(part => part.Count != 0).Select(part => $"{part.Count} {part.Unit}{(Math.Abs(part.Count) == 1 ? "" : "s")}"),
        ];
        return string.Join(' ', time == TimeSpan.Zero && parts.Length > 0 ? parts : [.. parts, Time()]);

        string Time() => $"{(rest < 0 ? "-" : "")}{(long)time.TotalHours:00}:{Text(DateTime.UnixEpoch + time, "mm:ss.FFFFFF")}";
    }
}
