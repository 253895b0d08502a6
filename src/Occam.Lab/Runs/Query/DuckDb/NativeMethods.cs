using System.Runtime.InteropServices;

namespace Occam.Lab.Runs.Query.DuckDb;

/// <summary>The part of DuckDB's C interface that queries need.</summary>
internal static partial class NativeMethods
{
    private const string Library = "duckdb";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_open(string? path, out nint database);

    [LibraryImport(Library)]
    public static partial void duckdb_close(ref nint database);

    [LibraryImport(Library)]
    public static partial int duckdb_connect(nint database, out nint connection);

    [LibraryImport(Library)]
    public static partial void duckdb_disconnect(ref nint connection);

    [LibraryImport(Library)]
    public static partial void duckdb_interrupt(nint connection);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_query(nint connection, string query, out QueryAnswer answer);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_result(ref QueryAnswer answer);

    [LibraryImport(Library)]
    public static partial nint duckdb_result_error(ref QueryAnswer answer);

    [LibraryImport(Library)]
    public static partial ulong duckdb_column_count(ref QueryAnswer answer);

    [LibraryImport(Library)]
    public static partial ulong duckdb_row_count(ref QueryAnswer answer);

    [LibraryImport(Library)]
    public static partial nint duckdb_column_name(ref QueryAnswer answer, ulong column);

    [LibraryImport(Library)]
    public static partial int duckdb_column_type(ref QueryAnswer answer, ulong column);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.I1)]
    public static partial bool duckdb_value_is_null(ref QueryAnswer answer, ulong column, ulong row);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.I1)]
    public static partial bool duckdb_value_boolean(ref QueryAnswer answer, ulong column, ulong row);

    [LibraryImport(Library)]
    public static partial long duckdb_value_int64(ref QueryAnswer answer, ulong column, ulong row);

    [LibraryImport(Library)]
    public static partial double duckdb_value_double(ref QueryAnswer answer, ulong column, ulong row);

    [LibraryImport(Library)]
    public static partial nint duckdb_value_varchar(ref QueryAnswer answer, ulong column, ulong row);

    [LibraryImport(Library)]
    public static partial void duckdb_free(nint pointer);

    /// <summary>A result, whose six words are DuckDB's own.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct QueryAnswer
    {
        private nint _columns, _rows, _changed, _values, _message, _data;
    }
}
