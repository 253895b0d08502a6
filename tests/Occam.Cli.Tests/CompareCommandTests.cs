using System.Text.Json;
using Occam.Cli.Running;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class CompareCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_network_equals_itself()
    {
        var network = _place.Mlp();

        var root = Workplace.Run("compare", network, network, "--data", _place.Points(), "--json").Json;

        Assert.All(root.GetProperty("measures").EnumerateArray(), measure =>
        {
            Assert.Equal(0, measure.GetProperty("difference").GetDouble());
            Assert.Equal(1, measure.GetProperty("ratio").GetDouble());
            Assert.False(measure.GetProperty("exceeds").GetBoolean());
        });
    }

    [Fact]
    public void Of_a_network_and_itself_the_summary_says_that_they_are_equal()
    {
        var network = _place.Mlp();

        var output = string.Join(' ', Workplace.Run("compare", network, network, "--data", _place.Points(count: 30)).Output
            .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

        Assert.Contains("A and B are as steep as each other: the mean squared slope of both is", output);
        Assert.Contains("in its steepest direction, the slope of both is", output);
        Assert.Contains("The 5th percentile of the margins is", output);
        Assert.DoesNotContain("chance", output);
        Assert.DoesNotContain("is the steeper one", output);
    }

    [Fact]
    public void Two_files_of_weights_are_compared_matrix_by_matrix()
    {
        var (a, b, page) = (_place.Weights("a.safetensors", 1), _place.Weights("b.safetensors", 2), _place.In("page.html"));

        var outcome = Workplace.Run("compare", a, b, "--html", page);
        var same = Workplace.Run("compare", a, a, "--json").Json;

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Matches(@"a\.weight\s+60×80", outcome.Output);
        Assert.Contains("In short", outcome.Output);
        Assert.All(new[] { "Spectra of the weights", "stable rank of B − A", "a.weight", "no grade" }, text =>
            Assert.Contains(text, File.ReadAllText(page)));
        Assert.Equal(0, same.GetProperty("distance").GetDouble());
        Assert.All(same.GetProperty("matrices").EnumerateArray(), matrix => Assert.Equal(
            matrix.GetProperty("eigenvaluesOfA").EnumerateArray().Select(value => value.GetDouble()),
            matrix.GetProperty("eigenvaluesOfB").EnumerateArray().Select(value => value.GetDouble())));
        Assert.Contains(
            "give two networks, or two files of weights", Workplace.Run("compare", a, _place.Mlp()).Error.ReplaceLineEndings(" "));
        Assert.Contains(
            "leave out --fail-if", Workplace.Run("compare", a, b, "--fail-if", "margin < 1").Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void Differences_are_paired_by_example()
    {
        var outcome = Workplace.Run(
            "compare", _place.Mlp("a.onnx", seed: 1), _place.Mlp("b.onnx", seed: 2), "--data", _place.Points(count: 30), "--json",
            "--per-example");

        var comparison = MeasureCommandTests.Measure(outcome.Json, "geometric-complexity");
        var differences = PerExample(comparison, "b").Zip(PerExample(comparison, "a"), (b, a) => b - a).ToArray();
        var mean = differences.Average();
        var deviation = Math.Sqrt(differences.Sum(difference => (difference - mean) * (difference - mean)) / 29);
        Assert.Equal("paired", comparison.GetProperty("basis").GetString());
        Assert.Equal(mean, comparison.GetProperty("difference").GetDouble(), 1e-9);
        Assert.Equal(deviation / Math.Sqrt(30), comparison.GetProperty("standardError").GetDouble(), 1e-9);
    }

    [Fact]
    public void A_summary_in_markdown_takes_nothing_for_markup()
    {
        var a = _place.Mlp("a|<b>_x_.onnx", seed: 1);

        var outcome = Workplace.Run("compare", a, a, "--data", _place.Points(), "--markdown", "--fail-if", "geometric-complexity > 1x");

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Contains("### Occam: passed, the condition does not hold", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(@"a\|\<b\>\_x\_.onnx", outcome.Output, StringComparison.Ordinal);
        var rows = outcome.Output.Split('\n').Where(line => line.StartsWith('|')).ToArray();
        Assert.All(rows, row => Assert.Equal(7, row.Replace(@"\|", "").Count(letter => letter == '|')));
        Assert.Contains("both go to standard output", Workplace.Run(
            "compare", a, a, "--data", _place.Points(), "--markdown", "--json").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Variants_of_a_measure_are_told_apart_by_their_parameters()
    {
        var root = Workplace.Run(
            "compare", _place.Mlp("a.onnx", seed: 1), _place.Mlp("b.onnx", seed: 2), "--data", _place.Points(), "--json", "--measures",
            "group-norm,group-norm(p=1)").Json;

        Assert.Equal(
            ["group-norm", "group-norm p=1"],
            root.GetProperty("measures").EnumerateArray().Select(measure => measure.TryGetProperty("parameters", out var parameters)
                ? $"{measure.GetProperty("id")} p={parameters.GetProperty("p")}"
                : $"{measure.GetProperty("id")}"));
    }

    [Fact]
    public void A_quantile_of_examples_is_not_taken_for_their_mean()
    {
        var outcome = Workplace.Run(
            "compare", _place.Mlp("a.onnx", seed: 1), _place.Mlp("b.onnx", seed: 2), "--data", _place.Points(count: 30), "--json",
            "--measures", "margin");

        Assert.Equal("resampled", MeasureCommandTests.Measure(outcome.Json, "margin").GetProperty("basis").GetString());
    }

    [Fact]
    public void What_applies_to_one_network_only_is_left_out_with_the_reason()
    {
        var points = _place.Points();

        var outcome = Workplace.Run(
            "compare", _place.Mlp("a.onnx"), _place.Mlp("b.onnx", "Tanh"), "--data", points, "--measures",
            "geometric-complexity,linear-regions");

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Matches("linear-regions: for B: .*Tanh", outcome.Output);
        Assert.Matches("Geometric complexity .*2 s\\.e\\.", outcome.Output);
    }

    private static IEnumerable<double> PerExample(JsonElement comparison, string network) =>
        comparison.GetProperty(network).GetProperty("perExample").EnumerateArray().Select(value => value.GetDouble());
}
