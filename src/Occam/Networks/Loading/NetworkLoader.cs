using System.Collections.Immutable;
using Occam.Data;
using Occam.Networks.Onnx;
using Occam.Networks.Rewrites;
using Occam.Networks.Rewrites.Patterns;
using Occam.Torch;

namespace Occam.Networks.Loading;

/// <summary>
/// Loads a network from a file: ONNX or TorchScript, by content. A network that ends in a softmax or sigmoid is
/// cut off before it, for measures are of logits.
/// </summary>
public static class NetworkLoader
{
    private static ReadOnlySpan<byte> ZipMagic => "PK\x03\x04"u8;

    /// <summary>Loads a network.</summary>
    /// <param name="path">An ONNX file; TorchScript needs a choice that says it is trusted.</param>
    /// <param name="output">The name of a value or node of the graph to take as output; the logits when null.</param>
    /// <exception cref="OccamException">The file can't be read, or has no such output.</exception>
    public static LoadedNetwork Load(string path, string? output = null) => Load(path, new FunctionChoice { Output = output });

    /// <summary>Loads a network as the function that is meant.</summary>
    /// <param name="path">An ONNX file, or one made by <c>torch.jit.save</c>.</param>
    /// <param name="choice">Which function: of which value, and which output.</param>
    /// <exception cref="OccamException">
    /// The file can't be read, or has no such values, or is TorchScript and not trusted.
    /// </exception>
    public static LoadedNetwork Load(string path, FunctionChoice choice)
    {
        if (!IsTorchScript(path))
        {
            return FromGraph(path, OnnxReader.Read(path), choice);
        }

        if (choice.Weights is { } weights)
        {
            throw new OccamException($"{Message.Clean(path)} is TorchScript: weights such as {Message.Clean(weights)} can be put into ONNX "
                + "files only");
        }

        if ((choice.Output ?? choice.Input) is { } inner)
        {
            throw new OccamException($"{Message.Clean(path)} is TorchScript, whose inner values can't be reached: an "
                + $"{(choice.Output is null ? "input" : "output")} such as '{Message.Clean(inner)}' can be chosen in ONNX files only");
        }

        if (choice.Position is { } position)
        {
            throw new OccamException($"{Message.Clean(path)} is TorchScript, which is measured as it is: {position} can be chosen in "
                + "ONNX files only");
        }

        if (choice.IsStraightThrough)
        {
            throw new OccamException($"{Message.Clean(path)} is TorchScript, whose roundings can't be reached: derivatives can pass "
                + "straight through those of ONNX files only");
        }

        if (!choice.IsTrusted)
        {
            throw new OccamException($"{Message.Clean(path)} is TorchScript, a program that can read and write your files while it is "
                + "measured: give --trust (in C#, FunctionChoice.IsTrusted) if you know who made it, or export the network to ONNX, "
                + "which runs no code and needs no trust");
        }

        return new LoadedNetwork(
            path,
            ScriptFunction.Load(path),
            null,
            FinalActivation.None,
            null,
            ["TorchScript is a black box: its output is taken as the logits as it is"]);
    }

    private static LoadedNetwork FromGraph(string path, Graph graph, FunctionChoice choice)
    {
        using var loading = LoadingScope.Begin(graph.StoredNumbers);
        try
        {
            var notes = ImmutableArray.CreateBuilder<string>();
            if (graph.Input.Name.Length == 0)
            {
                throw new OccamException("the model has no input: its outputs are constants");
            }

            var first = BatchFirst.Input(FixedInputs.Apply(graph, choice.Fixed), choice.BatchAxis);
            var (whole, activation) = AtOutput(first, choice, notes);
            if (choice.Weights is { } weights)
            {
                (whole, var replaced) = WeightsBeside.Apply(whole, weights);
                notes.Add(replaced);
            }

            (whole, var tied) = TiedCopies.Apply(WithInputsNeeded(whole));
            if (tied is not null)
            {
                notes.Add(tied);
            }

            var asked = new Network(whole);
            if (choice.Position is { } position && ZeroExamples.Shape(asked) is { } example)
            {
                var built = whole.Input.Batch ?? 1;
                position.Check(ZeroExamples.Hold(asked, built), ZeroExamples.Of(asked, built, example));
            }

            (var free, var fixedBatch, var note) = BatchSize.Find(asked, choice.BatchAxis is not null);
            whole = free.Graph;
            if (fixedBatch is > 1 and var together && !whole.Held.IsEmpty)
            {
                whole = Repeated(free, together, choice.Position is not null);
                fixedBatch = 1;
                note = $"the export takes {together} examples at a time, of several inputs: each example is run by itself, in all "
                    + $"{together} places";
            }

            var cut = AtInput(whole, choice.Input, notes);
            if (cut.Before is { } inner)
            {
                cut = cut with { Graph = cut.Graph with { Input = cut.Graph.Input with { Shape = ShapeOf(new Network(inner)) } } };
            }

            if (cut.Graph.Input is { Shape: { IsDefault: false } sizes } input && sizes.Contains(0))
            {
                throw new OccamException($"the input '{input.Name}' is {input}: it holds no number that a function could be of");
            }

            var network = new Network(cut.Graph);
            if (note is not null)
            {
                notes.Add(note);
            }

            notes.AddRange(TrainingMode.NodesOf(network).Select(TrainingMode.Note));
            if (SharedParameters.Note(network) is { } shared)
            {
                notes.Add(shared);
            }

            var recomposed = Recompose.Apply(StoredLayouts.Apply(network));
            if (recomposed.Note is { } told)
            {
                notes.Add(told);
            }

            IFunction function = fixedBatch is { } batch && network.Graph.Held.IsEmpty
                ? new BatchedFunction(recomposed.Network, batch)
                : recomposed.Network;
            return new LoadedNetwork(path, function, recomposed.Network, activation, fixedBatch, notes.ToImmutable())
            {
                // One of its own, that the constants which were computed to look for forms aren't kept twice.
                AsWritten = ReferenceEquals(recomposed.Network, network) ? network : network.WithGraph(network.Graph),
                Before = cut.Before is { } before ? new Network(before) : null,
                Whole = cut.Before is null ? null : new Network(whole),
                Position = choice.Position,
                Fixed = choice.Fixed,
            };
        }
        catch (OccamException e)
        {
            throw new OccamException($"{Message.Clean(path)}: {e.Message}", e);
        }
        catch (Exception e) when (e is TorchException or ArgumentException or IndexOutOfRangeException or KeyNotFoundException
            or ArithmeticException)
        {
            // Nodes are put together and taken apart as ONNX says they are: a damaged model's may not be.
            throw new OccamException(
                $"{Message.Clean(path)}: damaged, or made of nodes that don't fit together: {Message.Clean(e.Message)}", e);
        }
    }

    // The graph of one example, which stands in all places of the batch that the file has built in.
    private static Graph Repeated(Network network, long batch, bool atPosition)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var graph = network.Graph;
        var output = atPosition ? graph.Producers[network.Output].Inputs[0] : network.Output;
        var zeros = ZeroExamples.Of(network, batch, ZeroExamples.Shape(network)!);
        var shape = ZeroExamples.Hold(network, batch).Run(zeros, [output])[output].Shape;
        return RepeatedExamples.Apply(graph, batch, output, shape is [var rows, ..] && rows == batch);
    }

    /// <summary>The graph up to the output that is meant.</summary>
    private static (Graph Graph, FinalActivation Activation) AtOutput(
        Graph graph, FunctionChoice choice, ImmutableArray<string>.Builder notes)
    {
        var chosen = choice.Output is { } named ? Named(graph, named) : graph.Outputs[0].Name;
        var activation = FinalActivation.None;
        if (choice.Output is null)
        {
            if (graph.Outputs.Length > 1)
            {
                notes.Add($"of the outputs {string.Join(", ", graph.Outputs.Select(value => value.Name))} the first is taken");
            }

            (chosen, activation, var node) = LogitSearch.Find(graph, chosen);
            if (node is not null)
            {
                notes.Add($"the network ends in {node}: its input '{chosen}' is taken as the logits");
            }
        }

        if (!graph.Varying.Contains(chosen))
        {
            throw new OccamException($"the output '{chosen}' doesn't depend on the input '{graph.Input.Name}'");
        }

        if (choice.Output is null)
        {
            (graph, chosen) = BatchFirst.Output(graph, chosen, graph.Outputs[0], choice.BatchAxis);
        }

        if (choice.Position is { } position)
        {
            (graph, chosen) = position.Apply(graph, chosen);
        }

        var cut = KeepNeeded.Apply(graph, [chosen]) with { Outputs = [new ValueInfo(chosen, ScalarType.Float32, default)] };
        (cut, var dequantized) = Dequantization.Apply(KeepNeeded.Apply(Resolved(cut), [chosen]));
        if (dequantized is not null)
        {
            notes.Add(dequantized);
        }

        if (choice.IsStraightThrough)
        {
            (cut, var straight) = StraightThrough.Apply(cut);
            notes.Add(straight);
        }

        return (cut, activation);
    }

    // What stood in a branch or a round may have its weights there, as Constant nodes.
    private static Graph Resolved(Graph graph)
    {
        var resolved = ResolveSequences.Apply(ResolveControlFlow.Apply(graph));
        if (ReferenceEquals(resolved, graph))
        {
            return graph;
        }

        var (nodes, initializers) = StoredTensors.Gather(
            resolved.Nodes, resolved.Initializers, new Network(resolved).Type, resolved.Outputs.Select(output => output.Name).ToHashSet());
        return StoredFills.Apply(resolved with { Nodes = nodes, Initializers = initializers });
    }

    // Inputs that the output doesn't need are gone.
    private static Graph WithInputsNeeded(Graph graph)
    {
        var needed = graph.Nodes.SelectMany(node => node.Inputs).Append(graph.Outputs[0].Name).ToHashSet();
        ImmutableArray<ValueInfo> left =
            [.. graph.Held.Prepend(graph.Input).Where(input => needed.Contains(input.Name))];
        return left.IsEmpty
            ? throw new OccamException($"the output '{graph.Outputs[0].Name}' depends on no input of the model")
            : graph with { Input = left[0], Held = left[1..] };
    }

    /// <summary>The graph from the value on that the function is of.</summary>
    private static InputCut AtInput(Graph graph, string? chosen, ImmutableArray<string>.Builder notes)
    {
        var output = graph.Outputs[0].Name;
        ImmutableArray<ValueInfo> inputs = [graph.Input, .. graph.Held];
        if (chosen is not null)
        {
            var value = inputs.Any(input => input.Name == chosen) ? chosen : Named(graph, chosen);
            if (!graph.Varying.Contains(value))
            {
                throw new OccamException($"'{Message.Clean(chosen)}' is a constant of the network: expected one of its inputs "
                    + $"({string.Join(", ", inputs.Select(input => input.Name))}), or a value that varies with them");
            }

            var cut = InputCut.At(graph, value, output);
            notes.Add($"function of '{value}', as asked for");
            return cut;
        }

        if (FunctionInput.Find(new Network(graph)) is not var (found, note))
        {
            return new(graph, null);
        }

        if (note is not null)
        {
            notes.Add(note);
        }

        return InputCut.At(graph, found, output);
    }

    // The sizes of an inner value where the inputs before it tell theirs.
    private static ImmutableArray<long?> ShapeOf(Network before)
    {
        if (ZeroExamples.Shape(before) is not { } shape)
        {
            return default;
        }

        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var batch = before.Graph.Input.Batch ?? 1;
        var value = ZeroExamples.Hold(before, batch).Run(ZeroExamples.Of(before, batch, shape), [before.Output])[before.Output];
        return [before.Graph.Input.Batch, .. value.Shape.Skip(1).Select(size => (long?)size)];
    }

    private static string Named(Graph graph, string output) =>
        graph.Producers.ContainsKey(output)
            ? output
            : graph.Nodes.FirstOrDefault(node => node.Name == output)?.Output
              ?? throw new OccamException($"there is no value or node '{Message.Clean(output)}': expected one of "
                  + $"{string.Join(", ", graph.Nodes.Select(node => node.Name).Reverse().Take(20))}");

    /// <summary>Whether a file is TorchScript, or at least a zip archive of no other known kind; nothing of it is run.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="OccamException">The file can't be read, or is of a kind that is no network here.</exception>
    public static bool IsTorchScript(string path)
    {
        if (!File.Exists(path))
        {
            throw new OccamException($"{Message.Clean(path)} " + (ForeignFile.ToldFolder(path)
                ?? $"{(Directory.Exists(path) ? "is a folder" : "is not there")}: expected an ONNX file, or TorchScript made by "
                    + "torch.jit.save"));
        }

        try
        {
            using var file = PlainFile.Open(path);
            if (ForeignFile.Told(file, path) is { } told)
            {
                throw new OccamException($"{Message.Clean(path)} {told}");
            }

            file.Position = 0;
            Span<byte> start = stackalloc byte[4];
            return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(ZipMagic);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OccamException($"{Message.Clean(path)} can't be read: {Message.Clean(e.Message)}", e);
        }
    }
}
