using Occam.Data;
using Occam.Torch;

namespace Occam.Networks.Loading;

/// <summary>A graph with the weights of another file: all of its parameters by name, so that trainings are never mixed.</summary>
internal static class WeightsBeside
{
    private const int MostNamesListed = 3;

    /// <summary>The graph with the tensors of a safetensors file in place of its own of the same names.</summary>
    /// <returns>The graph, and a line that says what was done.</returns>
    /// <exception cref="OccamException">The file can't be read, or its tensors aren't those of the graph.</exception>
    public static (Graph Graph, string Note) Apply(Graph graph, string path)
    {
        var file = SafetensorsFile.Open(path);
        var title = Message.Clean(path);
        var parameters = new Network(graph).Parameters.Select(parameter => parameter.Name).ToHashSet();
        var prefix = NamePrefix.Between(file.Tensors.Select(tensor => tensor.Name), parameters);
        var fitting = file.Tensors.Select(tensor => (Tensor: tensor, Name: prefix.InNetwork(tensor.Name)))
            .Where(pair => pair.Name is not null && graph.Initializers.ContainsKey(pair.Name)).ToArray();
        if (fitting.Length == 0)
        {
            throw new OccamException($"none of the tensors in {title} ({Listed(file.Tensors.Select(tensor => tensor.Name))}) has the name "
                + $"of a stored tensor of the network ({Listed(graph.Initializers.Keys)}): expected weights by the network's names");
        }

        var missing = parameters.Except(fitting.Select(pair => pair.Name!)).ToArray();
        if (missing.Length > 0)
        {
            throw new OccamException($"{title} lacks {missing.Length} of the network's parameters ({Listed(missing)}): expected all of "
                + "them, for a network of two trainings would be measured");
        }

        var initializers = graph.Initializers.ToBuilder();
        foreach (var (tensor, name) in fitting)
        {
            initializers[name!] = Fitting(file, tensor, graph.Initializers[name!], title);
        }

        var unused = file.Tensors.Except(fitting.Select(pair => pair.Tensor)).Select(tensor => tensor.Name).ToArray();
        return (
            graph with { Initializers = initializers.ToImmutable() },
            $"weights from {title}: {Counted.Of(fitting.Length, "tensor")} in place of the file's own{prefix.Told}"
                + (unused.Length > 0 ? $"; without a place in the network: {Listed(unused)}" : ""));
    }

    private static Tensor Fitting(SafetensorsFile file, SafetensorsEntry entry, Tensor own, string title)
    {
        if (!own.Shape.SequenceEqual(entry.Shape))
        {
            throw new OccamException($"'{entry.Name}' is {Shape(entry.Shape)} in {title}, and {Shape(own.Shape)} in the network: expected "
                + "the same shape");
        }

        var tensor = file.Read(entry, own.ScalarType);
        return tensor.ScalarType == own.ScalarType ? tensor : throw new OccamException($"'{entry.Name}' is of type {entry.Type} in "
            + $"{title}, and {own.ScalarType} in the network: expected the same kind of numbers");
    }

    private static string Shape(IEnumerable<long> sizes) => sizes.Any() ? string.Join('×', sizes) : "a single number";

    private static string Listed(IEnumerable<string> names)
    {
        var sorted = names.Order(StringComparer.Ordinal).ToArray();
        return string.Join(", ", sorted.Take(MostNamesListed).Select(Message.Clean))
            + (sorted.Length > MostNamesListed ? $" and {sorted.Length - MostNamesListed} more" : "");
    }
}
