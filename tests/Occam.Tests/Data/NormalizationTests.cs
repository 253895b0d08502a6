using Occam.Data;
using Xunit;

namespace Occam.Tests.Data;

public sealed class NormalizationTests
{
    private static readonly Normalization Usual = new([0.5], [0.25]);

    [Fact]
    public void Default_takes_the_usual_one_and_none_takes_none()
    {
        Assert.Same(Usual, NormalizationChoice.Parse("default").Resolve(Usual));
        Assert.Null(NormalizationChoice.Parse("None").Resolve(Usual));
    }

    [Fact]
    public void Numbers_are_read_for_all_channels_or_for_each()
    {
        Assert.Equal(new Normalization([0.1], [2]), NormalizationChoice.Parse("0.1,2").Resolve(Usual));
        Assert.Equal(new Normalization([0.1, -2, 3], [4, 5, 6]), NormalizationChoice.Parse("0.1,-2,3/4,5,6").Resolve(Usual));
        Assert.Equal(new Normalization([0.1], [2]), NormalizationChoice.Parse("0.1/2").Resolve(Usual));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0.1")]
    [InlineData("1,2,3")]
    [InlineData("1/2/3")]
    [InlineData("a,b")]
    [InlineData("1,2/3")]
    [InlineData("1,0")]
    [InlineData("1,-1")]
    [InlineData("NaN,1")]
    [InlineData("0,1e999")]
    [InlineData("x\ny")]
    public void Anything_else_is_refused_in_one_line(string text)
    {
        OccamException error = Assert.Throws<OccamException>(() => NormalizationChoice.Parse(text));
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void One_number_serves_every_channel_but_two_do_not_serve_three()
    {
        Assert.Equal(new Normalization([0.5, 0.5, 0.5], [0.25, 0.25, 0.25]), Usual.ForChannels(3));
        Assert.Throws<OccamException>(() => new Normalization([1, 2], [1, 1]).ForChannels(3));
    }
}
