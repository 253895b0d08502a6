using System.Runtime.Intrinsics;

namespace Occam.Measures.Posterior;

/// <summary>
/// Products of small matrices in single precision, by blocks of 8 rows and 32 columns that stay in registers of 512 bits.
/// </summary>
internal static unsafe class ColumnProducts
{
    /// <summary>Rows come in multiples of this.</summary>
    public const int Rows = 8;

    /// <summary>Columns come in multiples of this.</summary>
    public const int Columns = 16;

    /// <summary>Whether this processor has the registers.</summary>
    public static bool ArePossible => Vector512.IsHardwareAccelerated;

    /// <summary>The next multiple of a number.</summary>
    public static int Padded(int size, int of) => (size + of - 1) / of * of;

    /// <summary>C = A B, and to each row a number of its own.</summary>
    /// <param name="a">A, whose number (i, k) is at i · aRow + k · aColumn.</param>
    /// <param name="aRow">From a row of A to the next.</param>
    /// <param name="aColumn">From a column of A to the next.</param>
    /// <param name="b">B, row by row.</param>
    /// <param name="c">Receives C, row by row.</param>
    /// <param name="rows">Rows of C, a multiple of <see cref="Rows"/>.</param>
    /// <param name="inner">Columns of A, rows of B.</param>
    /// <param name="columns">Columns of B and C, a multiple of <see cref="Columns"/>.</param>
    /// <param name="added">A number for each row; empty for none.</param>
    public static void Multiply(
        ReadOnlySpan<float> a, int aRow, int aColumn, ReadOnlySpan<float> b, Span<float> c, int rows, int inner, int columns,
        ReadOnlySpan<float> added)
    {
        if (a.Length <= ((rows - 1) * aRow) + ((inner - 1) * aColumn) || b.Length < inner * columns || c.Length < rows * columns
            || (added.Length > 0 && added.Length < rows))
        {
            throw new ArgumentException($"a product of {rows} × {inner} × {columns} takes more numbers than were given");
        }

        fixed (float* first = a, second = b, third = c, start = added)
        {
            for (var i = 0; i < rows; i += Rows)
            {
                var own = added.Length > 0 ? start + i : null;
                var j = 0;
                for (; j + (2 * Columns) <= columns; j += 2 * Columns)
                {
                    Wide(first + (i * aRow), aRow, aColumn, second + j, third + (i * columns) + j, inner, columns, own);
                }

                if (j < columns)
                {
                    Narrow(first + (i * aRow), aRow, aColumn, second + j, third + (i * columns) + j, inner, columns, own);
                }
            }
        }
    }

    // 8 × 32.
    private static void Wide(float* a, nint aRow, nint aColumn, float* b, float* c, nint inner, nint columns, float* added)
    {
        Vector512<float> c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51, c60, c61, c70, c71;
        c00 = c01 = Start(added, 0);
        c10 = c11 = Start(added, 1);
        c20 = c21 = Start(added, 2);
        c30 = c31 = Start(added, 3);
        c40 = c41 = Start(added, 4);
        c50 = c51 = Start(added, 5);
        c60 = c61 = Start(added, 6);
        c70 = c71 = Start(added, 7);
        for (nint k = 0; k < inner; k++, a += aColumn, b += columns)
        {
            var (b0, b1) = (Vector512.Load(b), Vector512.Load(b + Columns));
            var x = Vector512.Create(a[0]);
            (c00, c01) = (Vector512.FusedMultiplyAdd(x, b0, c00), Vector512.FusedMultiplyAdd(x, b1, c01));
            x = Vector512.Create(a[aRow]);
            (c10, c11) = (Vector512.FusedMultiplyAdd(x, b0, c10), Vector512.FusedMultiplyAdd(x, b1, c11));
            x = Vector512.Create(a[2 * aRow]);
            (c20, c21) = (Vector512.FusedMultiplyAdd(x, b0, c20), Vector512.FusedMultiplyAdd(x, b1, c21));
            x = Vector512.Create(a[3 * aRow]);
            (c30, c31) = (Vector512.FusedMultiplyAdd(x, b0, c30), Vector512.FusedMultiplyAdd(x, b1, c31));
            x = Vector512.Create(a[4 * aRow]);
            (c40, c41) = (Vector512.FusedMultiplyAdd(x, b0, c40), Vector512.FusedMultiplyAdd(x, b1, c41));
            x = Vector512.Create(a[5 * aRow]);
            (c50, c51) = (Vector512.FusedMultiplyAdd(x, b0, c50), Vector512.FusedMultiplyAdd(x, b1, c51));
            x = Vector512.Create(a[6 * aRow]);
            (c60, c61) = (Vector512.FusedMultiplyAdd(x, b0, c60), Vector512.FusedMultiplyAdd(x, b1, c61));
            x = Vector512.Create(a[7 * aRow]);
            (c70, c71) = (Vector512.FusedMultiplyAdd(x, b0, c70), Vector512.FusedMultiplyAdd(x, b1, c71));
        }

        Store(c00, c01, c);
        Store(c10, c11, c + columns);
        Store(c20, c21, c + (2 * columns));
        Store(c30, c31, c + (3 * columns));
        Store(c40, c41, c + (4 * columns));
        Store(c50, c51, c + (5 * columns));
        Store(c60, c61, c + (6 * columns));
        Store(c70, c71, c + (7 * columns));
    }

    // 8 × 16.
    private static void Narrow(float* a, nint aRow, nint aColumn, float* b, float* c, nint inner, nint columns, float* added)
    {
        var (c0, c1, c2, c3) = (Start(added, 0), Start(added, 1), Start(added, 2), Start(added, 3));
        var (c4, c5, c6, c7) = (Start(added, 4), Start(added, 5), Start(added, 6), Start(added, 7));
        for (nint k = 0; k < inner; k++, a += aColumn, b += columns)
        {
            var b0 = Vector512.Load(b);
            c0 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), b0, c0);
            c1 = Vector512.FusedMultiplyAdd(Vector512.Create(a[aRow]), b0, c1);
            c2 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * aRow]), b0, c2);
            c3 = Vector512.FusedMultiplyAdd(Vector512.Create(a[3 * aRow]), b0, c3);
            c4 = Vector512.FusedMultiplyAdd(Vector512.Create(a[4 * aRow]), b0, c4);
            c5 = Vector512.FusedMultiplyAdd(Vector512.Create(a[5 * aRow]), b0, c5);
            c6 = Vector512.FusedMultiplyAdd(Vector512.Create(a[6 * aRow]), b0, c6);
            c7 = Vector512.FusedMultiplyAdd(Vector512.Create(a[7 * aRow]), b0, c7);
        }

        c0.Store(c);
        c1.Store(c + columns);
        c2.Store(c + (2 * columns));
        c3.Store(c + (3 * columns));
        c4.Store(c + (4 * columns));
        c5.Store(c + (5 * columns));
        c6.Store(c + (6 * columns));
        c7.Store(c + (7 * columns));
    }

    private static Vector512<float> Start(float* added, int row) =>
        added is null ? Vector512<float>.Zero : Vector512.Create(added[row]);

    private static void Store(Vector512<float> left, Vector512<float> right, float* to)
    {
        left.Store(to);
        right.Store(to + Columns);
    }
}
