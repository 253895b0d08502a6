using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>A truth value for each pair: constant between the zeros of the operands' difference.</summary>
internal abstract class Comparison : Operator
{
    public sealed override int LeastInputs => 2;

    public sealed override Linearity Linearity => Linearity.PiecewiseAffine;

    public sealed override bool IsStep(Node node, int input, int output) => true;

    public sealed override bool Trains(int input) => false;

    public sealed override Tensor[] Run(in NodeCall call)
    {
        var (left, right) = Broadcasting.OnOneDevice(call.Node, call[0], call[1]);
        return [Apply(left, right)];
    }

    public sealed override Tensor? Switches(in NodeCall call)
    {
        var (left, right) = Broadcasting.OnOneDevice(call.Node, call[0], call[1]);
        return left.IsFloatingPoint ? Kinks.Join(left - right) : null;
    }

    protected abstract Tensor Apply(Tensor left, Tensor right);

    // A step has no Lipschitz bound.
    protected sealed override double? Bound(LipschitzCall call) => null;
}

/// <summary>Whether the two are equal.</summary>
internal sealed class Equal : Comparison
{
    public override string Type => "Equal";

    protected override Tensor Apply(Tensor left, Tensor right) => left.EqualTo(right);
}

/// <summary>Whether the first is less.</summary>
internal sealed class Less : Comparison
{
    public override string Type => "Less";

    protected override Tensor Apply(Tensor left, Tensor right) => left.LessThan(right);
}

/// <summary>Whether the first is less or equal.</summary>
internal sealed class LessOrEqual : Comparison
{
    public override string Type => "LessOrEqual";

    protected override Tensor Apply(Tensor left, Tensor right) => left.LessOrEqual(right);
}

/// <summary>Whether the first is greater.</summary>
internal sealed class Greater : Comparison
{
    public override string Type => "Greater";

    protected override Tensor Apply(Tensor left, Tensor right) => left.GreaterThan(right);
}

/// <summary>Whether the first is greater or equal.</summary>
internal sealed class GreaterOrEqual : Comparison
{
    public override string Type => "GreaterOrEqual";

    protected override Tensor Apply(Tensor left, Tensor right) => left.GreaterOrEqual(right);
}

/// <summary>Truth values from truth values: their kinks are those of the comparisons before them.</summary>
internal abstract class Connective : Operator
{
    public sealed override Linearity Linearity => Linearity.PiecewiseAffine;

    public sealed override bool IsStep(Node node, int input, int output) => true;

    protected sealed override double? Bound(LipschitzCall call) => null;
}

/// <summary>Whether both hold.</summary>
internal sealed class And : Connective
{
    public override string Type => "And";

    public override int LeastInputs => 2;

    public override Tensor[] Run(in NodeCall call)
    {
        var (left, right) = Broadcasting.OnOneDevice(call.Node, call[0], call[1]);
        return [left.And(right)];
    }
}

/// <summary>Whether any of the two holds.</summary>
internal sealed class Or : Connective
{
    public override string Type => "Or";

    public override int LeastInputs => 2;

    public override Tensor[] Run(in NodeCall call)
    {
        var (left, right) = Broadcasting.OnOneDevice(call.Node, call[0], call[1]);
        return [left.Or(right)];
    }
}

/// <summary>Whether exactly one of the two holds.</summary>
internal sealed class Xor : Connective
{
    public override string Type => "Xor";

    public override int LeastInputs => 2;

    public override Tensor[] Run(in NodeCall call)
    {
        var (left, right) = Broadcasting.OnOneDevice(call.Node, call[0], call[1]);
        return [left.Xor(right)];
    }
}

/// <summary>Whether it doesn't hold.</summary>
internal sealed class Not : Connective
{
    public override string Type => "Not";

    public override Tensor[] Run(in NodeCall call) => [call[0].Not()];
}

/// <summary>The second input where the first holds, the third elsewhere. Its kinks are those of the condition.</summary>
internal sealed class Where : Operator
{
    public override string Type => "Where";

    public override int LeastInputs => 3;

    public override Linearity Linearity => Linearity.PiecewiseAffine;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) =>
        dependent[0] ? Linearity.PiecewiseAffine : Linearity.Affine;

    public override bool IsStep(Node node, int input, int output) => input == 0;

    public override bool Trains(int input) => false;

    public override Tensor[] Run(in NodeCall call)
    {
        var (yes, no) = Broadcasting.OnOneDevice(call.Node, call[1], call[2]);
        (var condition, yes) = Broadcasting.OnOneDevice(call.Node, call[0], yes);
        (condition, no) = Broadcasting.OnOneDevice(call.Node, condition, no);
        yes = yes.To(no.Device);
        return [yes.Where(condition.To(ScalarType.Bool), no)];
    }

    public override Tensor[]? Paths(PathCall call) => call.OnPath[0] ? null : Run(call.WithoutConstants());

    public override bool BoundReads(int input) => false;

    /// <summary>
    /// Each number of the output comes from one branch, so its change is at most that of both together. A
    /// condition that depends on the data may jump, which no bound survives.
    /// </summary>
    protected override double? Bound(LipschitzCall call) => call.InputBounds[0] > 0 ? null : Broadcasting.RootSumOfSquares(call);
}
