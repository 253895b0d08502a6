using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// softmax(c Q K + M) V, over leading dimensions that are broadcast as in matrix products. Not an operator of ONNX's: what
/// <see cref="Rewrites.Patterns.Recompose"/> puts together. Inputs: the queries Q (… × n × d), the keys as columns K (… × d × m), the
/// values V (… × m × e), a condition, and masks that are added in turn. Where the condition is <c>keep</c> (1 by default) scores stay,
/// elsewhere they are <c>fill</c>; <c>scale</c> is c.
/// </summary>
internal sealed class ScaledDotProductAttention : Operator
{
    private const int Condition = 3;

    public override string Type => "ScaledDotProductAttention";

    public override int LeastInputs => 3;

    public override Linearity Linearity => Linearity.Curved;

    public override Tensor[] Run(in NodeCall call)
    {
        var (queries, keys) = (call[0], call[1]);
        Broadcasting.CheckShape(call.Node, queries.Shape.AsSpan(..^2), keys.Shape.AsSpan(..^2), queries.Size(-2), keys.Size(-1));
        var scores = queries.MatMul(keys);
        var scale = call.Attributes.Float("scale", 1);
        scores = scale == 1 ? scores : scores * scale;
        if (call.Optional(Condition) is { } condition)
        {
            var fill = Tensor.Full([], call.Attributes.Float("fill", double.NegativeInfinity), scores.ScalarType, scores.Device);
            condition = condition.To(scores.Device);
            scores = call.Attributes.Int("keep", 1) != 0 ? scores.Where(condition, fill) : fill.Where(condition, scores);
        }

        for (var i = Condition + 1; i < call.Inputs.Length; i++)
        {
            var (left, right) = Broadcasting.OnOneDevice(call.Node, scores, call[i]);
            scores = left + right;
        }

        return [scores.Softmax(scores.Dimensions - 1).MatMul(call[2])];
    }

    protected override double? Bound(LipschitzCall call) => null;
}
