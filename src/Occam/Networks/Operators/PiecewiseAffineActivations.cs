using System.Numerics;
using Occam.Torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Occam.Networks.Operators;

/// <summary>A piecewise-affine function of each element.</summary>
internal abstract class PiecewiseAffineActivation : ElementwiseOperator
{
    public sealed override Linearity Linearity => Linearity.PiecewiseAffine;
}

/// <summary>max(0, x).</summary>
internal sealed class Relu : PiecewiseAffineActivation
{
    public override string Type => "Relu";

    public override bool IsRectifier => true;

    public override Tensor? Switches(in NodeCall call) => call[0];

    internal override ElementFunction ElementFunction(Node node) => new Managed();

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Relu();

    protected override double? Steepest(in NodeCall call) => 1;

    protected override AffinePieces? Pieces(in NodeCall call) => new([0], 0.0, 1.0);

    private sealed class Managed : ElementFunction
    {
        public override bool IsFlatAtZero => true;

        public override void Apply(ReadOnlySpan<float> x, Span<float> values) => TensorPrimitives.Max(x, 0f, values);

        public override void MultiplyBySlope(ReadOnlySpan<float> x, ReadOnlySpan<float> values, Span<float> cotangents)
        {
            // No branch, which would be guessed wrong half of the time.
            var i = 0;
            for (; i + Vector<float>.Count <= cotangents.Length; i += Vector<float>.Count)
            {
                var passes = Vector.GreaterThan(new Vector<float>(values[i..]), Vector<float>.Zero);
                Vector.ConditionalSelect(passes, new Vector<float>(cotangents[i..]), Vector<float>.Zero).CopyTo(cotangents[i..]);
            }

            for (; i < cotangents.Length; i++)
            {
                cotangents[i] = values[i] > 0 ? cotangents[i] : 0;
            }
        }
    }
}

/// <summary>x, or α x below zero.</summary>
internal sealed class LeakyRelu : PiecewiseAffineActivation
{
    public override string Type => "LeakyRelu";

    public override Tensor? Switches(in NodeCall call) => call[0];

    internal override ElementFunction ElementFunction(Node node) => new Managed((float)Slope(node));

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.LeakyRelu(Slope(call.Node));

    protected override double? Steepest(in NodeCall call) => Math.Max(1, Math.Abs(Slope(call.Node)));

    protected override AffinePieces? Pieces(in NodeCall call) => new([0], Slope(call.Node), 1);

    private static double Slope(Node node) => node.Attributes.Float("alpha", 0.01);

    private sealed class Managed(float slope) : ElementFunction
    {
        public override void Apply(ReadOnlySpan<float> x, Span<float> values)
        {
            for (var i = 0; i < x.Length; i++)
            {
                values[i] = x[i] > 0 ? x[i] : slope * x[i];
            }
        }

        public override void MultiplyBySlope(ReadOnlySpan<float> x, ReadOnlySpan<float> values, Span<float> cotangents)
        {
            for (var i = 0; i < cotangents.Length; i++)
            {
                cotangents[i] *= x[i] > 0 ? 1 : slope;
            }
        }
    }
}

/// <summary>x, or slope · x below zero, the slope being a parameter broadcast over x.</summary>
internal sealed class PRelu : PiecewiseAffineActivation
{
    public override string Type => "PRelu";

    public override int LeastInputs => 2;

    public override bool TakesFilled(int input, Tensor filled) => input == 1;

    public override Tensor? Switches(in NodeCall call) => call[0];

    // Not libtorch's own prelu, whose slope runs over the second dimension only.
    protected override Tensor Apply(in NodeCall call, Tensor x)
    {
        var (_, slope) = Broadcasting.OnOneDevice(call.Node, x, call[1]);
        return x.Where(x.GreaterThan(0), slope * x);
    }

    protected override double? Steepest(in NodeCall call) =>
        call.Varies(1) ? null : Math.Max(1, Broadcasting.LargestMagnitude(call[1]));

    protected override AffinePieces? Pieces(in NodeCall call) => call.Varies(1) ? null
        : new([0], [call[1].To(ScalarType.Float64), Tensor.Ones([], ScalarType.Float64)]);
}

/// <summary>|x|.</summary>
internal sealed class Abs : PiecewiseAffineActivation
{
    public override string Type => "Abs";

    public override Tensor? Switches(in NodeCall call) => call[0];

    // Its derivative at 0 is neither side's, but 0.
    public override Tensor? Pattern(in NodeCall call) => call[0].Sign().To(ScalarType.Int64);

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Abs();

    protected override double? Steepest(in NodeCall call) => 1;

    protected override AffinePieces? Pieces(in NodeCall call) => new([0], -1.0, 1.0);
}

/// <summary>α x + β limited to [0, 1].</summary>
internal sealed class HardSigmoid : PiecewiseAffineActivation
{
    public override string Type => "HardSigmoid";

    public override Tensor? Switches(in NodeCall call)
    {
        var line = Line(call);
        return Kinks.Join(line, line - 1);
    }

    // As in a clip, the limits themselves belong to the middle piece.
    public override Tensor? Pattern(in NodeCall call)
    {
        var line = Line(call);
        return Kinks.Join(line.LessThan(Tensor.ZerosLike(line)), line.GreaterThan(1));
    }

    protected override Tensor Apply(in NodeCall call, Tensor x) => Line(call).Clamp(0, 1);

    protected override double? Steepest(in NodeCall call) => Math.Abs(Slope(call));

    protected override AffinePieces? Pieces(in NodeCall call)
    {
        var (slope, beta) = (Slope(call), call.Attributes.Float("beta", 0.5));
        double[] breaks = [-beta / slope, (1 - beta) / slope];
        return slope == 0 ? new([], 0.0) : new([.. breaks.Order()], 0, slope, 0);
    }

    protected override double? Most(in NodeCall call) => 1;

    private static Tensor Line(in NodeCall call) => (call[0] * Slope(call)) + call.Attributes.Float("beta", 0.5);

    private static double Slope(in NodeCall call) => call.Attributes.Float("alpha", 0.2);
}

/// <summary>x limited to [min, max], either of which may be left out.</summary>
internal sealed class Clip : PiecewiseAffineActivation
{
    public override string Type => "Clip";

    public override bool Trains(int input) => input == 0;

    public override Tensor? Switches(in NodeCall call)
    {
        var x = call[0];
        var (least, most) = Limits(call);
        Tensor[] sides = [.. new[] { least, most }.OfType<Tensor>().Select(limit => x - limit)];
        return sides.Length > 0 ? Kinks.Join(sides) : null;
    }

    // The limits themselves belong to the middle piece: a clip's derivative is 1 there.
    public override Tensor? Pattern(in NodeCall call)
    {
        var x = call[0];
        var (least, most) = Limits(call);
        Tensor[] outside =
            [.. new[] { least is null ? null : x.LessThan(least), most is null ? null : x.GreaterThan(most) }.OfType<Tensor>()];
        return outside.Length > 0 ? Kinks.Join(outside) : null;
    }

    protected override Tensor Apply(in NodeCall call, Tensor x)
    {
        var (least, most) = Limits(call);
        return least is null && most is null ? x : x.Clamp(least, most);
    }

    protected override double? Steepest(in NodeCall call) => call.Varies(1) || call.Varies(2) ? null : 1;

    protected override AffinePieces? Pieces(in NodeCall call)
    {
        if (call.Varies(1) || call.Varies(2))
        {
            return null;
        }

        var (least, most) = Limits(call);
        return (least, most) switch
        {
            ({ } a, { } b) when a.Item() < b.Item() => new([a.Item(), b.Item()], 0.0, 1.0, 0.0),
            ({ }, { }) => new([], 0.0),
            ({ } a, null) => new([a.Item()], 0.0, 1.0),
            (null, { } b) => new([b.Item()], 1.0, 0.0),
            _ => new([], 1.0),
        };
    }

    protected override double? Most(in NodeCall call) => Limits(call) is ({ } least, { } most)
        ? Math.Max(Math.Abs(least.Item()), Math.Abs(most.Item()))
        : null;

    private static (Tensor? Least, Tensor? Most) Limits(in NodeCall call)
    {
        var (node, device) = (call.Node, call[0].Device);
        Tensor? Limit(Tensor? limit) => limit is null or { Elements: 1 }
            ? limit?.Reshape([]).To(device)
            : throw new OccamException($"{node} has a limit of {limit.Elements} numbers: expected one");
        return (Limit(call.Optional(1)), Limit(call.Optional(2)));
    }
}
