using Occam.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Networks.Operators.OneNode;

namespace Occam.Tests.Networks.Operators;

/// <summary>Resampling by values worked out by hand: straight lines stay straight lines.</summary>
public sealed class ResizeTests
{
    private static Tensor Ramp(long size) => Tensor.Arange(0, size, 1, ScalarType.Float64).Reshape(1, 1, size);

    private static double[] Run(Tensor?[] inputs, params (string, object)[] attributes) =>
        new OneNode("Resize", inputs, Attributes.Of(attributes), 19).Run().ToArray<double>();

    [Theory]
    [InlineData(1.0 / 3, 1, 3, new double[] { 1, 2, 3 })]
    [InlineData(-1.0 / 3, 1, 5, new double[] { 7, 0, 1, 2, 3 })]
    [InlineData(0.5, 1.5, 3, new double[] { 1.5, 3, 7 })]
    [InlineData(0, 1, 1, new double[] { 1.5 })]
    public void A_crop_takes_its_region_and_a_constant_outside(double from, double to, long size, double[] expected)
    {
        using var scope = Libtorch.NewDisposeScope();
        var actual = Run(
            [Ramp(4), Numbers(0, 0, from, 1, 1, to), null, Integers(1, 1, size)],
            ("mode", "linear"), ("coordinate_transformation_mode", "tf_crop_and_resize"), ("extrapolation_value", 7.0));
        Close.Equal(Numbers(expected), Numbers(actual), 1e-9);
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("cubic")]
    public void Inside_a_straight_line_stays_one(string mode)
    {
        using var scope = Libtorch.NewDisposeScope();
        var actual = Run([Ramp(9), null, Numbers(1, 1, 2)], ("mode", mode), ("coordinate_transformation_mode", "asymmetric"));
        Close.Equal(Numbers([.. Enumerable.Range(2, 12).Select(at => at / 2.0)]), Numbers(actual[2..14]), mode == "linear" ? 1e-12 : 0.2);
        var catmullRom = Run(
            [Ramp(9), null, Numbers(1, 1, 2)], ("mode", mode), ("coordinate_transformation_mode", "asymmetric"), ("cubic_coeff_a", -0.5));
        Close.Equal(Numbers([.. Enumerable.Range(2, 12).Select(at => at / 2.0)]), Numbers(catmullRom[2..14]));
    }

    [Theory]
    [InlineData("stretch", 7, 6)]
    [InlineData("not_larger", 5, 6)]
    [InlineData("not_smaller", 7, 9)]
    public void An_aspect_ratio_is_kept_where_it_is_asked_for(string policy, long height, long width)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = new OneNode("Resize", [Random(1, 1, 2, 3, 4), null, null, Integers(7, 6)], Attributes.Of(
            ("mode", "linear"), ("axes", new long[] { 2, 3 }), ("keep_aspect_ratio_policy", policy)), 19);
        Assert.Equal([1, 2, height, width], node.Run().Shape);
    }

    [Fact]
    public void Smaller_by_an_antialiased_line_is_a_mean_of_what_the_line_covers()
    {
        using var scope = Libtorch.NewDisposeScope();
        var actual = Run(
            [Numbers(1, 2, 5, 8, 3, 4).Reshape(1, 1, 6), null, Numbers(1, 1, 0.5)],
            ("mode", "linear"), ("antialias", 1L), ("exclude_outside", 1L));

        // A half-pixel output lies between two elements; weights 3, 3 for these and 1, 1 for the next.
        Close.Equal(Numbers((3 + 6 + 5) / 7.0, (2 + 15 + 24 + 3) / 8.0, (8 + 9 + 12) / 7.0), Numbers(actual), 1e-12);
    }
}
