using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Occam.Lab.Runs.Query.DuckDb;

/// <summary>A DuckDB database in memory.</summary>
internal sealed class Database : IDisposable
{
    private const int Boolean = 1;
    private const int Tiny = 2;
    private const int UnsignedInteger = 8;
    private const int Float = 10;
    private const int Double = 11;
    private const int Huge = 16;
    private const int Decimal = 19;
    private const int List = 24;
    private const int Struct = 25;
    private const int Map = 26;

    private nint _database;
    private nint _connection;

    /// <summary>Opens an empty one.</summary>
    /// <exception cref="OccamException">The library isn't there, or can't.</exception>
    public Database()
    {
        try
        {
            if (NativeMethods.duckdb_open(null, out _database) != 0 || NativeMethods.duckdb_connect(_database, out _connection) != 0)
            {
                throw new OccamException("DuckDB can't open a database in memory");
            }
        }
        catch (DllNotFoundException e)
        {
            throw new OccamException("DuckDB's library, libduckdb.so, isn't beside the program: build Occam anew with ./occam", e);
        }
    }

    /// <summary>Runs SQL for what it does.</summary>
    /// <exception cref="OccamException">It is mistaken.</exception>
    public void Execute(string sql) => Query(sql);

    /// <summary>Runs SQL for what it answers.</summary>
    /// <exception cref="OccamException">It is mistaken: DuckDB's own words.</exception>
    public QueryResult Query(string sql)
    {
        var failed = NativeMethods.duckdb_query(_connection, sql, out var answer) != 0;
        try
        {
            return failed ? throw new OccamException(Text(NativeMethods.duckdb_result_error(ref answer)).ReplaceLineEndings("\n")) : Read(ref answer);
        }
        finally
        {
            NativeMethods.duckdb_destroy_result(ref answer);
        }
    }

    /// <summary>Stops what is being run, from another thread.</summary>
    public void Interrupt() => NativeMethods.duckdb_interrupt(_connection);

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMethods.duckdb_disconnect(ref _connection);
        NativeMethods.duckdb_close(ref _database);
    }

    private static QueryResult Read(ref NativeMethods.QueryAnswer answer)
    {
        var columns = NativeMethods.duckdb_column_count(ref answer);
        var rows = NativeMethods.duckdb_row_count(ref answer);
        var names = ImmutableArray.CreateBuilder<string>();
        var types = new int[columns];
        for (var j = 0UL; j < columns; j++)
        {
            var name = Text(NativeMethods.duckdb_column_name(ref answer, j));
            types[j] = NativeMethods.duckdb_column_type(ref answer, j);
            if (types[j] is List or Struct or Map)
            {
                throw new OccamException($"the column '{name}' holds lists or structures, which don't fit a table: take their parts, or cast them to VARCHAR");
            }

            names.Add(name);
        }

        var values = ImmutableArray.CreateBuilder<ImmutableArray<object?>>();
        for (var i = 0UL; i < rows; i++)
        {
            var row = new object?[columns];
            for (var j = 0UL; j < columns; j++)
            {
                row[j] = Value(ref answer, types[j], j, i);
            }

            values.Add([.. row]);
        }

        return new QueryResult(names.ToImmutable(), values.ToImmutable());
    }

    private static object? Value(ref NativeMethods.QueryAnswer answer, int type, ulong column, ulong row)
    {
        if (NativeMethods.duckdb_value_is_null(ref answer, column, row))
        {
            return null;
        }

        switch (type)
        {
            case Boolean:
                return NativeMethods.duckdb_value_boolean(ref answer, column, row);
            case >= Tiny and <= UnsignedInteger:
                return NativeMethods.duckdb_value_int64(ref answer, column, row);
            case Float or Double or Decimal:
                return NativeMethods.duckdb_value_double(ref answer, column, row);
        }

        var text = NativeMethods.duckdb_value_varchar(ref answer, column, row);
        try
        {
            // Sums of whole numbers are huge ones, which they seldom need to be.
            return type == Huge && long.TryParse(Text(text), CultureInfo.InvariantCulture, out var whole) ? whole : Text(text);
        }
        finally
        {
            NativeMethods.duckdb_free(text);
        }
    }

    private static string Text(nint pointer) => Marshal.PtrToStringUTF8(pointer) ?? "";
}
