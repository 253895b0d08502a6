using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>Two operands, broadcast against each other.</summary>
internal abstract class BinaryOperator : Operator
{
    public sealed override int LeastInputs => 2;

    public sealed override Tensor[] Run(in NodeCall call)
    {
        var (left, right) = Broadcasting.OnOneDevice(call.Node, call[0], call[1]);
        return [Apply(left, right)];
    }

    protected abstract Tensor Apply(Tensor left, Tensor right);

    /// <summary>Whether a tensor has a number for each index of one dimension, as biases and scales by channel or feature do.</summary>
    protected static bool IsVector(Tensor tensor) => tensor.Shape.Count(size => size > 1) == 1;

    /// <summary>The paths of a sum or difference: those of both operands; a constant one begins none.</summary>
    protected static Tensor[] SumPaths(PathCall call)
    {
        var (left, right) = Broadcasting.OnOneDevice(call.Call.Node, call.Source(0), call.Source(1));
        return [left + right];
    }

    /// <summary>How large a sum or difference can be.</summary>
    protected static ImmutableArray<ValueSize?> SumSizes(SizeCall call)
    {
        if (!call.IsBounded || call.Sizes[0] is not { } left || call.Sizes[1] is not { } right)
        {
            return [];
        }

        return [ValueSize.Sum(left.Elements + right.Elements, left, right)];
    }

    /// <summary>‖f(x) − f(y)‖ for a sum or difference: what each operand adds, once for each of its copies.</summary>
    protected static double SumBound(LipschitzCall call) =>
        call.InputBounds.Select((bound, i) => bound > 0 ? bound * Math.Sqrt(Broadcasting.Copies(call.Call[i], call.Output)) : 0).Sum();
}

/// <summary>The sum of two.</summary>
internal sealed class Add : BinaryOperator
{
    public override string Type => "Add";

    public override ImmutableArray<ValueSize?> OutputSizes(SizeCall call) => SumSizes(call);

    public override Offset OffsetAt(int input) => Offset.Bias;

    public override bool Trains(Node node, int input, Tensor stored) => !AddedMask.Is(stored) && !SineTable.Is(stored);

    public override bool TakesFilled(int input, Tensor filled) => IsVector(filled);

    public override Tensor[]? Paths(PathCall call) => SumPaths(call);

    public override Tensor? SquaredGradientByExample(in NodeCall call, int input, Tensor cotangent) =>
        ExampleGradients.OfBroadcast(cotangent, call[input].Shape);

    public override Linearity Linearity => Linearity.Affine;

    protected override Tensor Apply(Tensor left, Tensor right) => left + right;

    protected override double? Bound(LipschitzCall call) => SumBound(call);
}

/// <summary>The difference.</summary>
internal sealed class Sub : BinaryOperator
{
    public override string Type => "Sub";

    public override ImmutableArray<ValueSize?> OutputSizes(SizeCall call) => SumSizes(call);

    public override Offset OffsetAt(int input) => Offset.Shift;

    public override Tensor[]? Paths(PathCall call) => SumPaths(call);

    public override Tensor? SquaredGradientByExample(in NodeCall call, int input, Tensor cotangent) =>
        ExampleGradients.OfBroadcast(cotangent, call[input].Shape);

    public override Linearity Linearity => Linearity.Affine;

    protected override Tensor Apply(Tensor left, Tensor right) => left - right;

    protected override double? Bound(LipschitzCall call) => SumBound(call);
}

/// <summary>The product, element by element.</summary>
internal sealed class Mul : BinaryOperator
{
    public override string Type => "Mul";

    // Rotary positions are products with tables of cosines and sines.
    public override bool Trains(Node node, int input, Tensor stored) => !SineTable.Is(stored);

    public override bool TakesFilled(int input, Tensor filled) => IsVector(filled);

    public override Tensor[]? Paths(PathCall call) => call.Sources > 1 ? null : Run(call.Raised());

    public override Tensor? SquaredGradientByExample(in NodeCall call, int input, Tensor cotangent) =>
        ExampleGradients.OfBroadcast(cotangent * call[1 - input], call[input].Shape);

    public override Linearity Linearity => Linearity.Multilinear;

    protected override Tensor Apply(Tensor left, Tensor right) => left * right;

    public override string WhyUnbounded => Products.WhyUnbounded;

    public override ImmutableArray<ValueSize?> OutputSizes(SizeCall call)
    {
        if (!call.IsBounded || call.Sizes[0] is not { } left || call.Sizes[1] is not { } right)
        {
            return [];
        }

        var elements = left.Elements * right.Elements;
        return [left.HasGroups ? left.Changed(elements, right.Largest) : right.Changed(elements, left.Largest)];
    }

    internal override Enclosure[]? Enclose(EnclosureCall call) =>
        call.Varying < 2 ? base.Enclose(call)
        : call.Space.Pieces is null && EnclosedFunctions.Product(call.Space, call[0], call[1]) is { } product ? [product]
        : null;

    protected override double? Bound(LipschitzCall call)
    {
        if (call.Varying > 1)
        {
            // d(ab) = a db + b da
            return call.Size(0) is { } left && call.Size(1) is { } right
                ? (call.InputBounds[0] * Broadcasting.ProductNorm(right.Elements, call.Call[0], call.Output))
                    + (call.InputBounds[1] * Broadcasting.ProductNorm(left.Elements, call.Call[1], call.Output))
                : null;
        }

        var varying = call.InputBounds[0] > 0 ? 0 : 1;
        return call.Largest * Broadcasting.ProductNorm(call.Call[1 - varying], call.Call[varying], call.Output);
    }
}

/// <summary>The quotient; of whole numbers, rounded towards zero.</summary>
internal sealed class Div : BinaryOperator
{
    public override string Type => "Div";

    public override Tensor[]? Paths(PathCall call) => call.OnPath[1] || !call.Call[0].IsFloatingPoint ? null : Run(call.Raised());

    public override Linearity Linearity => Linearity.Curved;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) => dependent[1] ? Linearity.Curved : Linearity.Affine;

    protected override Tensor Apply(Tensor left, Tensor right) =>
        left.IsFloatingPoint || right.IsFloatingPoint ? left / right : left.Divide(right, "trunc");

    // x/y is x times 1/y, where y can't be 0.
    internal override Enclosure[]? Enclose(EnclosureCall call)
    {
        if (!call.Depends(1))
        {
            return base.Enclose(call);
        }

        var numerator = call.Depends(0) ? call[0] : EnclosedFunctions.Constant(call, 0, call[1].Shape);
        return call.Space.Pieces is null && numerator is not null && EnclosedFunctions.Reciprocal(call.Space, call[1]) is { } reciprocal
            && EnclosedFunctions.Product(call.Space, numerator, reciprocal) is { } quotient ? [quotient] : null;
    }

    internal override string WhyNotEnclosed(EnclosureCall call) => "the divisor may be zero there";

    protected override double? Bound(LipschitzCall call) =>
        call.InputBounds[1] > 0
            ? null
            : call.Largest * Broadcasting.ProductNorm(call.Call[1].To(ScalarType.Float64).Reciprocal(), call.Call[0], call.Output);
}

/// <summary>
/// What a division leaves: with the divisor's sign, or where <c>fmod</c> is set with the dividend's. ONNX asks for
/// <c>fmod</c> where the numbers aren't whole; here both are for all.
/// </summary>
internal sealed class Mod : Operator
{
    public override string Type => "Mod";

    public override int LeastInputs => 2;

    // Between its jumps it is affine, and no measure that takes pieces for connected may see it.
    public override Linearity Linearity => Linearity.Curved;

    public override bool Trains(int input) => input == 0;

    public override Tensor[] Run(in NodeCall call)
    {
        var (left, right) = Broadcasting.OnOneDevice(call.Node, call[0], call[1]);
        return [call.Attributes.Int("fmod", 0) != 0 ? left.TruncatedRemainder(right) : left.Remainder(right)];
    }

    protected override double? Bound(LipschitzCall call) => null;
}

/// <summary>The sum of any number of operands, each times a factor.</summary>
internal abstract class SumOfOperands : Operator
{
    public sealed override Offset OffsetAt(int input) => Offset.Shift;

    public sealed override Tensor[]? Paths(PathCall call) => [Total(call.WithoutConstants()) * call.Raise(Factor(call.Call))];

    public sealed override Linearity Linearity => Linearity.Affine;

    public sealed override Tensor[] Run(in NodeCall call) => [Factor(call) == 1 ? Total(call) : Total(call) * Factor(call)];

    protected abstract double Factor(in NodeCall call);

    protected sealed override double? Bound(LipschitzCall call) => Factor(call.Call)
        * call.InputBounds.Select((bound, i) => bound > 0 ? bound * Math.Sqrt(Broadcasting.Copies(call.Call[i], call.Output)) : 0).Sum();

    private static Tensor Total(in NodeCall call)
    {
        var sum = call[0];
        for (var i = 1; i < call.Inputs.Length; i++)
        {
            var (left, right) = Broadcasting.OnOneDevice(call.Node, sum, call[i]);
            sum = left + right;
        }

        return sum;
    }
}

/// <summary>The sum of any number of operands.</summary>
internal sealed class Sum : SumOfOperands
{
    public override string Type => "Sum";

    protected override double Factor(in NodeCall call) => 1;
}

/// <summary>The mean of any number of operands.</summary>
internal sealed class Mean : SumOfOperands
{
    public override string Type => "Mean";

    protected override double Factor(in NodeCall call) => 1.0 / call.Inputs.Length;
}

/// <summary>−x.</summary>
internal sealed class Neg : ElementwiseOperator
{
    public override string Type => "Neg";

    public override Linearity Linearity => Linearity.Affine;

    protected override Tensor Apply(in NodeCall call, Tensor x) => -x;

    protected override double? Steepest(in NodeCall call) => 1;
}
