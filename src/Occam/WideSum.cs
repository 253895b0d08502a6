using Occam.Torch;

namespace Occam;

/// <summary>Sums in float64 over long vectors of any precision.</summary>
internal static class WideSum
{
    private const long AtOnce = 1L << 20;

    /// <summary>Σ of a function of each number; a part of the tensor is widened at a time.</summary>
    public static double Of(Tensor tensor, Func<Tensor, Tensor> term)
    {
        using var all = Libtorch.NewDisposeScope();

        // Gradients by matrices come transposed: in whatever order, without a copy.
        var vector = (!tensor.IsContiguous && tensor.Dimensions == 2 ? tensor.T() : tensor).Reshape(-1);
        var sum = 0.0;
        for (var start = 0L; start < vector.Elements; start += AtOnce)
        {
            using var scope = Libtorch.NewDisposeScope();
            var count = Math.Min(AtOnce, vector.Elements - start);
            sum += term(vector.Narrow(0, start, count).To(ScalarType.Float64)).Sum().Item();
        }

        return sum;
    }

    /// <summary>Σ of a function of each a_i − b_i; a part of the tensors is widened at a time.</summary>
    public static double OfDifferences(Tensor a, Tensor b, Func<Tensor, Tensor> term)
    {
        using var all = Libtorch.NewDisposeScope();
        var (left, right) = (a.Reshape(-1), b.Reshape(-1));
        var sum = 0.0;
        for (var start = 0L; start < left.Elements; start += AtOnce)
        {
            using var scope = Libtorch.NewDisposeScope();
            var count = Math.Min(AtOnce, left.Elements - start);
            var wide = right.Narrow(0, start, count).To(ScalarType.Float64).To(left.Device);
            sum += term(left.Narrow(0, start, count).To(ScalarType.Float64) - wide).Sum().Item();
        }

        return sum;
    }

    /// <summary>Σ a_i b_i; a part of the vectors is widened at a time.</summary>
    public static double OfProducts(Tensor a, Tensor b)
    {
        var sum = 0.0;
        for (var start = 0L; start < a.Elements; start += AtOnce)
        {
            using var scope = Libtorch.NewDisposeScope();
            var count = Math.Min(AtOnce, a.Elements - start);
            sum += (a.Narrow(0, start, count).To(ScalarType.Float64) * b.Narrow(0, start, count).To(ScalarType.Float64)).Sum().Item();
        }

        return sum;
    }
}
