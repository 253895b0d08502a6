using System.Collections.Frozen;

namespace Occam.Networks;

/// <summary>Every operator that Occam knows, found by reflection: a new one needs no entry here.</summary>
public static class OperatorCatalogue
{
    private static readonly FrozenDictionary<string, Operator> s_operators = typeof(Operator).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Operator)) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null)
        .Select(type => (Operator)Activator.CreateInstance(type)!)
        .ToFrozenDictionary(op => op.Type, StringComparer.Ordinal);

    /// <summary>The names of all operators, in alphabetical order.</summary>
    public static IReadOnlyList<string> Supported { get; } = [.. s_operators.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The operator of a node.</summary>
    /// <exception cref="OccamException">There is none of that name; the message lists those there are.</exception>
    public static Operator For(Node node) =>
        node.Domain is "" or "ai.onnx" && s_operators.TryGetValue(node.OperatorType, out var found)
            ? found
            : throw new OccamException(
                "unknown operator "
                    + $"{(node.Domain.Length > 0 ? node.Domain + "." : "")}{node.OperatorType} at node '{node.Name}': Occam runs "
                        + $"{string.Join(", ", Supported)}");
}
