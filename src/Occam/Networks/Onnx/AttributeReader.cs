using System.Collections.Immutable;
using static Occam.Networks.Onnx.AttributeProto.Types;

namespace Occam.Networks.Onnx;

/// <summary>A node's attributes out of a model file.</summary>
internal static class AttributeReader
{
    /// <summary>Whether an attribute is a graph, which <see cref="SubgraphReader"/> reads.</summary>
    public static bool IsGraph(AttributeProto attribute) =>
        attribute.G is not null && (attribute.Type == AttributeType.Undefined ? Guess(attribute) : attribute.Type) == AttributeType.Graph;

    /// <summary>Reads the attributes of a node but its graphs.</summary>
    /// <exception cref="OccamException">One is of a kind that no supported operator has.</exception>
    public static Attributes Read(NodeProto node, string owner, TensorReader tensors)
    {
        if (node.Attribute.Count == 0)
        {
            return Attributes.None;
        }

        var values = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        foreach (var attribute in node.Attribute.Where(attribute => !IsGraph(attribute)))
        {
            var name = ModelNames.Checked(attribute.Name);
            if (!values.TryAdd(name, Value(attribute, $"attribute '{name}' of {owner}", tensors)))
            {
                throw new OccamException($"{owner} has the attribute '{name}' twice");
            }
        }

        return new Attributes(values.ToImmutable());
    }

    private static object Value(AttributeProto attribute, string owner, TensorReader tensors) =>
        (attribute.Type == AttributeType.Undefined ? Guess(attribute) : attribute.Type) switch
        {
            AttributeType.Float => (double)attribute.F,
            AttributeType.Int => attribute.I,
            AttributeType.String => attribute.S.ToStringUtf8(),
            AttributeType.Tensor when attribute.T is not null => tensors.Read(attribute.T, owner),
            AttributeType.Floats => attribute.Floats.Select(x => (double)x).ToArray(),
            AttributeType.Ints => attribute.Ints.ToArray(),
            AttributeType.Strings => attribute.Strings.Select(text => text.ToStringUtf8()).ToArray(),
            var type => throw new OccamException($"{owner} is of kind {type}: expected a number, a string, a tensor, or a list"),
        };

    // Files of the first versions of ONNX leave the type out.
    private static AttributeType Guess(AttributeProto attribute) => attribute switch
    {
        { HasF: true } => AttributeType.Float,
        { HasI: true } => AttributeType.Int,
        { HasS: true } => AttributeType.String,
        { T: not null } => AttributeType.Tensor,
        { G: not null } => AttributeType.Graph,
        { Floats.Count: > 0 } => AttributeType.Floats,
        { Strings.Count: > 0 } => AttributeType.Strings,
        _ => AttributeType.Ints,
    };
}
