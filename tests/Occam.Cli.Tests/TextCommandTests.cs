using System.Text.Json;
using Occam.Cli.Running;
using Occam.Networks;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class TextCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>The logits are embeddings times a matrix: each token has the matrix's norm, and moves itself alone.</summary>
    [Fact]
    public void A_network_without_a_context_moves_with_each_token_alike()
    {
        var (json, html) = (_place.In("text.json"), _place.In("text.html"));
        var outcome = Workplace.Run("text", Network(), "--tokens", "1 0 2", "--json", json, "--html", html);
        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Contains("perplexity", outcome.Output);
        using var document = JsonDocument.Parse(File.ReadAllBytes(json));
        var root = document.RootElement;
        Assert.Equal("next", root.GetProperty("target").GetString());
        Assert.All(root.GetProperty("tokens").EnumerateArray(), token => Assert.Equal(30, token.GetProperty("squaredNorm").GetDouble(), 4));
        Assert.Equal(90, root.GetProperty("squaredNorm").GetDouble(), 4);
        var predictions = root.GetProperty("predictions").EnumerateArray().ToArray();
        Assert.Equal(2, predictions.Length);
        Assert.All(predictions, (prediction, s) => Assert.All(
            prediction.GetProperty("influence").EnumerateArray(), (value, t) => Assert.Equal(s == t, value.GetDouble() > 0)));
        Assert.Contains("class=\"shaded\"", File.ReadAllText(html));
    }

    [Fact]
    public void Mistakes_end_in_a_line()
    {
        Assert.Contains("give the text once", Workplace.Run("text", Network()).Error);
        Assert.Contains("--tokenizer FILE is missing", Workplace.Run("text", Network(), "--text", "a").Error);
        Assert.Contains("takes no token ids", Workplace.Run("text", _place.Mlp(), "--tokens", "1").Error);
        Assert.Contains("fewer are taken by --limit", Workplace.Run("text", Network(), "--tokens", "1 7").Error);
        Assert.Equal(ExitCode.Success, Workplace.Run("text", Network(), "--tokens", "1 7", "--limit", "1").Code);
    }

    private string Network()
    {
        var graph = new Graph
        {
            Opset = 17,
            Input = new ValueInfo("ids", ScalarType.Int64, [null, null]),
            Outputs = [new ValueInfo("y", ScalarType.Float32, [null, null, 4])],
            Nodes =
            [
                new Node("e", "Gather", "", ["table", "ids"], ["e"], Attributes.Of()),
                new Node("y", "MatMul", "", ["e", "head"], ["y"], Attributes.Of()),
            ],
            Initializers = [],
        };
        graph = graph with
        {
            Initializers = graph.Initializers
                .Add("table", Tensor.FromArray([0.5f, 0, 0, 1, 1, 1, -1, 0.25f], 4, 2))
                .Add("head", Tensor.FromArray([1f, 2, 0, 0, 3, 0, 4, 0], 2, 4)),
        };
        OnnxWriter.Write(graph, _place.In("text.onnx"));
        return _place.In("text.onnx");
    }
}
