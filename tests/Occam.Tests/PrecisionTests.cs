using Occam.Torch;
using Xunit;

namespace Occam.Tests;

public sealed class PrecisionTests
{
    [Theory]
    [InlineData("float32", Precision.Float32, ScalarType.Float32, ScalarType.Float32)]
    [InlineData("float64", Precision.Float64, ScalarType.Float64, ScalarType.Float64)]
    [InlineData("bfloat16", Precision.BFloat16, ScalarType.BFloat16, ScalarType.Float32)]
    [InlineData("tf32", Precision.Tf32, ScalarType.Float32, ScalarType.Float32)]
    public void A_precision_has_a_name_and_types(string name, Precision precision, ScalarType type, ScalarType weights)
    {
        Assert.Equal(precision, Precision.Parse(name, Enum.GetValues<Precision>()));
        Assert.Equal((name, type, weights), (precision.Name, precision.Type, precision.WeightType));
    }

    [Fact]
    public void The_precisions_of_networks_are_named_as_their_types() =>
        Assert.All(Precisions.OfNetworks, precision => Assert.Equal(precision.Name, precision.Type.PrecisionName));

    [Theory]
    [InlineData("half")]
    [InlineData("Float32")]
    [InlineData("1")]
    [InlineData("tf32")]
    public void What_is_not_to_be_chosen_is_refused_with_what_is(string name) =>
        Assert.Equal($"unknown precision '{name}': expected float32, float64, bfloat16",
            Assert.Throws<OccamException>(() => Precision.Parse(name, Precisions.OfNetworks)).Message);
}
