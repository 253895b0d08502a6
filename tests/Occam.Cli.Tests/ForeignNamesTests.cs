using System.Collections.Immutable;
using Occam.Cli.Running;
using Occam.Networks;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>Names that strangers chose: what a terminal would obey is shown as an escape, and a long name in part.</summary>
public sealed class ForeignNamesTests : IDisposable
{
    private const string Escape = "a\u001b[2J\u001b]0;title\u0007b\u202ec\r\u009bd";
    private static readonly string s_long = Escape + new string('n', 20_000);

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Names_in_a_network_are_shown_as_they_can_be(bool isLong)
    {
        var name = isLong ? s_long : Escape;
        var path = Network(name, new Node($"{name}.first", "Gemm", "", [$"{name}.x", $"{name}.w"], [$"{name}.y"], Attributes.None));
        var data = _place.Points();

        foreach (var command in (string[][])
        [
            ["inspect", path], ["measure", path, "--data", data], ["measure", path, "--data", data, "--json"],
            ["verify", "--network", path, "--data", data], ["compare", path, path, "--data", data],
            ["compare", path, path, "--data", data, "--markdown"], ["run", path, "--data", data, "--out", _place.In("out.npz")],
        ])
        {
            IsHarmless(Workplace.Run(command));
        }
    }

    [Fact]
    public void Words_in_attributes_are_shown_as_they_can_be()
    {
        foreach (var word in (string[])[Escape, s_long])
        {
            var unknown = Network("n", new Node("n", "Resize", "", ["n.x", "", "n.w"], ["n.y"], Attributes.Of([("mode", word)])));
            var ofType = Network("n", new Node("n", word, "", ["n.x", "n.w"], ["n.y"], Attributes.None));
            var ofDomain = Network("n", new Node("n", "Gemm", word, ["n.x", "n.w"], ["n.y"], Attributes.None));
            foreach (var path in (string[])[unknown, ofType, ofDomain])
            {
                foreach (var command in (string[][])[["inspect", path], ["measure", path, "--data", _place.Points()]])
                {
                    IsHarmless(Workplace.Run(command));
                }
            }
        }
    }

    [Fact]
    public void The_name_of_a_runs_folder_is_shown_as_it_can_be()
    {
        var (root, file) = (_place.In("runs"), _place.In("run.yaml"));
        File.WriteAllText(file, """
            network: { id: mlp, hidden: [3] }
            data: { id: waves, frequency: 0.5, train: 10, test: 5 }
            loss: mse
            optimizer: { id: sgd, learning-rate: 0.05 }
            steps: 2
            """);
        var name = Escape.Replace("/", "");
        var folder = Path.Combine(root, name);

        IsHarmless(Workplace.Run("train", file, "--out", folder), ExitCode.Success);
        IsHarmless(Workplace.Run("runs", "--root", root), ExitCode.Success);
        IsHarmless(Workplace.Run("runs", "show", name, "--root", root), ExitCode.Success);
        IsHarmless(Workplace.Run("runs", "check", "--root", root), ExitCode.Success);
        IsHarmless(Workplace.Run("runs", "query", "SELECT run FROM runs", "--root", root), ExitCode.Success);
        IsHarmless(Workplace.Run("runs", "show", name + "?", "--root", root), ExitCode.UserError);
    }

    private string Network(string name, Node node)
    {
        var path = _place.In($"{Guid.NewGuid():N}.onnx");
        OnnxWriter.Write(
            new Graph
            {
                Opset = 17,
                Input = new ValueInfo($"{name}.x", ScalarType.Float32, [null, 2]),
                Outputs = [new ValueInfo($"{name}.y", ScalarType.Float32, default)],
                Nodes = [node],
                Initializers = new Dictionary<string, Tensor> { [$"{name}.w"] = Tensor.FromArray([1f, 2f, 3f, 4f], 2, 2) }
                    .ToImmutableDictionary(),
            },
            path);
        return path;
    }

    private static void IsHarmless(Workplace.Outcome outcome, int? code = null)
    {
        Assert.True(code is null ? outcome.Code is ExitCode.Success or ExitCode.UserError : outcome.Code == code, outcome.Error);
        var text = outcome.Output + outcome.Error;
        Assert.DoesNotContain(text.AsEnumerable(), letter => (char.IsControl(letter) && letter != '\n') || letter is '\u202e');
        Assert.DoesNotContain(text.Split('\n'), line => line.Length > 9_000);
    }
}
