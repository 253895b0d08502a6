using Occam.Cli.Running;
using Occam.Lab.Measuring;
using Xunit;

namespace Occam.Cli.Tests;

public class ProgressLinesTests
{
    [Theory]
    [InlineData(0.25, 60, "Geometric complexity: 25 %, about 3 minutes left")]
    [InlineData(0.5, 40, "Geometric complexity: 50 %, about 40 seconds left")]
    [InlineData(0.001, 36, "Geometric complexity: 0 %, about 10 hours left")]
    [InlineData(0, 36, "Geometric complexity: begun 36 seconds ago")]
    public void A_line_says_how_long_the_rest_takes(double share, int seconds, string expected) =>
        Assert.Equal(expected, ProgressLines.Line(new WorkProgress.Step("Geometric complexity", share), TimeSpan.FromSeconds(seconds)));
}
