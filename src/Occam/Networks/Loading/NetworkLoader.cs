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
    /// <param name="path">An ONNX file, or one made by <c>torch.jit.save</c>.</param>
    /// <param name="output">The name of a value or node of the graph to take as output; the logits when null.</param>
    /// <exception cref="OccamException">The file can't be read, or has no such output.</exception>
    public static LoadedNetwork Load(string path, string? output = null)
    {
        if (!IsZip(path))
        {
            return FromGraph(path, OnnxReader.Read(path), output);
        }

        if (output is not null)
        {
            throw new OccamException($"{Message.Clean(path)} is TorchScript, whose inner values can't be reached: an "
                + $"output such as '{Message.Clean(output)}' can be chosen in ONNX files only");
        }

        return new LoadedNetwork(
            path,
            ScriptFunction.Load(path),
            null,
            FinalActivation.None,
            null,
            ["TorchScript is a black box: its output is taken as the logits as it is"]);
    }

    private static LoadedNetwork FromGraph(string path, Graph graph, string? output)
    {
        try
        {
            var notes = ImmutableArray.CreateBuilder<string>();
            var chosen = output is null ? graph.Outputs[0].Name : Named(graph, output);
            var activation = FinalActivation.None;
            if (output is null)
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

            var cut = KeepNeeded.Apply(graph, [chosen]) with { Outputs = [new ValueInfo(chosen, ScalarType.Float32, default)] };
            cut = KeepNeeded.Apply(ResolveControlFlow.Apply(cut), [chosen]);
            if (!cut.Held.IsEmpty)
            {
                var names = string.Join(", ", cut.Held.Select(held => held.Name).Prepend(cut.Input.Name));
                throw new OccamException($"the model has {cut.Held.Length + 1} inputs ({names}): expected one, the batch of examples");
            }

            if (cut.Input.Shape is { IsDefault: false } sizes && sizes.Contains(0))
            {
                throw new OccamException($"the input '{cut.Input.Name}' is {cut.Input}: it holds no number that a function could be of");
            }

            var (network, fixedBatch, note) = BatchSize.Find(new Network(cut));
            if (note is not null)
            {
                notes.Add(note);
            }

            var recomposed = Recompose.Apply(network);
            if (recomposed.Note is { } together)
            {
                notes.Add(together);
            }

            IFunction function = fixedBatch is { } batch ? new BatchedFunction(recomposed.Network, batch) : recomposed.Network;
            return new LoadedNetwork(path, function, recomposed.Network, activation, fixedBatch, notes.ToImmutable())
            {
                // One of its own, that the constants which were computed to look for forms aren't kept twice.
                AsWritten = recomposed.Nodes.IsEmpty ? network : network.WithGraph(network.Graph),
            };
        }
        catch (OccamException e)
        {
            throw new OccamException($"{Message.Clean(path)}: {e.Message}", e);
        }
    }

    private static string Named(Graph graph, string output) =>
        graph.Producers.ContainsKey(output)
            ? output
            : graph.Nodes.FirstOrDefault(node => node.Name == output)?.Output
              ?? throw new OccamException($"there is no value or node '{Message.Clean(output)}': expected one of "
                  + $"{string.Join(", ", graph.Nodes.Select(node => node.Name).Reverse().Take(20))}");

    /// <summary>Whether a file is a zip archive, as TorchScript is.</summary>
    internal static bool IsZip(string path)
    {
        if (!File.Exists(path))
        {
            throw new OccamException($"{Message.Clean(path)} {(Directory.Exists(path) ? "is a folder" : "is not there")}: expected an "
                + "ONNX file, or TorchScript made by torch.jit.save");
        }

        try
        {
            using var file = File.OpenRead(path);
            Span<byte> start = stackalloc byte[4];
            return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(ZipMagic);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OccamException($"{Message.Clean(path)} can't be read: {Message.Clean(e.Message)}", e);
        }
    }
}
