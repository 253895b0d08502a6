using Occam.Lab.Significance;
using Xunit;

namespace Occam.Lab.Tests.Significance;

public sealed class HolmTests
{
    [Fact]
    public void The_textbooks_four_values_are_adjusted_as_there() =>
        Assert.Equal([0.03, 0.06, 0.06, 0.02], Holm.Adjust([0.01, 0.04, 0.03, 0.005]).Select(value => Math.Round(value, 12)));

    [Fact]
    public void No_value_grows_beyond_one() => Assert.Equal([1, 1], Holm.Adjust([0.6, 0.9]));
}
