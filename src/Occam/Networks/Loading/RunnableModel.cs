using System.Collections.Immutable;
using Occam.Data;
using Occam.Networks.Onnx;
using Occam.Networks.Rewrites;
using Occam.Torch;

namespace Occam.Networks.Loading;

/// <summary>
/// An ONNX file as it is, to be run: any inputs and outputs, batch or not, nothing cut off. Arrays go in and come out in the
/// types that the file declares.
/// </summary>
public sealed class RunnableModel
{
    // The position that is taken of a value, whose name it has.
    private readonly (PositionChoice Position, string Of)? _position;

    private RunnableModel(
        string path, Network network, ImmutableArray<ValueInfo> outputs, (PositionChoice Position, string Of)? position = null)
    {
        Path = path;
        Network = network;
        Outputs = outputs;
        _position = position;
        var graph = network.Graph;
        Inputs = [.. graph.Inputs.Where(input =>
            graph.Consumers.Contains(input.Name) || outputs.Any(output => output.Name == input.Name))];
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The graph behind it, with what the outputs need.</summary>
    public Network Network { get; }

    /// <summary>The inputs that the outputs are computed from.</summary>
    public ImmutableArray<ValueInfo> Inputs { get; }

    /// <summary>The outputs.</summary>
    public ImmutableArray<ValueInfo> Outputs { get; }

    /// <summary>The nodes that the file has in training mode; they are run as in evaluation.</summary>
    public IEnumerable<Node> NodesInTraining => TrainingMode.NodesOf(Network);

    /// <summary>
    /// The name of what one differentiates by: the first input of floating-point numbers that is no mask, or the word embedding that
    /// token ids go into; null where there is neither.
    /// </summary>
    public string? Differentiable => Inputs.IsEmpty ? null
        : FunctionInput.Find(new Network(Network.Graph with { Input = Inputs[0], Held = Inputs[1..] }))?.Value;

    /// <summary>Loads a file.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="outputs">Names of values or nodes that are the outputs; those of the model when there are none.</param>
    /// <exception cref="OccamException">The file can't be read, has no such values, or has an operator that isn't known.</exception>
    public static RunnableModel Load(string path, params IReadOnlyCollection<string> outputs) => Load(path, null, outputs);

    /// <summary>Loads a file, and takes a position of the first output, which is n × T × V, in place of the whole.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="position">The position; all of them when null.</param>
    /// <param name="outputs">Names of values or nodes that are the outputs; those of the model when there are none.</param>
    /// <exception cref="OccamException">The file can't be read, has no such values, or has an operator that isn't known.</exception>
    internal static RunnableModel Load(string path, PositionChoice? position, IReadOnlyCollection<string> outputs)
    {
        var graph = !NetworkLoader.IsTorchScript(path) ? OnnxReader.Read(path)
            : throw new OccamException($"{Message.Clean(path)} is TorchScript, whose inputs and outputs have no names: export the "
                + "network to ONNX to run it on arrays");
        try
        {
            ImmutableArray<ValueInfo> chosen = outputs.Count == 0 ? graph.Outputs : [.. outputs.Select(name => Chosen(graph, name))];
            chosen = [.. chosen.DistinctBy(output => output.Name)];
            string? whole = null;
            if (position is not null)
            {
                (graph, whole) = position.InPlaceOf(graph, chosen[0].Name);
                chosen = [chosen[0] with { Shape = default }, .. chosen[1..]];
            }

            var needed = KeepNeeded.Apply(graph, chosen.Select(output => output.Name)) with { Outputs = chosen };
            if (ResolveSequences.Has(needed))
            {
                needed = KeepNeeded.Apply(
                    ResolveSequences.Apply(ResolveControlFlow.Apply(needed)), chosen.Select(output => output.Name));
            }

            return new RunnableModel(path, new Network(needed), chosen, position is null ? null : (position, whole!));
        }
        catch (OccamException e)
        {
            throw new OccamException($"{Message.Clean(path)}: {e.Message}", e);
        }
    }

    /// <summary>
    /// The same computing in another precision or on another device. In float64, where the file has another, its floating-point
    /// outputs are in float64, too.
    /// </summary>
    public RunnableModel To(ScalarType type, Device device) => new(
        Path,
        Network.To(type, device),
        type == ScalarType.Float64 && type != Network.Type
            ? [.. Outputs.Select(output => new DeclaredType(output.ElementType).IsFloatingPoint
                ? output with { ElementType = DeclaredType.Float64.Number }
                : output)]
            : Outputs,
        _position);

    /// <summary>A value of the graph, by its own name or by that of the node whose first output it is.</summary>
    /// <exception cref="OccamException">There is none, or the outputs don't need it.</exception>
    public ValueInfo Find(string name) => Chosen(Network.Graph, name);

    /// <summary>The array that each input takes, by name; the only input also takes one by the name of x.</summary>
    /// <param name="names">The names of the arrays.</param>
    /// <param name="source">Where they are, for messages.</param>
    /// <param name="others">The inputs that take none.</param>
    /// <exception cref="OccamException">An input has no array.</exception>
    public ImmutableDictionary<string, string> Match(
        IReadOnlyCollection<string> names, string source, IEnumerable<string>? others = null)
    {
        ValueInfo[] taking = [.. Inputs.Where(input => others?.Contains(input.Name) is not true)];
        return taking.ToImmutableDictionary(input => input.Name, input => names.Contains(input.Name) ? input.Name
            : taking.Length == 1 && names.Contains(NpzFile.OnlyArray) ? NpzFile.OnlyArray
            : throw Missing(input, names, source));
    }

    /// <summary>Computes the outputs from arrays.</summary>
    /// <param name="arrays">An array for each of <see cref="Inputs"/>, by the name of the input.</param>
    /// <returns>The outputs by name.</returns>
    /// <exception cref="OccamException">An array's type or shape is not what the model declares, or a node can't be run.</exception>
    public ImmutableDictionary<string, NumberArray> Run(IReadOnlyDictionary<string, NumberArray> arrays)
    {
        var given = arrays.Values.Sum(array => (long)array.Elements.Length);
        using var asked = LoadingScope.Begin(Network.Graph.StoredNumbers + given, isTimed: false);
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var values = Values(Tensors(arrays));
        return Outputs.ToImmutableDictionary(output => output.Name, output => TensorArrays.ToArray(values[output.Name], output));
    }

    private IReadOnlyDictionary<string, Tensor> Values(IReadOnlyDictionary<string, Tensor> given)
    {
        string[] names = [.. Outputs.Select(output => output.Name)];
        if (_position is not var (position, whole))
        {
            return Network.Run(given, names);
        }

        // The whole first: what a wrong position ends in would name a node that the file hasn't.
        var values = Network.Run(given, [whole, .. names[1..]]);
        position.Check(values[whole].Shape);
        var taken = Network.Run(new Dictionary<string, Tensor> { [whole] = values[whole] }, [names[0]]);
        return new Dictionary<string, Tensor>(values) { [names[0]] = taken[names[0]] };
    }

    /// <summary>The arrays as the network takes them.</summary>
    /// <inheritdoc cref="Run"/>
    public IReadOnlyDictionary<string, Tensor> Tensors(IReadOnlyDictionary<string, NumberArray> arrays) => Inputs.ToDictionary(
        input => input.Name,
        input => arrays.TryGetValue(input.Name, out var array)
            ? TensorArrays.Of(array, input, Network.Type, Network.Device)
            : throw Missing(input, [.. arrays.Keys], "what was given"));

    private static ValueInfo Chosen(Graph graph, string name)
    {
        var value = graph.Has(name)
            ? name
            : graph.Nodes.FirstOrDefault(node => node.Name == name)?.Output
                ?? throw Unknown(name, [.. graph.Producers.Keys.Concat(graph.Nodes.Select(node => node.Name))]);
        return graph.Outputs.Concat(graph.Inputs).FirstOrDefault(known => known.Name == value)
            ?? new ValueInfo(value, graph.Input.Type, default);
    }

    private static OccamException Unknown(string name, string[] names) => new(
        $"there is no value or node '{Message.Clean(name)}'{Nearest.Hint(name, names.Select(Message.Clean))} There are "
            + Message.Listed(names));

    private static OccamException Missing(ValueInfo input, IReadOnlyCollection<string> names, string source) =>
        new(names.Count == 0
            ? $"the model takes '{input.Name}', but there is no array in {source}"
            : $"the model takes '{input.Name}', but the arrays in {source} are {string.Join(", ", names.Select(Message.Clean))}"
                + (Nearest.Find(input.Name, names) is { } near ? $": is '{Message.Clean(near)}' meant?" : ""));
}
