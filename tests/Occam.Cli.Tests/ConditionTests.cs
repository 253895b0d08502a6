using Occam.Cli.Running;
using Occam.Lab.Measuring;
using Occam.Lab.Runs.Configuration;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>Conditions on B = 2 A: geometric complexity 30 and 120.</summary>
public sealed class ConditionTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("geometric-complexity > 3.9x", true)]
    [InlineData("geometric-complexity>4.1x", false)]
    [InlineData("geometric-complexity < 4.1x", true)]
    [InlineData("geometric-complexity > +299%", true)]
    [InlineData("geometric-complexity > +301%", false)]
    [InlineData("geometric-complexity < -10%", false)]
    [InlineData("geometric-complexity >= 119.9", true)]
    [InlineData("geometric-complexity <= 119.9", false)]
    [InlineData("local-lipschitz.maximum > 1.9x", true)]
    [InlineData("local-lipschitz.maximum > 1.2e1", false)]
    [InlineData("dirichlet-energy >= 4.001×", false)]
    [InlineData("geometric-complexity.samplingError < 1e-9", true)]
    [InlineData("geometric-complexity.samplingError > 1e-9", false)]
    public void The_exit_code_tells_whether_a_condition_holds(string condition, bool holds)
    {
        var outcome = Compare("--measures", "margin", "--fail-if", condition);

        Assert.Equal(holds ? ExitCode.ConditionHolds : ExitCode.Success, outcome.Code);
        Assert.Contains(holds ? ": holds (" : ": does not hold (", outcome.Output);
    }

    [Fact]
    public void One_of_several_conditions_is_enough()
    {
        var outcome = Compare("--fail-if", "geometric-complexity > 100x", "--fail-if", "geometric-complexity > 2x", "--json");

        Assert.Equal(ExitCode.ConditionHolds, outcome.Code);
        Assert.Equal([false, true], outcome.Json.GetProperty("conditions")
            .EnumerateArray()
            .Select(condition => condition.GetProperty("holds").GetBoolean()));
    }

    [Theory]
    [InlineData("geometric-complexity")]
    [InlineData("geometric-complexity = 3")]
    [InlineData("geometric-complexity > ")]
    [InlineData("geometric-complexity > 5%")]
    [InlineData("geometric-complexity > twice")]
    [InlineData("geometric-complexity > NaN")]
    [InlineData("> 3")]
    public void What_can_not_be_read_is_an_error_that_shows_the_forms(string condition) =>
        MeasureCommandTests.AssertUserError(Compare("--fail-if", condition), "expected 'geometric-complexity > 1.2x'");

    [Theory]
    [InlineData("geometric-complxity > 1.2x", "did you mean 'geometric-complexity'?")]
    [InlineData("local-lipschitz.largest > 1.2x", "no detail 'largest'")]
    [InlineData("dirichlet-energy.sampling > 1", "there are samplingError")]
    [InlineData("arc-length > 1.2x", "can't be decided")]
    public void What_can_not_be_decided_is_an_error(string condition, string message) =>
        MeasureCommandTests.AssertUserError(Compare("--fail-if", condition, "--json"), message);

    [Fact]
    public void A_percentage_of_a_negative_value_is_of_its_size()
    {
        using var place = new Workplace();
        var points = place.Points();
        var outcome = Workplace.Run(
            "compare", place.Linear("a.onnx"), place.Linear("b.onnx", 1.05f), "--data", points, "--measures", "margin", "--fail-if",
            "margin < -10%");

        // The margins are negative; those of B are 5 % further down, not 10.
        Assert.Equal(ExitCode.Success, outcome.Code);
    }

    [Theory]
    [InlineData("margin < 0.8x", "margin < -20%")]
    [InlineData("margin >= 1.25x", "margin >= +25%")]
    public void A_factor_of_a_value_that_is_not_positive_is_an_error_that_shows_the_percentage(string condition, string instead)
    {
        var network = _place.Linear("a.onnx");
        string[] command = ["compare", network, network, "--data", _place.Points(), "--measures", "margin", "--fail-if"];
        MeasureCommandTests.AssertUserError(
            Workplace.Run([.. command, condition]), $"use a percentage, which is of the value's size: '{instead}'");

        // No network is less safe than itself.
        Assert.Equal(ExitCode.Success, Workplace.Run([.. command, "margin < -20%"]).Code);
    }

    [Theory]
    [InlineData("group-norm(p=1.5) > 1.9x", true)]
    [InlineData("group-norm(p=1.5).layers >= 1", true)]
    [InlineData("group-norm(p=1.5).layers > 1", false)]
    public void A_condition_may_be_on_a_variant_of_a_measure(string condition, bool holds)
    {
        var outcome = Compare("--measures", "group-norm", "--fail-if", condition, "--json");

        Assert.Equal(holds ? ExitCode.ConditionHolds : ExitCode.Success, outcome.Code);
        Assert.Equal(2, outcome.Json.GetProperty("measures").GetArrayLength());
    }

    [Fact]
    public void What_an_option_sets_it_sets_in_conditions_too()
    {
        var outcome = Compare("--measures", "group-norm", "--group-norm", "1,1", "--fail-if", "group-norm > 1.9x", "--json");

        Assert.Equal(ExitCode.ConditionHolds, outcome.Code);
        Assert.Equal("1", Assert.Single(outcome.Json.GetProperty("measures").EnumerateArray())
            .GetProperty("a")
            .GetProperty("parameters")
            .GetProperty("p")
            .GetString());
    }

    [Fact]
    public void The_exponents_of_the_group_norm_are_no_other_measures() => Assert.Equal(
        ExitCode.Success, Compare("--measures", "adaptive-sharpness,group-norm", "--group-norm", "1,1").Code);

    [Fact]
    public void A_condition_keeps_its_text() =>
        Assert.Equal("margin < 0.5", Condition.Parse(" margin < 0.5 ", new MeasureText("--fail-if")).Text);

    private Workplace.Outcome Compare(params string[] rest) =>
        Workplace.Run(["compare", _place.Linear("a.onnx"), _place.Linear("b.onnx", 2), "--data", _place.Points(), .. rest]);
}
