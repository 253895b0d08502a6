using Xunit;

namespace Occam.Tests;

public sealed class CountedTests
{
    [Theory]
    [InlineData(0, "0 tensors")]
    [InlineData(1, "1 tensor")]
    [InlineData(2, "2 tensors")]
    [InlineData(1024, "1,024 tensors")]
    public void A_noun_goes_with_its_count(long count, string expected) => Assert.Equal(expected, Counted.Of(count, "tensor"));

    [Fact]
    public void A_noun_may_have_a_plural_of_its_own() =>
        Assert.Equal(("1 class", "3 classes"), (Counted.Of(1, "class", "classes"), Counted.Of(3, "class", "classes")));

    [Fact]
    public void Half_of_something_is_several() => Assert.Equal("epochs", Counted.Noun(0.5, "epoch"));
}
