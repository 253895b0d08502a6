using Occam.Networks.Operators;
using Occam.Torch;

namespace Occam.Networks.Inspection;

/// <summary>A node with weights that act on the data as a matrix, and the norms of that matrix, each computed once.</summary>
internal sealed class WeightLayer
{
    // Numbers that are held in float64 at once: a large matrix is taken rows by rows.
    private const long MostAtOnce = 1L << 19;

    // Rows of a Gram matrix, of which there are several at a time.
    private const long MostSideBySide = 2048;

    private readonly Lazy<double> _frobeniusSquared;
    private readonly Lazy<double> _spectral;

    /// <summary>A layer.</summary>
    /// <param name="node">Its node.</param>
    /// <param name="matrix">Units (output channels) × incoming weights.</param>
    /// <param name="tensors">The names of the stored tensors that the matrix comes from.</param>
    public WeightLayer(Node node, Tensor matrix, string tensors)
    {
        Node = node;
        Matrix = matrix;
        Tensors = tensors;
        _frobeniusSquared = new Lazy<double>(() => In(rows => rows.Square().Sum().Reshape(1), sums => sums.Sum()));
        _spectral = new Lazy<double>(() => Matrix.Elements == 0 ? 0 : SpectralNorm.Largest(Matrix));
    }

    /// <summary>The node.</summary>
    public Node Node { get; }

    /// <summary>W: units (output channels) × incoming weights (channels × window of a convolution).</summary>
    public Tensor Matrix { get; }

    /// <summary>The stored tensors that W comes from: the same for layers that share their weights.</summary>
    public string Tensors { get; }

    /// <summary>The node's name.</summary>
    public string Name => Node.Name;

    /// <summary>h: the units of the layer, channels of a convolution.</summary>
    public long Units => Matrix.Size(0);

    /// <summary>‖W‖_F².</summary>
    public double FrobeniusSquared => _frobeniusSquared.Value;

    /// <summary>σ_max of W as a matrix. Of a convolution's reshaped weights, which bounds nothing.</summary>
    public double Spectral => _spectral.Value;

    /// <summary>‖W‖_{p,q}: the ℓ_q norm over units of the ℓ_p norms of their incoming weights. Either may be infinite.</summary>
    public double GroupNorm(double p, double q) => Matrix.Elements == 0 ? 0 : In(rows => PNorm(rows, p), norms => PNorm(norms, q));

    /// <summary>‖Wᵀ‖_{2,1}: the sum over units of the Euclidean norms of their incoming weights.</summary>
    public double RowNormSum => GroupNorm(2, 1);

    /// <summary>σ_max of several layers, computed side by side where it isn't known.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="cancellation">Stops between two of them.</param>
    public static double[] SpectralNorms(IReadOnlyList<WeightLayer> layers, CancellationToken cancellation)
    {
        // The longest first, so that the last to end begins early.
        WeightLayer[] left = [.. layers.Where(layer => !layer._spectral.IsValueCreated).Distinct()
            .OrderByDescending(layer => layer.Matrix.Elements * Math.Min(layer.Matrix.Size(0), layer.Matrix.Size(1)))];

        // Of large matrices one after the other: side by side their Gram matrices would take as much memory as they do.
        foreach (var (width, some) in left.GroupBy(layer => Math.Min(layer.Matrix.Size(0), layer.Matrix.Size(1)) > MostSideBySide)
            .Select(group => (group.Key ? 1 : Libtorch.Threads, group.ToArray())))
        {
            Workers.Run(some.Length, width, cancellation, (i, _) => some[i].FindSpectral());
        }

        return [.. layers.Select(layer => layer.Spectral)];
    }

    /// <summary>The difference of two layers' weights as a layer.</summary>
    public WeightLayer Minus(WeightLayer other)
    {
        using var grad = Libtorch.NoGrad();
        using var scope = Libtorch.NewDisposeScope();
        return new WeightLayer(
            Node, (Matrix.To(ScalarType.Float64) - other.Matrix.To(ScalarType.Float64).To(Matrix.Device)).DetachFromDisposeScope(),
            Tensors);
    }

    private double FindSpectral() => Spectral;

    // Along the last dimension; the largest taken out, so that no power overflows.
    private static Tensor PNorm(Tensor values, double p)
    {
        var magnitudes = values.Abs();
        var largest = magnitudes.AMax([-1], keep: true);
        if (double.IsPositiveInfinity(p))
        {
            return largest.Squeeze(-1);
        }

        var scale = Tensor.OnesLike(largest).Where(largest.EqualTo(Tensor.ZerosLike(largest)), largest);
        return ((magnitudes / scale).Pow(p).Sum([-1], keep: true).Pow(1 / p) * scale).Squeeze(-1);
    }

    // What is computed of some rows in float64, a vector, put together and made one number.
    private double In(Func<Tensor, Tensor> ofRows, Func<Tensor, Tensor> ofAll)
    {
        using var grad = Libtorch.NoGrad();
        using var scope = Libtorch.NewDisposeScope();
        var (rows, width) = (Matrix.Size(0), Math.Max(1, Matrix.Elements / Math.Max(1, Matrix.Size(0))));
        var atOnce = Math.Max(1, MostAtOnce / width);
        if (rows <= atOnce)
        {
            return ofAll(ofRows(Matrix.To(ScalarType.Float64))).Item();
        }

        List<Tensor> parts = [];
        for (var start = 0L; start < rows; start += atOnce)
        {
            using var inner = Libtorch.NewDisposeScope();
            parts.Add(ofRows(Matrix.Narrow(0, start, Math.Min(atOnce, rows - start)).To(ScalarType.Float64)).MoveToOuterDisposeScope());
        }

        return ofAll(Tensor.Cat([.. parts], 0)).Item();
    }
}
