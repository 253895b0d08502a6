using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// The element types of a running network: every floating-point tensor has the network's one type and device;
/// whole numbers are 64 bits wide and on the CPU; truth values are what and where they came to be.
/// </summary>
internal static class Types
{
    private const int Float = 1;
    private const int UInt8 = 2;
    private const int Int8 = 3;
    private const int UInt16 = 4;
    private const int Int16 = 5;
    private const int Int32 = 6;
    private const int Int64 = 7;
    private const int String = 8;
    private const int Bool = 9;
    private const int Float16 = 10;
    private const int Double = 11;
    private const int UInt32 = 12;
    private const int UInt64 = 13;
    private const int BFloat16 = 16;
    private const int UInt4 = 21;
    private const int Int4 = 22;
    private const int UInt2 = 25;
    private const int Int2 = 26;

    /// <summary>A tensor in the form that its kind has while the network runs.</summary>
    public static Tensor Settle(in NodeCall call, Tensor tensor) =>
        tensor.IsFloatingPoint ? tensor.To(call.FloatType).To(call.Device)
        : tensor.ScalarType == ScalarType.Bool ? tensor.Alias()
        : tensor.To(ScalarType.Int64).To(Device.Cpu);

    /// <summary>Whether one of ONNX's types is one of floating-point numbers.</summary>
    public static bool IsFloatingPoint(long type) => type is Float or Double or Float16 or BFloat16;

    /// <summary>A tensor cast to one of ONNX's types, in the form that its kind has here.</summary>
    /// <exception cref="OccamException">Occam doesn't compute in that type.</exception>
    public static Tensor Cast(in NodeCall call, Tensor tensor, long type) => type switch
    {
        _ when IsFloatingPoint(type) => tensor.To(call.FloatType).To(call.Device),
        _ when SmallFloat.Of(type) is { } small =>
            small.Round(tensor.To(call.FloatType).To(call.Device), call.Attributes.Int("saturate", 1) != 0),
        PowersOfTwo.Type => PowersOfTwo.Round(
            tensor.To(call.FloatType).To(call.Device),
            call.Attributes.Int("saturate", 1) != 0,
            call.Attributes.Text("round_mode", "up")),
        Bool => tensor.To(ScalarType.Bool),

        // In few bits whole numbers keep their type, which tells the range of what is quantized by them.
        UInt8 => Narrow(tensor, ScalarType.Byte),
        Int8 => Narrow(tensor, ScalarType.Int8),
        Int16 => Narrow(tensor, ScalarType.Int16),
        UInt4 => LowBits(tensor, 4),
        UInt2 => LowBits(tensor, 2),
        Int4 => LowBitsWithSign(tensor, 4),
        Int2 => LowBitsWithSign(tensor, 2),
        > Float and <= UInt64 and not String => tensor.To(ScalarType.Int64).To(Device.Cpu),
        _ => throw new OccamException($"{call.Node} casts to ONNX's type {type}: expected a type of numbers or truth values"),
    };

    /// <summary>How the bits of a number are read as one of ONNX's types; null for a type that has none here.</summary>
    public static BitLayout? BitsOf(long type) => type switch
    {
        Bool => new(ScalarType.Int8, bits => bits.To(ScalarType.Bool)),
        Int8 => new(ScalarType.Int8, bits => bits),
        UInt8 => new(ScalarType.Int8, bits => bits.ViewAs(ScalarType.Byte)),
        Int16 => new(ScalarType.Int16, bits => bits),
        UInt16 => new(ScalarType.Int16, bits => bits.To(ScalarType.Int64).BitAnd(Mask(16))),
        Float16 => new(ScalarType.Int16, bits => bits.ViewAs(ScalarType.Float16)),
        BFloat16 => new(ScalarType.Int16, bits => bits.ViewAs(ScalarType.BFloat16)),
        Int32 => new(ScalarType.Int32, bits => bits.To(ScalarType.Int64)),
        UInt32 => new(ScalarType.Int32, bits => bits.To(ScalarType.Int64).BitAnd(Mask(32))),
        Float => new(ScalarType.Int32, bits => bits.ViewAs(ScalarType.Float32)),
        Int64 or UInt64 => new(ScalarType.Int64, bits => bits),
        Double => new(ScalarType.Int64, bits => bits.ViewAs(ScalarType.Float64)),
        _ => null,
    };

    private static Tensor LowBits(Tensor tensor, int bits) => Narrow(tensor, ScalarType.Int64).BitAnd(Mask(bits)).To(ScalarType.Byte);

    private static Tensor LowBitsWithSign(Tensor tensor, int bits)
    {
        var half = Whole(1L << (bits - 1));
        return ((Narrow(tensor, ScalarType.Int64) + half).BitAnd(Mask(bits)) - half).To(ScalarType.Int8);
    }

    private static Tensor Mask(int bits) => Whole((1L << bits) - 1);

    private static Tensor Whole(long number) => Tensor.FromArray([number], 1).Reshape();

    private static Tensor Narrow(Tensor tensor, ScalarType type) => tensor.To(ScalarType.Int64).To(Device.Cpu).To(type);
}

/// <summary>Bits as one of ONNX's types.</summary>
/// <param name="Width">The whole numbers with a sign of as many bits.</param>
/// <param name="Meaning">The numbers that they stand for.</param>
internal sealed record BitLayout(ScalarType Width, Func<Tensor, Tensor> Meaning)
{
    /// <summary>The numbers in the form that their kind has while the network runs.</summary>
    public Tensor Read(in NodeCall call, Tensor bits)
    {
        var numbers = Meaning(bits);
        return numbers.IsFloatingPoint ? numbers.To(call.FloatType).To(call.Device) : numbers.Alias();
    }
}

/// <summary>
/// The input in another element type. Every floating-point type is the one that the network computes in; of those of 4 and 8 bits the
/// numbers are rounded to what they can be.
/// </summary>
internal sealed class Cast : Operator
{
    public override string Type => "Cast";

    public override Linearity Linearity => Linearity.Structural;

    public override bool KeepsElementsInOrder => true;

    public override bool IsStep(Node node, int input, int output) => !Types.IsFloatingPoint(node.Attributes.Int("to", 0));

    public override Tensor[] Run(in NodeCall call) => [Types.Cast(call, call[0], call.Attributes.Int("to", 0))];

    protected override double? Bound(LipschitzCall call) => Casting.Bound(call);
}

/// <summary>The first input in the element type of the second.</summary>
internal sealed class CastLike : Operator
{
    public override string Type => "CastLike";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Structural;

    public override bool IsStep(Node node, int input, int output) => input == 1;

    public override bool Trains(int input) => input == 0;

    public override Tensor[] Run(in NodeCall call) => [call[0].To(call[1].ScalarType).To(call[1].Device)];

    protected override double? Bound(LipschitzCall call) => Casting.Bound(call);
}

/// <summary>What both casts share.</summary>
internal static class Casting
{
    /// <summary>A cast to whole numbers or truth values jumps.</summary>
    public static double? Bound(LipschitzCall call) =>
        call.Call[0].IsFloatingPoint && call.Output.IsFloatingPoint ? call.InputBounds[0] : null;
}
