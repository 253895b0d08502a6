using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The bits of whole numbers, which are 64 wide here, whatever the model says.</summary>
internal abstract class BitOperator : Operator
{
    public sealed override Linearity Linearity => Linearity.Curved;

    public sealed override bool IsStep(Node node, int input, int output) => true;

    public sealed override bool Trains(int input) => false;

    protected sealed override double? Bound(LipschitzCall call) => null;
}

/// <summary>The bits that both have.</summary>
internal sealed class BitwiseAnd : BitOperator
{
    public override string Type => "BitwiseAnd";

    public override int LeastInputs => 2;

    public override Tensor[] Run(in NodeCall call) => [call[0].BitAnd(call[1])];
}

/// <summary>The bits that any of the two has.</summary>
internal sealed class BitwiseOr : BitOperator
{
    public override string Type => "BitwiseOr";

    public override int LeastInputs => 2;

    public override Tensor[] Run(in NodeCall call) => [call[0].BitOr(call[1])];
}

/// <summary>The bits that exactly one has.</summary>
internal sealed class BitwiseXor : BitOperator
{
    public override string Type => "BitwiseXor";

    public override int LeastInputs => 2;

    public override Tensor[] Run(in NodeCall call) => [call[0].BitXor(call[1])];
}

/// <summary>The bits that are not set.</summary>
internal sealed class BitwiseNot : BitOperator
{
    public override string Type => "BitwiseNot";

    public override Tensor[] Run(in NodeCall call) => [call[0].BitNot()];
}

/// <summary>The bits moved up or down by so many places.</summary>
internal sealed class BitShift : BitOperator
{
    public override string Type => "BitShift";

    public override int LeastInputs => 2;

    public override Tensor[] Run(in NodeCall call) => [call.Attributes.Text("direction", "") switch
    {
        "LEFT" => call[0].ShiftLeft(call[1]),
        "RIGHT" => call[0].ShiftRight(call[1]),
        var other => throw new OccamException($"{call.Node} has direction '{other}': expected LEFT or RIGHT"),
    }];
}

/// <summary>
/// The bits of each number read as another type of as many bits. Whole numbers are 64 wide here and floating-point ones of the network's
/// type, so that it is the target that says how many bits are meant.
/// </summary>
internal sealed class BitCast : BitOperator
{
    public override string Type => "BitCast";

    public override Tensor[] Run(in NodeCall call)
    {
        var type = Types.BitsOf(call.Attributes.Int("to", 0))
            ?? throw new OccamException($"{call.Node} reads bits as ONNX's type {call.Attributes.Int("to", 0)}: expected a type of numbers "
                + "of 8 to 64 bits, or truth values");
        return [type.Read(call, BitsOf(call, call[0], type.Width))];
    }

    // As whole numbers with a sign, of that many bits.
    private static Tensor BitsOf(in NodeCall call, Tensor x, ScalarType width) => (x.IsFloatingPoint, width) switch
    {
        (true, ScalarType.Int32) => x.To(ScalarType.Float32).To(Device.Cpu).ViewAs(width),
        (true, ScalarType.Int64) when x.ScalarType == ScalarType.Float64 => x.To(Device.Cpu).ViewAs(width),
        (true, _) => throw new OccamException($"{call.Node} reads the bits of floating-point numbers other than those of 32 bits, or of 64 "
            + $"bits where the network computes in them: the input is {x.ScalarType} here"),
        _ => x.To(ScalarType.Int64).To(Device.Cpu).To(width),
    };
}
