using Occam.Cli.Running;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class PageTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_page_shows_values_examples_layers_and_what_was_done()
    {
        var page = _place.In("page.html");

        var outcome = Workplace.Run(
            "measure", _place.Linear(), "--data", _place.Points(count: 30), "--measures",
            "geometric-complexity,local-lipschitz,margin,arc-length", "--html", page);

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Equal($"wrote {page}\n", outcome.Error);
        var html = File.ReadAllText(page);
        Assert.Contains("<h1>linear.onnx</h1>", html);
        Assert.Contains("Where the function is steepest", html);

        // √(30/2), of the squared Frobenius norm 30 and two inputs.
        Assert.Contains("moves the outputs by about 3.87 <var>ε</var>", html);
        Assert.Contains("Slope of the function by its input", html);
        Assert.Contains("<math display=\"block\"><mrow><mfrac><mrow><mn>1</mn></mrow>", html);
        Assert.Contains("</math> the Jacobian of the logits by the input", html);
        Assert.Contains("<nav class=\"contents\"", html);
        Assert.Contains("\"kind\":\"histogram\"", html);
        Assert.Contains("taken as the logits", html);
        Assert.Contains("is defined for one input dimension", html);
        Assert.Contains("occam measure", html);
    }

    [Fact]
    public void A_page_compares_two_networks()
    {
        var page = _place.In("page.html");

        var outcome = Workplace.Run(
            "compare", _place.Mlp("a.onnx"), _place.Mlp("b.onnx", seed: 2), "--data", _place.Points(count: 30), "--layers", "--html", page,
            "--fail-if", "geometric-complexity < 0");

        Assert.Equal(ExitCode.Success, outcome.Code);
        var html = File.ReadAllText(page);
        Assert.Contains("a.onnx and b.onnx", html);
        Assert.Matches("[AB] is [0-9.]+ times as steep as [AB] by its mean squared slope", html);
        Assert.Contains("Larger is safer for margins", html);
        Assert.Contains("A: squared slope at the example", html);
        Assert.Contains("\"kind\":\"dots\"", html);
        Assert.Contains("\"kind\":\"bars\"", html);
        Assert.Contains("does not hold", html);
        Assert.Contains("&#39;geometric-complexity &lt; 0&#39;", html);
    }

    [Fact]
    public void A_network_is_steep_against_a_baseline()
    {
        var (baseline, page) = (_place.In("baseline.json"), _place.In("page.html"));
        Workplace.Run("measure", _place.Linear(), "--data", _place.Points(count: 30), "--json", baseline);

        var outcome = Workplace.Run(
            "measure", _place.Linear("steep.onnx", factor: 3), "--data", _place.Points(count: 30), "--baseline", baseline, "--html", page);

        // Three times the weights have nine times the squared slope.
        const string Sentence = "Against linear.onnx (baseline.json) it is 9 times as steep by its mean squared slope: "
            + "its geometric complexity is 270, there it is 30.";
        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Contains(Sentence, InOneLine(outcome.Output));
        Assert.Contains(Sentence, File.ReadAllText(page));
        Assert.DoesNotContain("part of the difference", outcome.Output);
        outcome = Workplace.Run(
            "measure", _place.Linear("other.onnx", factor: 0.5f), "--data", _place.Points("few.npz", count: 20), "--baseline", baseline);
        Assert.Contains("it is flatter, 4 times less steep", InOneLine(outcome.Output));
        Assert.Contains("measured on 30 examples of", InOneLine(outcome.Output));
        outcome = Workplace.Run("measure", _place.Linear(), "--data", _place.Points(count: 30), "--baseline", baseline);
        Assert.Contains("It is as steep as linear.onnx (baseline.json) by its mean squared slope", InOneLine(outcome.Output));
    }

    [Fact]
    public void The_network_before_training_is_a_baseline_of_its_own()
    {
        var outcome = Workplace.Run(
            "measure", _place.Linear("trained.onnx", factor: 2), "--data", _place.Points(count: 30), "--initial", _place.Linear());

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Contains("Against linear.onnx (at initialization) it is 4 times as steep", InOneLine(outcome.Output));
    }

    [Theory]
    [InlineData("{}", "is not what 'occam measure --json' writes: it has no \"network\", no \"data\", no \"measures\"")]
    [InlineData("{\"network\":{},\"data\":{},\"measures\":[{}]}", "writes: a part of it lacks what it should have")]
    [InlineData("[1", "is not what 'occam measure --json' writes")]
    [InlineData("{\"measures\":[{\"value\":1}],\"data\":3}", "is not what 'occam measure --json' writes")]
    [InlineData(null, "can't read the baseline")]
    public void What_is_no_measurement_is_no_baseline(string? text, string message)
    {
        var baseline = _place.In("baseline.json");
        if (text is not null)
        {
            File.WriteAllText(baseline, text);
        }

        MeasureCommandTests.AssertUserError(
            Workplace.Run("measure", _place.Linear(), "--data", _place.Points(), "--baseline", baseline), message);
    }

    [Fact]
    public void A_page_beside_json_leaves_the_json_alone_on_standard_output()
    {
        var outcome = Workplace.Run("measure", _place.Linear(), "--data", _place.Points(), "--json", "--html", _place.In("page.html"));

        Assert.Equal(4, outcome.Json.GetProperty("measures").GetArrayLength());
        Assert.True(File.Exists(_place.In("page.html")));
    }

    [Fact]
    public void A_page_that_can_not_be_written_is_an_error_and_leaves_nothing()
    {
        var network = _place.Linear();
        var points = _place.Points();

        MeasureCommandTests.AssertUserError(
            Workplace.Run("measure", network, "--data", points, "--html", _place.In("no/page.html")), "its folder does not exist");
        Assert.Equal(["linear.onnx", "points.npz"], _place.Files);
    }

    // What the terminal broke into lines.
    private static string InOneLine(string output) =>
        string.Join(' ', output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
