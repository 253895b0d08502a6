using Occam.Data;
using Occam.Measures;
using Occam.Measures.Curvature;
using Occam.Measures.Sharpness;
using Occam.Networks;
using Occam.Torch;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Curvature;

/// <summary>
/// Matrices of how a loss bends, from their definitions: from nothing but the logits at moved weights, by differences of the fourth order.
/// The steps are so small that hardly one crosses a kink.
/// </summary>
internal sealed class DenseCurvature
{
    private const double Step = 2e-5;

    private readonly MeasureContext _context;
    private readonly WeightSpace _weights;
    private readonly Tensor _x;
    private readonly DataSet _data;

    public DenseCurvature(Network network, DataSet data)
    {
        _context = Context(network, data);
        _weights = WeightSpace.Of(_context, out _)!;
        _x = _context.Examples(0, data.Count);
        _data = data;
        Logits = At(_weights.Origin.ToArray<double>());
        Outputs = Logits.Length / data.Count;
    }

    public int Size => (int)_weights.Size;

    public int Outputs { get; }

    /// <summary>The logits, example by example.</summary>
    public double[] Logits { get; }

    /// <summary>∂z/∂w: logits × weights.</summary>
    public double[,] Jacobian()
    {
        var J = new double[Logits.Length, Size];
        for (var j = 0; j < Size; j++)
        {
            var column = Derivative(j, At);
            for (var i = 0; i < column.Length; i++)
            {
                J[i, j] = column[i];
            }
        }

        return J;
    }

    /// <summary>∇²_w of the mean loss, from its slopes by the logits and the logits' Jacobian at moved weights.</summary>
    public double[,] Hessian()
    {
        var H = new double[Size, Size];
        var surface = ParameterLoss.Of(_context, out _)!;
        for (var j = 0; j < Size; j++)
        {
            // The gradient itself has its own test against differences of the loss.
            var column = Derivative(j, point =>
            {
                using var scope = Libtorch.NewDisposeScope();
                surface.Weights.Point.CopyInPlace(Tensor.FromArray(point, Size));
                return surface.Gradient().Gradient.ToArray<double>();
            });
            for (var i = 0; i < Size; i++)
            {
                H[i, j] = column[i];
            }
        }

        return H;
    }

    /// <summary>1/n Σ_x Jᵀ M_x J, with M the curvature of an example's loss by its logits.</summary>
    /// <param name="M">The matrix from the example's number and logits.</param>
    public double[,] Projected(Func<int, double[], double[,]> M)
    {
        var (J, k, n) = (Jacobian(), Outputs, _data.Count);
        var result = new double[Size, Size];
        for (var x = 0; x < n; x++)
        {
            var m = M(x, Logits[(x * k)..((x + 1) * k)]);
            for (var i = 0; i < Size; i++)
            {
                for (var j = 0; j < Size; j++)
                {
                    for (var a = 0; a < k; a++)
                    {
                        for (var b = 0; b < k; b++)
                        {
                            result[i, j] += J[(x * k) + a, i] * m[a, b] * J[(x * k) + b, j] / n;
                        }
                    }
                }
            }
        }

        return result;
    }

    /// <summary>The softmax of logits.</summary>
    public static double[] Softmax(double[] z)
    {
        var exponentials = z.Select(Math.Exp).ToArray();
        return [.. exponentials.Select(one => one / exponentials.Sum())];
    }

    /// <summary>diag p − ppᵀ.</summary>
    public static double[,] OfCrossEntropy(double[] z)
    {
        var p = Softmax(z);
        return Matrix(z.Length, (a, b) => (a == b ? p[a] : 0) - (p[a] * p[b]));
    }

    public static double[,] Matrix(int size, Func<int, int, double> entry)
    {
        var matrix = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                matrix[i, j] = entry(i, j);
            }
        }

        return matrix;
    }

    public static double[] Eigenvalues(double[,] matrix) =>
        [.. Tensor.FromArray(matrix.Cast<double>().ToArray(), matrix.GetLength(0), matrix.GetLength(1))
            .EigenvaluesSymmetric().ToArray<double>().Reverse()];

    public static double Trace(double[,] matrix) => Enumerable.Range(0, matrix.GetLength(0)).Sum(i => matrix[i, i]);

    private double[] Derivative(int index, Func<double[], double[]> f)
    {
        double[] Moved(double by)
        {
            var point = _weights.Origin.ToArray<double>();
            point[index] += by;
            return f(point);
        }

        double[] Central(double h) => [.. Moved(h).Zip(Moved(-h), (up, down) => (up - down) / (2 * h))];
        return [.. Central(Step).Zip(Central(2 * Step), (near, far) => ((4 * near) - far) / 3)];
    }

    private double[] At(double[] point)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        _weights.Point.CopyInPlace(Tensor.FromArray(point, point.Length));
        return _weights.Logits(_x).ToArray<double>();
    }
}
