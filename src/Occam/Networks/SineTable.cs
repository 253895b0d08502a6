using Occam.Torch;

namespace Occam.Networks;

/// <summary>Tells stored tables of sines and cosines, which encode positions, from stored parameters.</summary>
internal static class SineTable
{
    private const int LeastPositions = 4;
    private const double Tolerance = 1e-3;

    /// <summary>
    /// Whether a table holds in each column sin(ω t) or cos(ω t) of the position t, its row: numbers that begin with 0 or 1, of which
    /// each is a multiple of the one before less the one before that, p(t + 1) = 2 cos(ω) p(t) − p(t − 1). Not all rows are the same.
    /// </summary>
    public static bool Is(Tensor tensor)
    {
        if (tensor.Shape.Where(size => size != 1).ToArray() is not [>= LeastPositions and var positions, var columns])
        {
            return false;
        }

        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var table = tensor.Detach().To(Device.Cpu).Reshape(positions, columns);
        if (table.Select(0, 0).ToArray<double>().Any(first => Math.Abs(first) > Tolerance && Math.Abs(first - 1) > Tolerance)
            || !(table.Abs().AMax([]).Item() <= 1 + Tolerance))
        {
            return false;
        }

        table = table.To(ScalarType.Float64);
        var (middle, around) = (table.Narrow(0, 1, positions - 2), table.Narrow(0, 0, positions - 2) + table.Narrow(0, 2, positions - 2));

        // Columns of zeros have any ω.
        var squares = middle.Square().Sum([0]) + Tensor.Full([], 1e-12, ScalarType.Float64);
        var twiceCosine = (middle * around).Sum([0]) / squares;
        return (around - (middle * twiceCosine)).Abs().AMax([]).Item() <= Tolerance
            && twiceCosine.Abs().AMax([]).Item() <= 2 + Tolerance
            && (table - table.Narrow(0, 0, 1)).Abs().AMax([]).Item() > Tolerance;
    }
}
