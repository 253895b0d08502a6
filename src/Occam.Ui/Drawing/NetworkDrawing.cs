using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Occam.Networks;
using Occam.Networks.Inspection;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Ui.Drawing;

/// <summary>A network's graph as the browser draws it: nodes, what flows between them, and the weights of each.</summary>
public static class NetworkDrawing
{
    private const int MostNodes = 5_000;
    private const int MostAttribute = 120;

    /// <summary>The graph of a file, as JSON.</summary>
    /// <exception cref="OccamException">It is no network, has no graph, or one too large to be drawn.</exception>
    public static ReadOnlyMemory<byte> Of(string path)
    {
        var loaded = NetworkLoader.Load(path);
        var network = loaded.AsWritten ?? throw new OccamException($"'{path}' has no graph to draw");
        if (network.Graph.Nodes.Length > MostNodes)
        {
            throw new OccamException($"'{path}' has {network.Graph.Nodes.Length:N0} nodes, more than the {MostNodes:N0} that are drawn");
        }

        var layers = NetworkDescription.Of(network).Layers.ToLookup(layer => layer.Name);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("parameters", loaded.ParameterCount);
            if (network.Graph.Input.ExampleShape is { IsDefault: false } shape && shape.All(size => size is not null))
            {
                json.WriteStartArray("exampleShape");
                foreach (var size in shape)
                {
                    json.WriteNumberValue(size!.Value);
                }

                json.WriteEndArray();
            }

            WriteValues(json, "inputs", network.Graph.Inputs);
            WriteValues(json, "outputs", network.Graph.Outputs);
            json.WriteStartArray("nodes");
            foreach (var node in network.Graph.Nodes)
            {
                Write(json, network.Graph, node, layers[node.Name].FirstOrDefault());
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteValues(Utf8JsonWriter json, string name, IEnumerable<ValueInfo> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStartObject();
            json.WriteString("name", value.Name);
            json.WriteString("shape", value.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Graph graph, Node node, LayerDescription? layer)
    {
        json.WriteStartObject();
        json.WriteString("name", node.Name);
        json.WriteString("operator", node.OperatorType);
        WriteNames(json, "inputs", node.Inputs.Where(name => !graph.Initializers.ContainsKey(name)));
        WriteNames(json, "outputs", node.Outputs);
        if (layer is not null)
        {
            json.WriteString("linearity", KebabCase.Kebab(layer.Linearity.ToString()));
            json.WriteNumber("parameters", layer.Parameters);
            if (!layer.OutputShape.IsDefault)
            {
                json.WriteString("shape", string.Join(" × ", layer.OutputShape));
            }
        }

        WriteWeights(json, graph, node);
        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, string key, IEnumerable<string> names)
    {
        json.WriteStartArray(key);
        foreach (var name in names.Where(name => name.Length > 0))
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    // Each stored tensor of a node with what a person asks of its numbers first.
    private static void WriteWeights(Utf8JsonWriter json, Graph graph, Node node)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        json.WriteStartArray("weights");
        foreach (var name in node.Inputs.Where(graph.Initializers.ContainsKey))
        {
            var tensor = graph.Initializers[name];
            json.WriteStartObject();
            json.WriteString("name", name.Length > MostAttribute ? name[..MostAttribute] : name);
            json.WriteString("shape", tensor.Dimensions == 0 ? "1" : string.Join(" × ", tensor.Shape.ToArray().Select(Text)));
            if (tensor.IsFloatingPoint && tensor.Elements > 0)
            {
                var values = tensor.To(ScalarType.Float64);
                WriteFinite(json, "norm", values.Norm().Item());
                WriteFinite(json, "mean", values.Mean().Item());
                WriteFinite(json, "largest", values.Abs().Reshape(-1).AMax([-1]).Item());
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFinite(Utf8JsonWriter json, string key, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumber(key, number);
        }
    }

    private static string Text(long size) => size.ToString(CultureInfo.InvariantCulture);
}
