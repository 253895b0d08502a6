using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>A function of each element whose derivative has no bound over all numbers.</summary>
internal abstract class SteepFunction : ElementwiseOperator
{
    public sealed override Linearity Linearity => Linearity.Curved;

    protected sealed override double? Steepest(in NodeCall call) => null;
}

/// <summary>
/// A function of each element that stays the same between jumps. Where a node is marked, derivatives pass straight through it.
/// </summary>
internal abstract class Staircase : SteepFunction
{
    private const string Mark = "straight through";

    public sealed override bool IsStep(Node node, int input, int output) => !IsStraight(node);

    // The mark is of a type that no file's attributes have.
    public sealed override Node? Straight(Node node) => node with { Attributes = new Attributes(node.Attributes.All.SetItem(Mark, true)) };

    protected sealed override Tensor Apply(in NodeCall call, Tensor x)
    {
        if (!IsStraight(call.Node))
        {
            return Jump(x);
        }

        var line = Line(x);
        return line + (Jump(x) - line).Detach();
    }

    /// <summary>The function.</summary>
    protected abstract Tensor Jump(Tensor x);

    /// <summary>What its derivative is taken of in its place.</summary>
    protected virtual Tensor Line(Tensor x) => x;

    private static bool IsStraight(Node node) => node.Attributes.All.GetValueOrDefault(Mark) is true;
}

/// <summary>The square root.</summary>
internal sealed class Sqrt : SteepFunction
{
    public override string Type => "Sqrt";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Sqrt();

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        SlopeRange.IsAbove(low, 0) ? SlopeRange.OfCurve(low, high, x => x.Sqrt().Reciprocal() * 0.5) : null;
}

/// <summary>e^x.</summary>
internal sealed class Exp : SteepFunction
{
    public override string Type => "Exp";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Exp();

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        SlopeRange.OfCurve(low, high, x => x.Exp());
}

/// <summary>The natural logarithm.</summary>
internal sealed class Log : SteepFunction
{
    public override string Type => "Log";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Log();

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        SlopeRange.IsAbove(low, 0) ? SlopeRange.OfCurve(low, high, x => x.Reciprocal()) : null;
}

/// <summary>1/x.</summary>
internal sealed class Reciprocal : SteepFunction
{
    public override string Type => "Reciprocal";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Reciprocal();

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        SlopeRange.IsAbove(low, 0) || SlopeRange.IsAbove(-high, 0)
            ? SlopeRange.OfCurve(low, high, x => -x.Square().Reciprocal())
            : null;
}

/// <summary>The largest whole number that is not larger: a staircase.</summary>
internal sealed class Floor : Staircase
{
    public override string Type => "Floor";

    protected override Tensor Jump(Tensor x) => x.Floor();
}

/// <summary>The smallest whole number that is not smaller: a staircase.</summary>
internal sealed class Ceil : Staircase
{
    public override string Type => "Ceil";

    protected override Tensor Jump(Tensor x) => x.Ceiling();
}

/// <summary>The nearest whole number, of two the even one: a staircase.</summary>
internal sealed class Round : Staircase
{
    public override string Type => "Round";

    protected override Tensor Jump(Tensor x) => x.Round();
}

/// <summary>−1, 0 or 1: a stair.</summary>
internal sealed class Sign : Staircase
{
    public override string Type => "Sign";

    protected override Tensor Jump(Tensor x) => x.Sign();

    protected override Tensor Line(Tensor x) => x.Clamp(-1, 1);
}

/// <summary>The base to the power of the exponent.</summary>
internal sealed class Pow : Operator
{
    public override string Type => "Pow";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Curved;

    public override bool Trains(int input) => input == 0;

    public override Tensor[] Run(in NodeCall call)
    {
        // A constant number as exponent has a far faster power, and a derivative without logarithms.
        if (!call.Varies(1) && call[1].Elements == 1 && call[1].Dimensions <= call[0].Dimensions)
        {
            return [call[0].Pow(call[1].Item()).To(call[0].ScalarType)];
        }

        var (left, right) = Broadcasting.OnOneDevice(call.Node, call[0], call[1]);
        return [left.Pow(right).To(call[0].ScalarType)];
    }

    internal override Enclosure[]? Enclose(EnclosureCall call)
    {
        if (!call.Depends(0) || call.Depends(1) || call.At(1)[1] is not { Elements: 1 } exponent
            || exponent.Dimensions > call[0].Shape.Length || call.Space.Pieces is not null)
        {
            return null;
        }

        var (p, x) = (exponent.Item(), call[0]);
        (double, double)[] turns = p is 2 ? [] : [(0, 0)];
        return (p >= 2 && p == Math.Round(p)) || SlopeRange.IsAbove(x.Low, 0)
            ? [EnclosedFunctions.Apply(
                call.Space, x, z => z.Pow(p), SlopeRange.OfCurve(x.Low, x.High, z => z.Pow(p - 1) * p, p >= 2 ? turns : []))]
            : null;
    }

    internal override string WhyNotEnclosed(EnclosureCall call) => "its slope has no known bound where its input lies";

    protected override double? Bound(LipschitzCall call) =>
        call.InputBounds[1] != 0 || call.Call[1] is not { Elements: 1 } exponent ? null
        : exponent.Item() == 1 ? call.Largest
        : exponent.Item() > 1 && call.Size(0) is { } size
            ? call.Largest * exponent.Item() * Math.Pow(size.Largest, exponent.Item() - 1)
                * Math.Sqrt(Broadcasting.Copies(call.Call[0], call.Output))
        : null;
}
