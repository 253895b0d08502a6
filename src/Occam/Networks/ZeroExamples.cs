using Occam.Torch;

namespace Occam.Networks;

/// <summary>Examples of zeros, to run a network on when only shapes are asked for.</summary>
internal static class ZeroExamples
{
    /// <summary>The sizes of one example, or null where the network leaves some open, of this input or of one that is held.</summary>
    public static long[]? Shape(Network network) =>
        IsKnown(network.Graph.Input) && network.Graph.Held.All(IsKnown) ? [.. network.ExampleShape.Select(size => size!.Value)] : null;

    /// <summary>
    /// The network with ones in place of the inputs that are held: masks that hide nothing, and valid ids but for tables of one row, which
    /// get zeros. It runs on as many examples.
    /// </summary>
    public static Network Hold(Network network, long examples) => network.Graph.Held.IsEmpty ? network : network.Holding(
        network.Graph.Held.ToDictionary(
            held => held.Name,
            held => Tensor.Full(
                Checked(held, [examples, .. held.ExampleShape.Select(size => size!.Value)]),
                LooksUpOneRow(network, held.Name) ? 0 : 1,
                TypeOf(held, network),
                network.Device)));

    /// <summary>
    /// The network with random numbers in place of the inputs that are held, others for each example: normal ones, and zeros and ones
    /// where they are whole.
    /// </summary>
    public static Network HoldRandom(Network network, Generator generator, long examples) => network.Graph.Held.IsEmpty ? network
        : network.Holding(network.Graph.Held.ToDictionary(
            held => held.Name,
            held => Random(
                TypeOf(held, network), [examples, .. held.ExampleShape.Select(size => size!.Value)], generator,
                LooksUpOneRow(network, held.Name)).To(network.Device)));

    /// <summary>Random examples in the type that the network's input has: normal numbers, or zeros and ones where they are whole.</summary>
    public static Tensor RandomOf(Network network, Generator generator, long examples, IReadOnlyList<long> exampleShape) => Random(
        TypeOf(network.Graph.Input, network), [examples, .. exampleShape], generator, LooksUpOneRow(network, network.Graph.Input.Name))
        .To(network.Device);

    private static Tensor Random(ScalarType type, long[] shape, Generator generator, bool onlyZeros)
    {
        var numbers = Tensor.Randn(shape, generator);
        return onlyZeros ? Tensor.Zeros(shape, type)
            : (type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64 ? numbers
                : numbers.GreaterThan(0)).To(type);
    }

    private static bool LooksUpOneRow(Network network, string ids) => network.Graph.Consumers[ids].Any(
        node => node is { OperatorType: "Gather", Inputs: [var table, var by] } && by == ids
            && network.Constant(table) is { } rows && rows.Size((int)node.Attributes.Int("axis", 0)) == 1);

    /// <summary>A batch in the type that the network's input has.</summary>
    /// <exception cref="OccamException">It would be too large.</exception>
    public static Tensor Of(Network network, long examples, IReadOnlyList<long> exampleShape)
    {
        return Tensor.Zeros(
            Checked(network.Graph.Input, [examples, .. exampleShape]), TypeOf(network.Graph.Input, network), network.Device);
    }

    /// <summary>Zeros for one of a network's inputs, with size 1 wherever its shape is left open.</summary>
    public static Tensor Like(ValueInfo input, Network network) =>
        Tensor.Zeros(Checked(input, [.. input.Shape.Select(size => size ?? 1)]), TypeOf(input, network), network.Device);

    private static long[] Checked(ValueInfo input, long[] shape) =>
        Limits.Elements(shape) is { } elements && elements <= Limits.MostElements
            ? shape
            : throw new OccamException($"the network's input '{input.Name}' asks for {Limits.Excess(shape)}");

    private static bool IsKnown(ValueInfo input) =>
        input.ExampleShape is { IsDefault: false } shape && shape.All(size => size is not null);

    private static ScalarType TypeOf(ValueInfo input, Network network) => input.IsFloatingPoint ? network.Type : input.Type;
}
