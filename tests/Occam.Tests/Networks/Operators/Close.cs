using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks.Operators;

/// <summary>Tensors that are equal to rounding.</summary>
internal static class Close
{
    public static void Equal(Tensor expected, Tensor actual, double tolerance = 1e-10)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var (left, right) = (expected.ToArray<double>(), actual.ToArray<double>());
        var scale = Math.Max(1, left.Select(Math.Abs).DefaultIfEmpty().Max());
        for (var i = 0; i < left.Length; i++)
        {
            Assert.True(
                left[i].Equals(right[i]) || Math.Abs(left[i] - right[i]) <= tolerance * scale,
                $"element {i} is {right[i]:R} where {left[i]:R} was expected");
        }
    }
}
