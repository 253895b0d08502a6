using Occam.Networks;
using Occam.Networks.Inspection;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

public sealed class WeightLayerTests
{
    /// <summary>A matrix that is taken rows by rows, whose last rows are fewer, against all at once.</summary>
    [Theory]
    [InlineData(4099, 1031)]
    [InlineData(3, 5_000_000)]
    [InlineData(7, 5)]
    public void Norms_of_large_matrices_are_those_of_all_rows(long rows, long width)
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        var matrix = Tensor.Randn([rows, width], generator);
        var layer = new WeightLayer(new Node("layer", "Gemm", "", ["x", "w"], ["y"], Attributes.None), matrix, "w");
        var wide = matrix.To(ScalarType.Float64);
        Assert.Equal(1, layer.FrobeniusSquared / wide.Square().Sum().Item(), 1e-12);
        Assert.Equal(1, layer.GroupNorm(1, double.PositiveInfinity) / wide.Abs().Sum([1]).AMax([0]).Item(), 1e-12);
        Assert.Equal(1, layer.GroupNorm(3, 1) / wide.Abs().Pow(3).Sum([1]).Pow(1.0 / 3).Sum().Item(), 1e-12);
        Assert.Equal(1, layer.RowNormSum / wide.Norm([1]).Sum().Item(), 1e-12);
    }
}
