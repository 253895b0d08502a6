using Occam.Torch;

namespace Occam.Networks;

/// <summary>Examples of zeros, to run a network on when only shapes are asked for.</summary>
internal static class ZeroExamples
{
    /// <summary>The sizes of one example, or null where the network leaves some open.</summary>
    public static long[]? Shape(Network network) =>
        network.ExampleShape is { IsDefault: false } shape && shape.All(size => size is not null)
            ? [.. shape.Select(size => size!.Value)]
            : null;

    /// <summary>A batch in the type that the network's input has.</summary>
    /// <exception cref="OccamException">It would be too large.</exception>
    public static Tensor Of(Network network, long examples, IReadOnlyList<long> exampleShape)
    {
        long[] shape = [examples, .. exampleShape];
        if (Limits.Elements(shape) is not { } elements || elements > Limits.MostElements)
        {
            throw new OccamException($"the network's input '{network.Graph.Input.Name}' has the shape "
                + $"{string.Join("×", shape)}: expected at most {Limits.MostElements:N0} elements");
        }

        return Tensor.Zeros(shape, TypeIn(network, network.Graph.Input), network.Device);
    }

    /// <summary>Zeros for one of a network's inputs, with size 1 wherever its shape is left open.</summary>
    public static Tensor Like(ValueInfo input, Network network) =>
        Tensor.Zeros([.. input.Shape.Select(size => size ?? 1)], TypeIn(network, input), network.Device);

    private static ScalarType TypeIn(Network network, ValueInfo input) =>
        input.Type is ScalarType.Byte or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool ? input.Type : network.Type;
}
