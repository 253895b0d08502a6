using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The largest or smallest of any number of operands, element by element.</summary>
internal abstract class Extreme : Operator
{
    public sealed override Linearity Linearity => Linearity.PiecewiseAffine;

    /// <summary>A stored operand is a limit of an export (a ReLU6 as Min and Max), not a weight.</summary>
    public sealed override bool Trains(int input) => false;

    public sealed override Tensor[] Run(in NodeCall call)
    {
        var result = call[0];
        for (var i = 1; i < call.Inputs.Length; i++)
        {
            var (left, right) = Broadcasting.OnOneDevice(call.Node, result, call[i]);
            result = Choose(left, right);
        }

        return [result];
    }

    public sealed override Tensor? Switches(in NodeCall call)
    {
        if (!call[0].IsFloatingPoint)
        {
            return null;
        }

        List<Tensor> differences = [];
        for (var i = 0; i < call.Inputs.Length; i++)
        {
            for (var j = i + 1; j < call.Inputs.Length; j++)
            {
                if (call.Varies(i) || call.Varies(j))
                {
                    var (left, right) = Broadcasting.OnOneDevice(call.Node, call[i], call[j]);
                    differences.Add(left - right);
                }
            }
        }

        return differences.Count > 0 ? Kinks.Join([.. differences]) : null;
    }

    // A path may run through every operand; a constant one begins none.
    public sealed override Tensor[]? Paths(PathCall call)
    {
        var sum = call.Source(0);
        for (var i = 1; i < call.OnPath.Length; i++)
        {
            var (left, right) = Broadcasting.OnOneDevice(call.Call.Node, sum, call.Source(i));
            sum = left + right;
        }

        return [sum];
    }

    protected abstract Tensor Choose(Tensor left, Tensor right);

    /// <summary>Whether it is the largest that is chosen.</summary>
    protected abstract bool IsLargest { get; }

    // The smallest is minus the largest of what is turned around.
    internal sealed override Enclosure[]? Enclose(EnclosureCall call)
    {
        var shape = Run(call.At(1))[0].Shape;
        var sign = Tensor.Full([], IsLargest ? 1 : -1, ScalarType.Float64);
        Enclosure? result = null;
        for (var i = 0; i < call.Inputs.Length; i++)
        {
            if ((call.Inputs[i] ?? EnclosedFunctions.Constant(call, i, shape)) is not { } operand || operand.Shape.Length != shape.Length)
            {
                return null;
            }

            var signed = EnclosedMaps.Line(call.Space, EnclosedFunctions.Spread(operand, shape), sign, null);
            result = result is null ? signed : EnclosedFunctions.Maximum(call.Space, result, signed);
        }

        return [EnclosedMaps.Line(call.Space, result!, sign, null)];
    }

    // An extreme changes by no more than the operand that changes most, and so by no more than all together.
    protected sealed override double? Bound(LipschitzCall call) => Broadcasting.RootSumOfSquares(call);
}

/// <summary>The largest.</summary>
internal sealed class Max : Extreme
{
    public override string Type => "Max";

    protected override bool IsLargest => true;

    protected override Tensor Choose(Tensor left, Tensor right) => left.Maximum(right);
}

/// <summary>The smallest.</summary>
internal sealed class Min : Extreme
{
    public override string Type => "Min";

    protected override bool IsLargest => false;

    protected override Tensor Choose(Tensor left, Tensor right) => left.Minimum(right);
}
