using System.Collections.Immutable;
using Google.Protobuf;
using Occam.Data;
using Occam.Torch;
using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Networks.Onnx;

/// <summary>
/// Reads ONNX files: operator sets 1 to 26 (nodes before 11 get the forms of 11), any number of inputs and outputs, tensors in the
/// file or in files in its folder. Floating-point tensors all come in one type: float64 when every stored one with dimensions is,
/// float32 otherwise. The file isn't trusted: what doesn't fit together is refused before memory is taken for it.
/// </summary>
public static class OnnxReader
{
    /// <summary>The oldest operator set that is read.</summary>
    public const int OldestOpset = 1;

    /// <summary>The newest operator set that is read.</summary>
    public const int NewestOpset = 26;

    private const long LargeFile = 1 << 20;

    private static readonly MessageParser<ModelProto> s_parser = ModelProto.Parser.WithDiscardUnknownFields(true);

    /// <summary>Reads a graph.</summary>
    /// <param name="path">The file; tensors kept outside it are looked for in its folder only.</param>
    /// <exception cref="OccamException">The file can't be read, isn't ONNX, or doesn't fit together.</exception>
    public static Graph Read(string path)
    {
        try
        {
            return ToGraph(Parse(path), Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (OccamException e)
        {
            throw new OccamException($"{Message.Clean(path)}: {e.Message}", e);
        }
    }

    private static ModelProto Parse(string path)
    {
        try
        {
            using var file = PlainFile.Open(path);
            if (file.Length < LargeFile)
            {
                return TrailingDigest.OfNetworks.Check(file) == false ? throw Damaged() : ParseWhole(file);
            }

            // Of a large file checking takes as long as reading: both at once. What is damaged is told so, whatever the reading says.
            var check = TrailingDigest.OfNetworks.CheckBeside(file);
            try
            {
                var model = ParseWhole(file);
                return check.GetAwaiter().GetResult() == false ? throw Damaged() : model;
            }
            catch (Exception) when (check.GetAwaiter().GetResult() == false)
            {
                throw Damaged();
            }
            finally
            {
                Task.WaitAny(check);
            }
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new OccamException($"not an ONNX model, or a damaged one: {Message.Clean(e.Message)}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OccamException($"can't be read: {Message.Clean(e.Message)}", e);
        }
    }

    private static OccamException Damaged() => new("damaged: it is not as it was written, for its digest does not agree");

    private static ModelProto ParseWhole(Stream file)
    {
        MessageCount.Check(file);
        return s_parser.ParseFrom(file);
    }

    private static Graph ToGraph(ModelProto model, string folder)
    {
        if (model.Graph is not { } proto || (proto.Node.Count == 0 && proto.Output.Count == 0))
        {
            throw new OccamException("not an ONNX model, or an empty one: it has no nodes");
        }

        var written = Opset(model);
        var opset = written;
        FunctionInliner.Inline(model, opset);
        var floatType = FloatType(proto);
        var tensors = new TensorReader(folder, floatType);
        var initializers = ReadInitializers(proto, tensors);
        var inputs = ReadInputs(proto, initializers, floatType);
        var subgraphs = new SubgraphReader(proto, tensors, floatType, opset);
        var unsorted = ReadNodes(proto, tensors, subgraphs).ConvertAll(new StoredTypes(proto).Told);
        initializers = initializers.AddRange(subgraphs.Stored);
        var known = initializers.Keys.Concat(inputs.Select(input => input.Name)).ToHashSet();
        var nodes = TopologicalOrder.Sort(unsorted, known);
        (nodes, initializers) = StoredTensors.Gather(
            nodes, initializers, floatType, proto.Output.Select(value => value.Name).ToHashSet());
        (nodes, initializers, opset) = OlderForms.Renew(opset, floatType, nodes, initializers, inputs);
        (nodes, initializers) = FusedForms.TakeApart(opset, floatType, nodes, initializers, inputs);
        var computed = nodes.SelectMany(node => node.Outputs).ToHashSet();
        var outputs = proto.Output.Select(value => ReadValueInfo(value, floatType)).ToImmutableArray();
        if (outputs.IsEmpty)
        {
            throw new OccamException("the model has no output");
        }

        if (outputs.FirstOrDefault(output => !computed.Contains(output.Name) && !known.Contains(output.Name)) is { } missing)
        {
            throw new OccamException(nodes.IsEmpty
                ? "not an ONNX model, or an empty one: it has no nodes"
                : $"the model's output '{missing.Name}' is computed by none of its nodes");
        }

        var function = FunctionInput(inputs);
        return StoredFills.Apply(new Graph
        {
            Name = Message.Clean(proto.Name),
            Opset = opset,
            FileOpset = opset == written ? null : written,
            Input = function,
            Held = [.. inputs.Where(input => input != function)],
            Outputs = outputs,
            Nodes = nodes,
            Initializers = initializers,
        });
    }

    private static int Opset(ModelProto model)
    {
        var opset = model.OpsetImport.FirstOrDefault(import => import.Domain is "" or "ai.onnx")?.Version
            ?? throw new OccamException("the model doesn't say which version of ONNX's operator set it is written in");
        return opset is >= OldestOpset and <= NewestOpset
            ? (int)opset
            : throw new OccamException($"the model is written in version {opset} of ONNX's operator set: Occam reads versions "
                + $"{OldestOpset} to {NewestOpset}");
    }

    private static ScalarType FloatType(GraphProto proto)
    {
        var weights = proto.Initializer
            .Concat(proto.Node.Where(node => node.OpType == "Constant").SelectMany(node => node.Attribute).Select(value => value.T))
            .Where(tensor => tensor is { Dims.Count: > 0 } && ElementTypes.IsFloatingPoint(tensor.DataType))
            .Select(tensor => tensor.DataType);
        var declared = proto.Input.Concat(proto.Output)
            .Select(value => value.Type?.TensorType?.ElemType ?? 0)
            .FirstOrDefault(ElementTypes.IsFloatingPoint);
        var types = weights.DefaultIfEmpty(declared);
        return types.All(type => type == (int)DataType.Double) ? ScalarType.Float64 : ScalarType.Float32;
    }

    private static ImmutableDictionary<string, Tensor> ReadInitializers(GraphProto proto, TensorReader tensors)
    {
        var initializers = ImmutableDictionary.CreateBuilder<string, Tensor>();
        foreach (var tensor in proto.Initializer)
        {
            var name = ModelNames.Checked(tensor.Name);
            if (name.Length == 0 || initializers.ContainsKey(name))
            {
                throw new OccamException(name.Length == 0 ? "an initializer has no name" : $"there are two initializers '{name}'");
            }

            initializers[name] = tensors.Read(tensor, $"initializer '{name}'");

            // The bytes aren't needed twice.
            tensor.ClearRawData();
        }

        return initializers.ToImmutable();
    }

    // Until IR version 4 every initializer stood among the inputs as well.
    private static ImmutableArray<ValueInfo> ReadInputs(
        GraphProto proto, ImmutableDictionary<string, Tensor> initializers, ScalarType floatType)
    {
        ValueInfo[] inputs =
            [.. proto.Input.Where(input => !initializers.ContainsKey(input.Name)).Select(input => ReadValueInfo(input, floatType))];
        return inputs.FirstOrDefault(input => input.Name.Length == 0 || inputs.Count(other => other.Name == input.Name) > 1) is { } odd
            ? throw new OccamException(odd.Name.Length == 0 ? "an input has no name" : $"there are two inputs '{odd.Name}'")
            : [.. inputs];
    }

    // A function can be differentiated by floating-point numbers alone: the first input that has them is what it is of. A model without
    // inputs is a function of nothing.
    private static ValueInfo FunctionInput(ImmutableArray<ValueInfo> inputs) =>
        inputs.FirstOrDefault(input => input.Type is ScalarType.Float32 or ScalarType.Float64)
            ?? inputs.FirstOrDefault()
            ?? Graph.NoInput;

    private static ValueInfo ReadValueInfo(ValueInfoProto proto, ScalarType floatType)
    {
        var name = ModelNames.Checked(proto.Name);
        var elementType = proto.Type?.TensorType?.ElemType ?? 0;
        var type = ElementTypes.Stored(elementType) is { } stored && !ElementTypes.IsFloatingPoint(elementType) ? stored : floatType;
        if (proto.Type?.TensorType?.Shape is not { } shape)
        {
            return new ValueInfo(name, type, default) { ElementType = elementType };
        }

        var sizes = shape.Dim.Select(size => size.HasDimValue ? size.DimValue : (long?)null).ToImmutableArray();
        var symbols = shape.Dim.Select(size => size.HasDimParam && size.DimParam.Length > 0 ? ModelNames.Checked(size.DimParam) : null);
        return sizes.All(size => size is null or >= 0) && Limits.Elements([.. sizes.Select(size => size ?? 1)]) <= Limits.MostElements
            ? new ValueInfo(name, type, sizes) { ElementType = elementType, Symbols = [.. symbols] }
            : throw new OccamException(
                $"'{name}' has the shape "
                    + $"{Message.Clean(string.Join("×", sizes.Select(size => size?.ToString() ?? "?")))}: expected sizes of 0 "
                        + $"or more, and at most {Limits.MostElements:N0} elements in all");
    }

    /// <summary>Reads the nodes of a graph.</summary>
    internal static List<Node> ReadNodes(GraphProto proto, TensorReader tensors, SubgraphReader subgraphs)
    {
        var names = proto.Node.Select(node => node.Name).ToHashSet();
        var taken = new HashSet<string>();
        var nodes = new List<Node>(proto.Node.Count);
        foreach (var node in proto.Node)
        {
            var type = ModelNames.Checked(node.OpType);
            var name = ModelNames.Checked(node.Name);
            if (name.Length == 0 || !taken.Add(name))
            {
                var stem = $"{(name.Length == 0 ? type : name)}_{nodes.Count}";
                name = stem;
                for (var i = 2; names.Contains(name) || !taken.Add(name); i++)
                {
                    name = $"{stem}_{i}";
                }
            }

            var owner = $"{type} '{name}'";
            if (node.Output.All(output => output.Length == 0))
            {
                throw new OccamException($"{owner} has no output");
            }

            var read = new Node(
                name,
                type,
                node.Domain == "ai.onnx" ? "" : ModelNames.Checked(node.Domain),
                [.. node.Input.Select(ModelNames.Checked)],
                [.. node.Output.Select(ModelNames.Checked)],
                AttributeReader.Read(node, owner, tensors));
            nodes.Add(subgraphs.Complete(read, node));
        }

        return nodes;
    }
}
