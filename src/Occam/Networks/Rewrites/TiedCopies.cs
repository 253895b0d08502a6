using Occam.Torch;

namespace Occam.Networks.Rewrites;

/// <summary>
/// Ties again what an exporter's optimizer took apart: a table that ids look up and that is, transposed, the weight of another layer too
/// is then stored twice. It is one parameter.
/// </summary>
internal static class TiedCopies
{
    private const long MostAtOnce = 1L << 20;

    /// <summary>The same function with each table stored once.</summary>
    /// <returns>The graph, the same one where there is no such copy, and what was found as a line for people; null for nothing.</returns>
    public static (Graph Graph, string? Note) Apply(Graph graph)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        List<string> found = [];
        var tables = graph.Nodes.Where(node => node is { OperatorType: "Gather", Domain: "" } && graph.Varying.Contains(node.Inputs[1]))
            .Select(node => node.Inputs[0]).Distinct().Where(graph.Initializers.ContainsKey).ToArray();
        foreach (var table in tables)
        {
            var rows = graph.Initializers[table];
            foreach (var (name, copy) in graph.Initializers.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                if (name != table && rows is { IsFloatingPoint: true, Dimensions: 2 } && copy.Dimensions == 2
                    && copy.ScalarType == rows.ScalarType && rows.Size(0) > 1 && rows.Size(1) > 1
                    && copy.Size(0) == rows.Size(1) && copy.Size(1) == rows.Size(0)
                    && !graph.Outputs.Any(output => output.Name == name) && AreSame(copy, rows.T()))
                {
                    graph = graph with
                    {
                        Initializers = graph.Initializers.Remove(name),
                        Nodes = graph.Nodes.Insert(
                            0, new Node(graph.Unused($"{name}.tied"), "Transpose", "", [table], [name], Attributes.None)),
                    };
                    found.Add($"'{name}' is '{table}' transposed: one parameter, which is used twice");
                }
            }
        }

        return (graph, found.Count == 0 ? null : string.Join("; ", found));
    }

    // Some rows at a time: all differences together would be a third table.
    private static bool AreSame(Tensor left, Tensor right)
    {
        var atOnce = Math.Max(1, MostAtOnce / left.Size(1));
        for (var start = 0L; start < left.Size(0); start += atOnce)
        {
            using var scope = Libtorch.NewDisposeScope();
            var count = Math.Min(atOnce, left.Size(0) - start);
            if ((left.Narrow(0, start, count) - right.Narrow(0, start, count)).Abs().AMax([]).Item() != 0)
            {
                return false;
            }
        }

        return true;
    }
}
