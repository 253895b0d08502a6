using System.Text.Json;
using Occam.Cli.Running;
using Occam.Lab;
using Occam.Measures;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class MeasureCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Json_has_the_documented_shape_and_nothing_beside_it()
    {
        var outcome = Workplace.Run("measure", _place.Linear(), "--data", _place.Points(), "--json", "--limit", "3", "--seed", "7");

        Assert.Equal(ExitCode.Success, outcome.Code);
        var root = outcome.Json;
        Assert.Equal(["occam", "network", "data", "measures"], NamesOf(root));
        Assert.Equal(RunEnvironment.Version, root.GetProperty("occam").GetString());
        Assert.Equal(4, root.GetProperty("network").GetProperty("parameters").GetInt32());
        Assert.Equal("linear.onnx", root.GetProperty("network").GetProperty("name").GetString());
        Assert.Contains("taken as the logits", root.GetProperty("network").GetProperty("notes")[0].GetString());
        Assert.Equal(3, root.GetProperty("data").GetProperty("count").GetInt32());
        Assert.Equal(7, root.GetProperty("data").GetProperty("seed").GetInt32());
        Assert.Equal(MeasureCatalogue.All.Values.Where(measure => measure.InDefaultSet).Select(measure => measure.Id), Ids(root));
        Assert.All(root.GetProperty("measures").EnumerateArray(), measure => Assert.Equal(
            ["id", "title", "value", "standardError", "exact", "source", "details", "layers", "skipped", "notes"], NamesOf(measure)));
    }

    [Fact]
    public void Values_are_those_of_the_logits()
    {
        var root = Workplace.Run("measure", _place.Linear(), "--data", _place.Points(), "--json").Json;

        Assert.Equal(Workplace.SquaredNorm, Measure(root, "geometric-complexity").GetProperty("value").GetDouble(), 1e-5);
        // The largest singular value of ((1 2), (3 4)): √(15 + √221).
        var lipschitz = Measure(root, "local-lipschitz");
        Assert.Equal(Math.Sqrt(15 + Math.Sqrt(221)), lipschitz.GetProperty("value").GetDouble(), 1e-5);
        Assert.Equal(Math.Sqrt(15 + Math.Sqrt(221)), lipschitz.GetProperty("details").GetProperty("maximum").GetDouble(), 1e-5);
    }

    [Fact]
    public void What_is_not_exact_says_so_in_json_and_in_the_table()
    {
        string[] command =
        [
            "measure", _place.Digits(), "--data", "glyphs:test", "--limit", "20", "--measures", "lipschitz-lower,geometric-complexity",
        ];
        var root = Workplace.Run([.. command, "--estimate", "3", "--json"]).Json;
        var lower = Measure(root, "lipschitz-lower");
        Assert.Equal(JsonValueKind.Null, lower.GetProperty("standardError").ValueKind);
        Assert.Equal((false, "lower"), (lower.GetProperty("exact").GetBoolean(), lower.GetProperty("bound").GetString()));
        Assert.False(lower.TryGetProperty("interval95", out _));
        var estimate = Measure(root, "geometric-complexity");
        var (value, error) = (estimate.GetProperty("value").GetDouble(), estimate.GetProperty("standardError").GetDouble());
        double[] interval = [.. estimate.GetProperty("interval95").EnumerateArray().Select(end => end.GetDouble())];
        Assert.Equal(value, interval.Average(), 1e-9 * value);
        Assert.True(interval[1] - interval[0] > 3.92 * error);

        var table = Workplace.Run(command).Output;
        Assert.Contains("lower bound", table);
        Assert.Contains("exact", table);
    }

    [Fact]
    public void Measures_come_in_the_order_asked_for_and_with_examples_when_asked_for()
    {
        var root = Workplace.Run("measure", _place.Linear(), "--data", _place.Points(), "--json", "--per-example", "--measures",
            "margin,geometric-complexity").Json;

        Assert.Equal(["margin", "geometric-complexity"], Ids(root));
        var perExample = Measure(root, "geometric-complexity")
            .GetProperty("perExample")
            .EnumerateArray()
            .Select(value => value.GetDouble())
            .ToArray();
        Assert.Equal(5, perExample.Length);
        Assert.All(perExample, value => Assert.Equal(Workplace.SquaredNorm, value, 1e-5));
    }

    [Fact]
    public void Sharpness_is_measured_as_the_options_say()
    {
        var root = Workplace.Run(
            "measure", _place.Linear(), "--data", _place.Points(), "--json", "--measures", "expected-sharpness,max-sharpness", "--alpha",
            "0.02", "--draws", "40", "--steps", "20").Json;

        var details = Measure(root, "expected-sharpness").GetProperty("details");
        Assert.Equal(0.02, details.GetProperty("alpha").GetDouble());
        Assert.Equal(40, details.GetProperty("draws").GetInt32());
        Assert.True(Measure(root, "expected-sharpness").GetProperty("standardError").GetDouble() > 0);
        Assert.True(Measure(root, "max-sharpness").GetProperty("details").TryGetProperty("trace.20", out _));
        Assert.Equal("20", Measure(root, "max-sharpness").GetProperty("parameters").GetProperty("steps").GetString());
    }

    [Fact]
    public void Distances_are_from_the_network_that_is_named_as_initial()
    {
        var root = Workplace.Run(
            "measure", _place.Linear(factor: 3), "--initial", _place.Linear("before.onnx"), "--data", _place.Points(), "--json",
            "--measures", "fro-dist,param-norm,group-norm", "--group-norm", "1,inf").Json;

        Assert.Equal(4 * Workplace.SquaredNorm, Measure(root, "fro-dist").GetProperty("value").GetDouble(), 1e-5);
        Assert.Equal(9 * Workplace.SquaredNorm, Measure(root, "param-norm").GetProperty("value").GetDouble(), 1e-5);
        Assert.Equal(21 * 21, Measure(root, "group-norm").GetProperty("value").GetDouble(), 1e-5);
    }

    [Theory]
    [InlineData("--initial", "absent.onnx", "is not there")]
    [InlineData("--group-norm", "0.5,2", "at least 1")]
    [InlineData("--group-norm", "2", "expected P,Q")]
    public void Options_of_weights_that_can_t_be_are_refused_in_one_line(string option, string value, string message)
    {
        var outcome = Workplace.Run("measure", _place.Linear(), "--data", _place.Points(), "--measures", "group-norm", option, value);

        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Contains(message, outcome.Error);
    }

    [Fact]
    public void An_initial_network_of_another_architecture_is_refused()
    {
        var outcome = Workplace.Run("measure", _place.Linear(), "--initial", _place.Mlp(), "--data", _place.Points());

        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Contains("expected the same architecture", outcome.Error);
    }

    [Theory]
    [InlineData("--alpha", "0")]
    [InlineData("--alpha", "-1e-3")]
    [InlineData("--alpha", "small")]
    [InlineData("--draws", "1")]
    [InlineData("--standard-error", "NaN")]
    [InlineData("--steps", "0")]
    public void Options_of_sharpness_out_of_range_are_refused_in_one_line(string option, string value)
    {
        var outcome =
            Workplace.Run("measure", _place.Linear(), "--data", _place.Points(), "--measures", "expected-sharpness", option, value);

        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Contains($"{option} {value} is out of range", outcome.Error);
    }

    [Fact]
    public void What_does_not_apply_has_a_reason_in_place_of_a_value()
    {
        var outcome = Workplace.Run(
            "measure", _place.Linear(), "--data", _place.Points(labels: false), "--json", "--measures", "geometric-complexity,margin");

        Assert.Equal(ExitCode.Success, outcome.Code);
        var margin = Measure(outcome.Json, "margin");
        Assert.Equal(JsonValueKind.Null, margin.GetProperty("value").ValueKind);
        Assert.Contains("labels", margin.GetProperty("notApplicable").GetString());
    }

    [Fact]
    public void Asking_for_nothing_but_what_does_not_apply_is_an_error()
    {
        var outcome = Workplace.Run("measure", _place.Linear(), "--data", _place.Points(labels: false), "--json", "--measures", "margin");

        AssertUserError(outcome, "margin can't be computed");
    }

    [Fact]
    public void An_estimate_says_so_and_has_an_error()
    {
        string[] command =
        [
            "measure", _place.Digits(), "--data", "glyphs:test", "--limit", "20", "--measures", "geometric-complexity", "--estimate", "4",
            "--seed", "1",
        ];
        var estimate = Measure(Workplace.Run([.. command, "--json"]).Json, "geometric-complexity");

        Assert.False(estimate.GetProperty("exact").GetBoolean());
        Assert.True(estimate.GetProperty("standardError").GetDouble() > 0);
        Assert.Contains("estimated", Workplace.Run(command).Output);
    }

    [Fact]
    public void The_table_shows_the_values_and_what_has_to_be_known_of_them()
    {
        var outcome = Workplace.Run("measure", _place.Linear(), "--data", _place.Points(labels: false));

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Matches(@"Geometric complexity\s+30\s+exact\s+Dherin et al\. 2022", outcome.Output);
        Assert.Contains("taken as the logits", outcome.Output);
        Assert.Matches(@"margin: .*labels", outcome.Output);
        Assert.DoesNotContain("\e[", outcome.Output);
        Assert.DoesNotContain(" \n", outcome.Output);
        Assert.Equal("", outcome.Error);
    }

    [Fact]
    public void Json_into_a_file_leaves_the_table_on_standard_output()
    {
        var file = _place.In("result.json");

        var outcome = Workplace.Run("measure", _place.Linear(), "--data", _place.Points(), "--json", file);

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Contains("Geometric complexity", outcome.Output);
        Assert.Equal(4, JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("measures").GetArrayLength());
    }

    [Fact]
    public void An_inner_node_can_be_the_output()
    {
        var root = Workplace.Run(
            "measure", _place.Mlp(), "--data", _place.Points(), "--output", "h", "--measures", "geometric-complexity,local-lipschitz",
            "--json").Json;

        Assert.Equal("h", root.GetProperty("network").GetProperty("output").GetString());
        Assert.Equal(8, root.GetProperty("network").GetProperty("outputs").GetInt32());
    }

    [Theory]
    [InlineData("float64", 1e-12)]
    [InlineData("float32", 1e-5)]
    [InlineData("bfloat16", 0.5)]
    public void The_precision_is_that_asked_for(string precision, double tolerance)
    {
        var root = Workplace.Run(
            "measure", _place.Linear(), "--data", _place.Points(), "--measures", "geometric-complexity", "--precision", precision,
            "--json").Json;

        Assert.Equal(precision, root.GetProperty("network").GetProperty("precision").GetString());
        Assert.Equal(Workplace.SquaredNorm, Measure(root, "geometric-complexity").GetProperty("value").GetDouble(), tolerance);
    }

    [Theory]
    [InlineData("none.onnx", "points.npz")]
    [InlineData("points.npz", "points.npz")]
    [InlineData("linear.onnx", "none.npz")]
    [InlineData("linear.onnx", "linear.onnx")]
    public void Files_that_can_not_be_used_are_one_line(string network, string data)
    {
        _place.Linear();
        _place.Points();

        AssertUserError(Workplace.Run("measure", _place.In(network), "--data", _place.In(data), "--json"), "");
    }

    [Fact]
    public void Data_of_another_shape_are_an_error() =>
        AssertUserError(
            Workplace.Run("measure", _place.Linear(), "--data", "glyphs:test", "--limit", "5"), "the network takes examples of 2");

    [Fact]
    public void A_mistake_that_shows_late_leaves_no_file()
    {
        var network = _place.Linear();
        var points = _place.Points();

        var outcome = Workplace.Run("measure", network, "--data", points, "--device", "nowhere", "--json", _place.In("result.json"));

        AssertUserError(outcome, "unknown device 'nowhere'");
        Assert.Equal(["linear.onnx", "points.npz"], _place.Files);
    }

    [Theory]
    [InlineData("no/folder/result.json", "its folder does not exist")]
    [InlineData("", "it is a folder")]
    public void A_file_that_can_not_be_written_is_told_before_anything_is_computed(string file, string reason)
    {
        var points = _place.Points();
        var network = _place.Linear();

        var outcome = Workplace.Run("measure", network, "--data", points, "--json", _place.In(file));

        AssertUserError(outcome, reason);
        Assert.Equal(["linear.onnx", "points.npz"], _place.Files);
    }

    [Fact]
    public void A_full_disk_is_an_error()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");

        var outcome = Workplace.Run("measure", _place.Linear(), "--data", _place.Points(), "--json", "/dev/full");

        AssertUserError(outcome, "can't write '/dev/full'");
    }

    [Fact]
    public void An_interrupted_run_says_so()
    {
        var error = new StringWriter();
        var output = new StringWriter();

        var code = CommandLine.Run(
            ["measure", _place.Linear(), "--data", _place.Points()],
            new Session(output, error) { Cancellation = new CancellationToken(canceled: true) });

        Assert.Equal(ExitCode.Interrupted, code);
        Assert.Equal("occam: interrupted\n", error.ToString());
        Assert.Equal("", output.ToString());
    }

    internal static void AssertUserError(Workplace.Outcome outcome, string message)
    {
        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Equal("", outcome.Output);
        Assert.StartsWith("occam: ", outcome.Error);
        Assert.Contains(message, outcome.Error);
        Assert.Equal(1, outcome.Error.Count(letter => letter == '\n'));
    }

    internal static JsonElement Measure(JsonElement root, string id) =>
        root.GetProperty("measures").EnumerateArray().Single(measure => measure.GetProperty("id").GetString() == id);

    private static IEnumerable<string> NamesOf(JsonElement element) => element.EnumerateObject().Select(property => property.Name);

    private static IEnumerable<string> Ids(JsonElement root) =>
        root.GetProperty("measures").EnumerateArray().Select(measure => measure.GetProperty("id").GetString()!);
}
