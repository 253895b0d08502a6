using Xunit;

namespace Occam.Cli.Tests;

/// <summary>Long names, such as those of measures with parameters, leave their numbers and sources readable.</summary>
public sealed class LongNamesTests : IDisposable
{
    private const string Long = "average-adaptive-sharpness(logit-normalized=true, draws=20, rho=0.0625)";

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void In_a_table_of_measures_no_number_is_broken()
    {
        var text = Workplace.Run(
            "measure", _place.Linear(), "--data", _place.Points(), "--measures", $"{Long},geometric-complexity").Output;
        Assert.Matches(@"Adaptive sharpness, average case, .* [−\d.]+( ± [\d.]+)?\S*  ", text);
        Assert.Contains("Andriushchenko", text);
        AssertWhole(text);
    }

    [Fact]
    public void In_a_table_of_two_networks_no_number_is_broken()
    {
        var text = Workplace.Run(
            "compare", _place.Linear(), _place.Linear("other.onnx", 2), "--data", _place.Points(), "--measures", Long).Output;
        Assert.Matches(@"Adaptive sharpness, average case, .* [−\d.]+", text);
        Assert.Contains("draws", text);
        AssertWhole(text);
    }

    [Fact]
    public void Names_that_leave_room_are_not_broken() => Assert.Matches(
        @"  Geometric complexity +30 ", Workplace.Run("measure", _place.Linear(), "--data", _place.Points()).Output);

    // No line is too wide, a number's digits stand together, and the name is all there, over several lines.
    private static void AssertWhole(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').TakeWhile(line => !line.Contains("Notes", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.True(line.Length <= 120, line));
        Assert.Matches(@"  draws +20(\s|$)", text);
        Assert.Contains(Long.Split('(')[0], text);
    }
}
