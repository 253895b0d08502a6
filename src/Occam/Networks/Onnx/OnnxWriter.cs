using System.Runtime.InteropServices;
using Google.Protobuf;
using Occam.Torch;
using static Occam.Networks.Onnx.AttributeProto.Types;

namespace Occam.Networks.Onnx;

/// <summary>Writes ONNX files. What is read back has every value, bit for bit, and every node in its order. A digest of
/// the bytes stands at the end, which is checked when Occam reads them.</summary>
public static class OnnxWriter
{
    // A protobuf message is shorter than 2 GiB.
    private const long MostBytes = 2_000_000_000;

    /// <summary>Writes a graph, whole or not at all.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="OccamException">
    /// The file can't be written, the weights don't fit in one ONNX file, or an operator isn't in the graph's operator set, which no other
    /// program could read.
    /// </exception>
    public static void Write(Graph graph, string path)
    {
        var bytes = graph.Initializers.Values.Sum(tensor => tensor.Elements * ElementBytes(tensor.ScalarType));
        if (bytes > MostBytes)
        {
            throw new OccamException(
                $"can't write '{path}': the weights are {bytes:N0} bytes, more than the {MostBytes:N0} that one ONNX file holds");
        }

        if (NewerOperators.In(graph) is { } newer)
        {
            throw new OccamException($"can't write '{path}': {newer}");
        }

        var model = ToModel(graph);
        AtomicFile.Write(path, stream =>
        {
            model.WriteTo(stream);
            if (stream.CanRead && stream.CanSeek)
            {
                TrailingDigest.OfNetworks.Write(stream);
            }
        });
    }

    private static ModelProto ToModel(Graph graph)
    {
        var proto = new GraphProto { Name = graph.Name };
        proto.Input.AddRange(graph.Inputs.Select(ToProto));
        proto.Output.AddRange(graph.Outputs.Select(ToProto));
        proto.Node.AddRange(graph.Nodes.Select(ToProto));
        foreach (var (name, tensor) in graph.Initializers.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var stored = ToProto(tensor);
            stored.Name = name;
            proto.Initializer.Add(stored);
        }

        var model = new ModelProto
        {
            IrVersion = IrVersion(graph.Opset),
            ProducerName = "occam",
            ProducerVersion = typeof(OnnxWriter).Assembly.GetName().Version!.ToString(3),
            Graph = proto,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = graph.Opset } },
        };
        model.OpsetImport.AddRange(graph.Nodes
            .Select(node => node.Domain)
            .Where(domain => domain.Length > 0)
            .Distinct()
            .Select(domain => new OperatorSetIdProto { Domain = domain, Version = 1 }));
        return model;
    }

    // The version of the file format that came with each operator set: a reader of that time takes no newer one.
    private static long IrVersion(int opset) => opset switch
    {
        <= 11 => 6,
        <= 14 => 7,
        <= 18 => 8,
        <= 20 => 9,
        <= 22 => 10,
        23 => 11,
        _ => 12,
    };

    private static ValueInfoProto ToProto(ValueInfo value)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)ElementTypes.ToOnnx(value.Type) };
        if (!value.Shape.IsDefault)
        {
            tensor.Shape = new TensorShapeProto();
            for (var i = 0; i < value.Shape.Length; i++)
            {
                var size = new TensorShapeProto.Types.Dimension();
                if (value.Shape[i] is { } known)
                {
                    size.DimValue = known;
                }
                else if (!value.Symbols.IsDefault && value.Symbols[i] is { } symbol)
                {
                    size.DimParam = symbol;
                }
                else if (i == 0)
                {
                    size.DimParam = "batch";
                }

                tensor.Shape.Dim.Add(size);
            }
        }

        return new ValueInfoProto { Name = value.Name, Type = new TypeProto { TensorType = tensor } };
    }

    private static NodeProto ToProto(Node node)
    {
        var proto = new NodeProto { Name = node.Name, OpType = node.OperatorType };
        if (node.Domain.Length > 0)
        {
            proto.Domain = node.Domain;
        }

        proto.Input.AddRange(node.Inputs.Take(Subgraph.Of(node).Select(graph => graph.CapturedAt).DefaultIfEmpty(int.MaxValue).Min()));
        proto.Output.AddRange(node.Outputs);
        proto.Attribute.AddRange(node.Attributes.All.Select(pair => pair.Value is Subgraph subgraph
            ? new AttributeProto { Name = pair.Key, Type = AttributeType.Graph, G = ToProto(subgraph, node) }
            : ToProto(pair.Key, pair.Value)));
        return proto;
    }

    // In a file a graph inside a node calls the values around it by the names that they have there.
    private static GraphProto ToProto(Subgraph subgraph, Node node)
    {
        var graph = subgraph.Graph;
        var outside = subgraph.CapturedNames.Select((name, i) => (name, node.Inputs[subgraph.CapturedAt + i])).ToDictionary();
        string Renamed(string name) => outside.GetValueOrDefault(name, name);
        var proto = new GraphProto { Name = graph.Name.Length > 0 ? graph.Name : node.Name };
        proto.Input.AddRange(graph.Inputs.Take(subgraph.Handed).Select(ToProto));
        proto.Output.AddRange(graph.Outputs.Select(output => ToProto(output with { Name = Renamed(output.Name) })));
        proto.Node.AddRange(graph.Nodes.Select(inner => ToProto(inner with { Inputs = [.. inner.Inputs.Select(Renamed)] })));
        return proto;
    }

    private static AttributeProto ToProto(string name, object value)
    {
        var proto = new AttributeProto { Name = name };
        switch (value)
        {
            case long number:
                (proto.Type, proto.I) = (AttributeType.Int, number);
                break;
            case double number:
                (proto.Type, proto.F) = (AttributeType.Float, (float)number);
                break;
            case string text:
                (proto.Type, proto.S) = (AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case Tensor tensor:
                (proto.Type, proto.T) = (AttributeType.Tensor, ToProto(tensor));
                break;
            case long[] numbers:
                proto.Type = AttributeType.Ints;
                proto.Ints.AddRange(numbers);
                break;
            case double[] numbers:
                proto.Type = AttributeType.Floats;
                proto.Floats.AddRange(numbers.Select(number => (float)number));
                break;
            case string[] texts:
                proto.Type = AttributeType.Strings;
                proto.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                break;
            default:
                throw new ArgumentException($"attribute '{name}' is a {value.GetType().Name}, which ONNX has no kind for", nameof(value));
        }

        return proto;
    }

    private static TensorProto ToProto(Tensor tensor)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var type = tensor.ScalarType;
        var plain = tensor.To(Device.Cpu).Contiguous();
        var proto = new TensorProto
        {
            DataType = (int)ElementTypes.ToOnnx(type),
            RawData = ElementBytes(type) switch
            {
                8 => ByteString.CopyFrom(MemoryMarshal.AsBytes(plain.AsSpan<long>())),
                4 => ByteString.CopyFrom(MemoryMarshal.AsBytes(plain.AsSpan<int>())),
                2 => ByteString.CopyFrom(MemoryMarshal.AsBytes(plain.AsSpan<ushort>())),
                _ => ByteString.CopyFrom(plain.AsSpan<byte>()),
            },
        };
        proto.Dims.AddRange(tensor.Shape);
        return proto;
    }

    private static int ElementBytes(ScalarType type) => type switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        _ => 1,
    };
}
