using System.Collections.Frozen;

namespace Occam.Networks;

/// <summary>Every operator that Occam knows, found by reflection: a new one needs no entry here.</summary>
internal static class OperatorCatalogue
{
    private static readonly FrozenDictionary<(string Domain, string Type), Operator> s_operators = typeof(Operator).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Operator)) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null)
        .Select(type => (Operator)Activator.CreateInstance(type)!)
        .ToFrozenDictionary(op => (op.Domain, op.Type));

    /// <summary>
    /// The names of all operators, in alphabetical order; those of other operator sets than ONNX's own with the set's before them, such as
    /// <c>com.microsoft.QuickGelu</c>.
    /// </summary>
    public static IReadOnlyList<string> Supported { get; } =
        [.. s_operators.Keys.Select(key => Name(key.Domain, key.Type)).Order(StringComparer.Ordinal)];

    /// <summary>The operator of a node.</summary>
    /// <exception cref="OccamException">There is none of that name in the node's operator set.</exception>
    public static Operator For(Node node) =>
        s_operators.TryGetValue((node.Domain == "ai.onnx" ? "" : node.Domain, node.OperatorType), out var found)
            ? found
            : throw new OccamException($"unknown operator {Name(node.Domain, node.OperatorType)} at node '{node.Name}': Occam runs "
                + $"{s_operators.Count} operators, which docs/operators.md lists, and this isn't one of them");

    private static string Name(string domain, string type) => domain.Length > 0 ? $"{domain}.{type}" : type;
}
