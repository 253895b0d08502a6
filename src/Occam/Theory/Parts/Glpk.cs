using System.Runtime.InteropServices;

namespace Occam.Theory.Parts;

/// <summary>
/// The linear programs of Theorem 2, by the simplex method of GLPK, the GNU Linear Programming Kit, through its C
/// interface. Nothing else needs it: where the library isn't installed, only asking for a program fails.
/// </summary>
public static unsafe partial class Glpk
{
    private const string Library = "glpk";
    private const int Minimize = 1;
    private const int FixedBound = 5;
    private const int LowerBound = 2;
    private const int Optimal = 5;
    private const int NoFeasible = 4;
    private const int Off = 0;

    private static readonly string[] Names = OperatingSystem.IsMacOS()
        ? ["libglpk.40.dylib", "libglpk.dylib", "/opt/homebrew/lib/libglpk.dylib", "/usr/local/lib/libglpk.dylib"]
        : ["libglpk.so.40", "libglpk.so.36", "libglpk.so"];

    // GLPK keeps one environment a thread, and its memory may only be freed by the thread that asked for it.
    private static readonly Lock s_one = new();

    private static readonly Lazy<nint> s_library = new(Load);

    /// <summary>Whether the library is there.</summary>
    public static bool IsInstalled => s_library.Value != 0;

    /// <summary>min cᵀx subject to A x = b, x ≥ 0.</summary>
    /// <param name="costs">c.</param>
    /// <param name="matrix">A, rows × columns.</param>
    /// <param name="right">b.</param>
    /// <returns>x; null where no x satisfies the constraints.</returns>
    /// <exception cref="OccamException">GLPK isn't installed, or it gave up.</exception>
    public static double[]? Solve(ReadOnlySpan<double> costs, double[,] matrix, ReadOnlySpan<double> right)
    {
        if (!IsInstalled)
        {
            throw new OccamException("linear programs need GLPK, which isn't installed: install it (Debian and Ubuntu: apt-get install libglpk40; Fedora: dnf install glpk; macOS: brew install glpk)");
        }

        lock (s_one)
        {
            glp_term_out(Off);
            var problem = glp_create_prob();
            try
            {
                Fill(problem, costs, matrix, right);
                var failure = glp_simplex(problem, 0);
                return glp_get_status(problem) switch
                {
                    Optimal when failure == 0 => Columns(problem, costs.Length),
                    NoFeasible when failure == 0 => null,
                    var status => throw new OccamException($"GLPK gave up on a linear program of {right.Length} rows and {costs.Length} columns (code {failure}, status {status})"),
                };
            }
            finally
            {
                glp_delete_prob(problem);
            }
        }
    }

    private static void Fill(nint problem, ReadOnlySpan<double> costs, double[,] matrix, ReadOnlySpan<double> right)
    {
        glp_set_obj_dir(problem, Minimize);
        _ = glp_add_rows(problem, right.Length);
        _ = glp_add_cols(problem, costs.Length);
        for (var i = 0; i < right.Length; i++)
        {
            glp_set_row_bnds(problem, i + 1, FixedBound, right[i], right[i]);
        }

        for (var j = 0; j < costs.Length; j++)
        {
            glp_set_col_bnds(problem, j + 1, LowerBound, 0, 0);
            glp_set_obj_coef(problem, j + 1, costs[j]);
        }

        // Its arrays begin at 1.
        List<int> rows = [0], columns = [0];
        List<double> values = [0];
        for (var i = 0; i < right.Length; i++)
        {
            for (var j = 0; j < costs.Length; j++)
            {
                if (matrix[i, j] != 0)
                {
                    rows.Add(i + 1);
                    columns.Add(j + 1);
                    values.Add(matrix[i, j]);
                }
            }
        }

        fixed (int* row = rows.ToArray(), column = columns.ToArray())
        fixed (double* value = values.ToArray())
        {
            glp_load_matrix(problem, values.Count - 1, row, column, value);
        }
    }

    private static double[] Columns(nint problem, int count)
    {
        var x = new double[count];
        for (var j = 0; j < count; j++)
        {
            x[j] = glp_get_col_prim(problem, j + 1);
        }

        return x;
    }

    private static nint Load()
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, typeof(Glpk).Assembly, DllImportSearchPath.SafeDirectories, out var handle))
            {
                NativeLibrary.SetDllImportResolver(typeof(Glpk).Assembly, (wanted, _, _) => wanted == Library ? handle : 0);
                return handle;
            }
        }

        return 0;
    }

    [LibraryImport(Library)]
    private static partial int glp_term_out(int flag);

    [LibraryImport(Library)]
    private static partial nint glp_create_prob();

    [LibraryImport(Library)]
    private static partial void glp_delete_prob(nint problem);

    [LibraryImport(Library)]
    private static partial void glp_set_obj_dir(nint problem, int direction);

    [LibraryImport(Library)]
    private static partial int glp_add_rows(nint problem, int count);

    [LibraryImport(Library)]
    private static partial int glp_add_cols(nint problem, int count);

    [LibraryImport(Library)]
    private static partial void glp_set_row_bnds(nint problem, int row, int type, double least, double most);

    [LibraryImport(Library)]
    private static partial void glp_set_col_bnds(nint problem, int column, int type, double least, double most);

    [LibraryImport(Library)]
    private static partial void glp_set_obj_coef(nint problem, int column, double coefficient);

    [LibraryImport(Library)]
    private static partial void glp_load_matrix(nint problem, int count, int* rows, int* columns, double* values);

    [LibraryImport(Library)]
    private static partial int glp_simplex(nint problem, nint parameters);

    [LibraryImport(Library)]
    private static partial int glp_get_status(nint problem);

    [LibraryImport(Library)]
    private static partial double glp_get_col_prim(nint problem, int column);
}
