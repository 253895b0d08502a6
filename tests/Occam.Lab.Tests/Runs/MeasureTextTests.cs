using Occam.Lab.Runs.Configuration;
using Occam.Measures;
using Occam.Measures.Sharpness;
using Occam.Measures.Weights;
using Xunit;

namespace Occam.Lab.Tests.Runs;

public sealed class MeasureTextTests
{
    public static TheoryData<Measure, string, string> Written => new()
    {
        { new GroupNorm(), "group-norm", "group-norm" },
        { new GroupNorm(1, double.PositiveInfinity), "group-norm(p=1)", "{ id: group-norm, p: 1, q: .inf }" },
        { new GroupNorm(double.PositiveInfinity, 2), "group-norm(p=∞, q=2)", "{ id: group-norm, p: inf, q: 2 }" },
        { new MaxSharpness(1e-3, 500), "max-sharpness(steps=500, alpha=1e-3)", "{ id: max-sharpness, steps: 500, alpha: 1e-3 }" },
        {
            new ExpectedSharpness(Grid: [1e-3, 1e-2], StandardError: 0.1), "expected-sharpness( grid = [1e-3, 1e-2], standard-error=0.1 )",
            "{ id: expected-sharpness, grid: [0.001, 0.01], standard-error: 0.1 }"
        },
        { new PacBayesOrigin(9), "pacbayes-orig(batch=9)", "{ id: pacbayes-orig, batch: 9 }" },
        { new L2Norm(), "l2-norm()", "{ id: l2-norm }" },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public void A_measure_is_the_same_from_code_command_and_configuration(Measure measure, string command, string yaml)
    {
        Assert.Equal(measure, new MeasureText("--measures").Read(command));
        Assert.Equal(measure, new MeasureText("--measures").Read(measure.Name));
        Assert.Equal(measure, Reading($"[{{ measure: {yaml} }}]").Require().Probes.Single().Measure);
    }

    [Fact]
    public void A_list_is_split_outside_of_parentheses_and_holds_each_measure_once()
    {
        var measures = new MeasureText("--measures").ReadAll(
            "margin, group-norm(p=1,q=2),expected-sharpness(grid=[1e-3,1e-2]),margin,group-norm(q=2, p=1)");

        Assert.Equal(
            ["margin", "group-norm(p=1, q=2)", "expected-sharpness(grid=[0.001, 0.01])"], measures.Select(measure => measure.Name));
    }

    [Fact]
    public void A_value_beside_the_measures_goes_to_those_that_have_it_and_do_not_say_it()
    {
        var text = new MeasureText("--measures", new Dictionary<string, string> { ["alpha"] = "0.01", ["steps"] = "7" });

        Assert.Equal(
            [new MaxSharpness(0.01, 7), new MaxSharpness(0.02, 7), new KlDivergence(0.01), new L2Norm(), new HessianTopEigenvalue()],
            text.ReadAll("max-sharpness,max-sharpness(alpha=0.02),kl-divergence,l2-norm,hessian-top-eigenvalue"));
    }

    [Theory]
    [InlineData("max-sharpnes", "did you mean 'max-sharpness'?")]
    [InlineData(
        "max-sharpness(stpes=5)",
        "--measures 'max-sharpness(stpes=5)': unknown key 'stpes': did you mean 'steps'? 'max-sharpness' takes alpha, steps,")]
    [InlineData("margin(p=1)", "unknown key 'p': 'margin' takes no keys")]
    [InlineData("max-sharpness(steps=many)", "'steps': 'many' is not a whole number")]
    [InlineData("max-sharpness(steps=0)", "0 steps of ascent can't be: give at least 1")]
    [InlineData("group-norm(p=0.5)", "p = 0.5")]
    [InlineData("group-norm(p=1", "the parentheses don't close")]
    [InlineData("group-norm(p=1)x", "the parentheses don't close")]
    [InlineData("group-norm(p=1))", "the parentheses don't close")]
    [InlineData("group-norm(p=1)(q=2)", "the parentheses don't close")]
    [InlineData("group-norm(p=)", "'p=' is no parameter: expected PARAMETER=VALUE")]
    [InlineData("group-norm(1)", "'1' is no parameter: expected PARAMETER=VALUE")]
    [InlineData("group-norm(p=1, p=2)", "'p' is there twice")]
    [InlineData("expected-sharpness(grid=[1, much])", "'much' is not a number")]
    [InlineData("expected-sharpness(grid='1)", "the parentheses don't close")]
    [InlineData("expected-sharpness(grid=[])", "a grid with such an α can't be")]
    public void A_mistake_on_the_command_line_is_told_with_its_text(string text, string message) =>
        Assert.Contains(message, Assert.Throws<OccamException>(() => new MeasureText("--measures").ReadAll(text)).Message);

    [Theory]
    [InlineData("{ id: max-sharpness, stpes: 5 }", "7:42: unknown key 'probes.0.measure.stpes': did you mean 'steps'?")]
    [InlineData(
        "{ id: max-sharpnes }", "7:27: unknown 'probes.0.measure' max-sharpnes: did you mean 'max-sharpness'? 'occam measures' lists all")]
    [InlineData("{ id: max-sharpness, steps: many }", "7:49: 'probes.0.measure.steps': 'many' is not a whole number")]
    [InlineData(
        "'max-sharpness(steps=500, alpha=1e-3)'",
        "7:21: 'probes.0.measure' takes parameters as keys: write { id: max-sharpness, steps: 500, alpha: 1e-3 } in place of")]
    [InlineData(
        "{ steps: 3 }", "7:21: 'probes.0.measure' is a mapping without an id: expected an id, one of those that 'occam measures' lists")]
    public void A_mistake_in_a_configuration_is_told_with_line_and_column(string yaml, string message) =>
        Assert.Equal($"run.yaml:{message}", Assert.Single(Reading($"[{{ measure: {yaml} }}]").Problems).ToString()[..(message.Length + 9)]);

    [Fact]
    public void A_value_that_can_not_be_is_told_before_the_first_step()
    {
        var problem = Assert.Single(RunPlan.Make(Reading("[{ measure: { id: group-norm, p: 0 } }]")).Problems);

        Assert.StartsWith("run.yaml:7:", problem.ToString());
        Assert.Contains("p = 0", problem.Message);
    }

    [Fact]
    public void A_value_that_can_not_be_is_told_where_it_was_set()
    {
        var reading = Reading("[{ measure: { id: group-norm, q: 2 } }]", "probes.0.measure.p=0");

        Assert.StartsWith("--set probes.0.measure.p=0: ", Assert.Single(RunPlan.Make(reading).Problems).ToString());
    }

    [Fact]
    public void Variants_of_a_measure_are_probes_side_by_side()
    {
        var (plan, problems) = RunPlan.Make(Reading("[{ measure: group-norm }, { measure: { id: group-norm, p: 1 } }]"));

        Assert.Empty(problems);
        using var trainer = plan!.MakeTrainer();
        var metrics = new List<KeyValuePair<string, double>>();
        trainer.Observed = metric => metrics.Add(KeyValuePair.Create(metric.Name, metric.Value));
        trainer.Run(TestContext.Current.CancellationToken);

        var last = metrics.ToLookup(pair => pair.Key, pair => pair.Value);
        Assert.True(last["group-norm(p=1)"].Last() > last["group-norm"].Last());
        Assert.Equal("group-norm(p=1)", plan.Configuration.Probes[1].Measure.Name);
        Assert.Contains(
            KeyValuePair.Create("probes.1.measure", "group-norm(p=1)"),
            Reading("[{ measure: margin }, { measure: { id: group-norm, p: 1 } }]").Values);
    }

    private static ConfigurationReading Reading(string probes, params string[] settings) => ConfigurationReading.OfText(
        $$"""
        network: { id: mlp, hidden: [4] }
        data: { train: "glyphs:train", limit: 20 }
        loss: cross-entropy
        optimizer: { id: sgd, learning-rate: 0.1 }
        batch: 10
        epochs: 1
        probes: {{probes}}
        """,
        "run.yaml", settings);
}
