using System.Numerics.Tensors;
using Occam.Torch;
using Tensor = Occam.Torch.Tensor;

namespace Occam.Networks.Operators;

/// <summary>
/// The largest eigenvalue of a positive semidefinite matrix to rounding, in a fraction of the time that all eigenvalues take: by the
/// Lanczos process (1950), and a Cholesky factor that shows that there is no larger one.
/// </summary>
internal static class LargestEigenvalue
{
    /// <summary>The rows of the smallest matrix for which it is worth while.</summary>
    public const int FewestRows = 32;

    private const int MostSteps = 512;
    private const int StepsBetweenLooks = 4;

    // The residual's square over the gap to the next eigenvalue is what the value misses.
    private const double Residual = 1e-8;

    // How much larger than the value an eigenvalue might be, as a part of it: some ten times what the factor's rounding is.
    private const double Margin = 4e-14;

    private const long Seed = 1;

    // Rows that a factor is found for at once.
    private const long Block = 256;

    /// <summary>
    /// The eigenvalue; null where another way must be taken: matrices that are small, or whose largest eigenvalues are close.
    /// </summary>
    /// <param name="matrix">n × n in float64 on the CPU, contiguous, of which only the lower triangle is read; afterwards it holds other
    /// numbers.</param>
    public static double? Of(Tensor matrix) => Of(matrix, out _);

    /// <inheritdoc cref="Of(Tensor)"/>
    /// <param name="matrix">As above.</param>
    /// <param name="steps">Those of the Lanczos process.</param>
    internal static double? Of(Tensor matrix, out int steps)
    {
        var n = (int)matrix.Size(0);
        steps = 0;
        if (n < FewestRows)
        {
            return null;
        }

        return Ritz(matrix.AsSpan<double>(), n, out steps) is { } value && IsAboveAll(matrix, n, value) ? value : null;
    }

    private static double? Ritz(ReadOnlySpan<double> lower, int n, out int steps)
    {
        var random = new SeededRandom(Seed);
        var v = new double[n];
        for (var i = 0; i < n; i++)
        {
            v[i] = random.NextGaussian();
        }

        TensorPrimitives.Divide(v, TensorPrimitives.Norm(v), v);
        List<double[]> basis = [];
        List<double> diagonal = [], beside = [];
        while (true)
        {
            basis.Add(v);
            steps = basis.Count;
            var image = Product(lower, v);
            diagonal.Add(TensorPrimitives.Dot(v, image));

            // Twice, for after the first time what is left of the others is rounding of what was taken out.
            for (var time = 0; time < 2; time++)
            {
                foreach (var other in basis)
                {
                    TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot(other, image), image, image);
                }
            }

            var length = TensorPrimitives.Norm<double>(image);
            var isLast = basis.Count == Math.Min(n, MostSteps);
            if (isLast || basis.Count % StepsBetweenLooks == 0 || !(length > Residual * diagonal[0]))
            {
                var (value, last) = Largest(diagonal, beside);
                if (length * last <= Residual * value)
                {
                    return value;
                }

                if (isLast || !double.IsFinite(value) || length == 0)
                {
                    return null;
                }
            }

            beside.Add(length);
            TensorPrimitives.Divide(image, length, image);
            v = image;
        }
    }

    // Each number of the triangle serves twice.
    private static double[] Product(ReadOnlySpan<double> lower, double[] v)
    {
        var (n, image) = (v.Length, new double[v.Length]);
        for (var i = 0; i < n; i++)
        {
            var row = lower.Slice(i * n, i);
            TensorPrimitives.MultiplyAdd(row, v[i], image.AsSpan(0, i), image.AsSpan(0, i));
            image[i] += TensorPrimitives.Dot(row, v.AsSpan(0, i)) + (lower[(i * n) + i] * v[i]);
        }

        return image;
    }

    // Of a tridiagonal matrix the largest eigenvalue, and its unit eigenvector's last component.
    private static (double Value, double Last) Largest(List<double> diagonal, List<double> beside)
    {
        var m = diagonal.Count;
        double Beside(int i) => i < 0 || i >= m - 1 ? 0 : beside[i];
        var rows = Enumerable.Range(0, m).Select(i => (Center: diagonal[i], Radius: Math.Abs(Beside(i - 1)) + Math.Abs(Beside(i))));
        var (low, high) = (diagonal.Max(), rows.Max(row => row.Center + row.Radius));
        while ((low + high) / 2 is var middle && middle > low && middle < high)
        {
            if (IsAbove(middle))
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        // The ratios of neighbouring components from the end: above all eigenvalues of the trailing parts they are positive, and no digit
        // is lost. From the beginning, rounding would grow where the components fall off.
        var ratios = new double[m];
        for (var i = m - 1; i > 0; i--)
        {
            ratios[i] = beside[i - 1] / (high - diagonal[i] - (i + 1 < m ? beside[i] * ratios[i + 1] : 0));
        }

        var (component, squares) = (1.0, 1.0);
        for (var i = 1; i < m; i++)
        {
            component *= ratios[i];
            squares += component * component;
        }

        return (high, Math.Abs(component) / Math.Sqrt(squares));

        // Whether all pivots of value · I − T are positive.
        bool IsAbove(double value)
        {
            var pivot = value - diagonal[0];
            for (var i = 1; i < m && pivot > 0; i++)
            {
                pivot = value - diagonal[i] - (beside[i - 1] * beside[i - 1] / pivot);
            }

            return pivot > 0;
        }
    }

    // In place, for another matrix of its size would count for memory.
    private static bool IsAboveAll(Tensor matrix, int n, double value)
    {
        var numbers = matrix.AsSpan<double>();
        TensorPrimitives.Negate(numbers, numbers);
        for (var i = 0; i < n; i++)
        {
            numbers[(i * n) + i] += value * (1 + Margin);
        }

        try
        {
            Factorize(matrix);
            return true;
        }
        catch (TorchException e) when (e is not TorchMemoryException)
        {
            return false;
        }
    }

    // The Cholesky factor takes the matrix's place, block by block: what is below a block's own factor is divided by it, and its products
    // are taken off what is left of the matrix.
    private static void Factorize(Tensor matrix)
    {
        var n = matrix.Size(0);
        for (var start = 0L; start < n; start += Block)
        {
            using var scope = Libtorch.NewDisposeScope();
            var (width, next) = (Math.Min(Block, n - start), Math.Min(start + Block, n));
            var factor = matrix.Narrow(0, start, width).Narrow(1, start, width).Cholesky();
            if (next == n)
            {
                return;
            }

            var below = matrix.Narrow(0, next, n - next).Narrow(1, start, width).OverTransposed(factor);
            for (var row = 0L; row < n - next; row += Block)
            {
                var (count, end) = (Math.Min(Block, n - next - row), Math.Min(row + Block, n - next));
                matrix.Narrow(0, next + row, count).Narrow(1, next, end)
                    .AddProductInPlace(below.Narrow(0, row, count), below.Narrow(0, 0, end).T(), -1);
            }
        }
    }
}
