using Occam.Networks.Operators;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks.Operators;

/// <summary>Between which numbers the slopes of functions of single numbers lie.</summary>
public sealed class GlobalSlopesTests
{
    // Functions that say no more than how steep they are either way, and aren't as steep both ways.
    private static readonly string[] s_oneWay = ["Neg", "Shrink", "ThresholdedRelu"];

    public static TheoryData<string> Names => [.. Samples.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Slopes_lie_in_the_range_and_reach_its_ends(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = Samples.Make(name);
        var range = node.Operator.GlobalSlopes(node.Call());
        if (node.Operator is not ElementwiseOperator || node.Bound() is not { } bound)
        {
            Assert.Null(range);
            return;
        }

        Assert.Equal(bound, Math.Max(-range!.Low, range.High), bound * 1e-12);
        if (node.Operator is PRelu)
        {
            // Its slopes, one a channel, would make several outputs of each point of the grid.
            return;
        }

        // A fine grid, and two points far away, where slopes that fall slowly have fallen.
        var x = Tensor.Cat([Tensor.Arange(-40, 40, 1.0 / 1024, ScalarType.Float64), OneNode.Numbers(-1e4, 1e4)], 0).RequireGrad();
        var slopes = Autograd.Grad(node.Run(x).Sum(), x);
        var (least, most) = (slopes.AMin([0]).Item(), slopes.AMax([0]).Item());
        Assert.InRange(least, range.Low, range.High);
        Assert.InRange(most, range.Low, range.High);
        if (!s_oneWay.Any(name.StartsWith))
        {
            Assert.Equal(range.Low, least, 2e-3 * bound);
            Assert.Equal(range.High, most, 2e-3 * bound);
        }
    }
}
