using System.Collections.Immutable;
using static Occam.Networks.Onnx.AttributeProto.Types;

namespace Occam.Networks.Onnx;

/// <summary>A node's attributes out of a model file.</summary>
internal static class AttributeReader
{
    /// <summary>Reads the attributes of a node.</summary>
    /// <exception cref="OccamException">One is of a kind that no supported operator has, such as a graph.</exception>
    public static Attributes Read(NodeProto node, string owner, TensorReader tensors)
    {
        if (node.Attribute.Count == 0)
        {
            return Attributes.None;
        }

        var values = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        foreach (var attribute in node.Attribute)
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
            AttributeType.Graph or AttributeType.Graphs => throw new OccamException(
                $"{owner} is a graph of its own (a branch or a loop): Occam runs graphs without control flow; export the model with "
                    + "fixed shapes, in evaluation mode"),
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
