using Xunit;

namespace Occam.Tests;

public sealed class NearestTests
{
    private static readonly string[] s_names = ["measure", "measures", "run", "runs", "verify", "7"];

    [Theory]
    [InlineData("mesure", "measure")]
    [InlineData("ver", "verify")]
    [InlineData("rnu", "run")]
    public void What_was_probably_meant_is_hinted_at(string name, string meant) =>
        Assert.Equal($": did you mean '{meant}'?", Nearest.Hint(name, s_names));

    [Theory]
    [InlineData("zzz")]
    [InlineData("q")]
    [InlineData("")]
    public void What_is_near_nothing_is_hinted_at_nothing(string name)
    {
        Assert.Null(Nearest.Find(name, s_names));
        Assert.Equal(".", Nearest.Hint(name, s_names));
    }

    [Fact]
    public void Where_there_are_no_names_none_is_meant() => Assert.Null(Nearest.Find("run", []));
}
