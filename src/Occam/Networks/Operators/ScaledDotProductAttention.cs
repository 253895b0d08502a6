using System.Collections.Immutable;
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

    // What is added to scores may be learned, as Swin's relative positions are, or hide some of them.
    public override bool Trains(Node node, int input, Tensor stored) => input < Condition || !AddedMask.Is(stored);

    public override Tensor[] Run(in NodeCall call)
    {
        var (queries, keys) = (call[0], call[1]);
        if (queries.Dimensions >= 2 && keys.Dimensions >= 2)
        {
            Broadcasting.CheckShape(call.Node, queries.Shape.AsSpan(..^2), keys.Shape.AsSpan(..^2), queries.Size(-2), keys.Size(-1));
        }

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

    // What hides a score is −10⁹ here at most: e to that is nothing as much as e to any number below.
    internal override Enclosure[]? Enclose(EnclosureCall call)
    {
        const double Hidden = -1e9;
        if (call.Space.Pieces is not null || call.Depends(Condition))
        {
            return null;
        }

        var (node, space) = (call.At(1), call.Space);
        Enclosure Part(int input) => call.Inputs[input] ?? space.Constant(node[input].To(ScalarType.Float64));
        if (EnclosedFunctions.MatrixProduct(space, Part(0), Part(1)) is not { } scores)
        {
            return null;
        }

        Tensor Number(double value) => Tensor.Full([], value, ScalarType.Float64);
        var (factor, offset) = (Number(node.Attributes.Float("scale", 1)), Tensor.ZerosLike(scores.Middle));
        if (node.Optional(Condition) is { } condition)
        {
            var fill = Number(Math.Max(Hidden, node.Attributes.Float("fill", double.NegativeInfinity)));
            var keeps = node.Attributes.Int("keep", 1) != 0 ? condition : condition.Not();
            (factor, offset) = (factor.Where(keeps, Number(0)), offset.Where(keeps, fill));
        }

        scores = EnclosedMaps.Line(space, scores, factor, offset);
        for (var i = Condition + 1; i < call.Inputs.Length; i++)
        {
            scores = call.Inputs[i] is { } mask
                ? EnclosedMaps.Sum(space, scores, EnclosedFunctions.Spread(mask, scores.Shape), 1)
                : EnclosedMaps.Line(space, scores, Number(1), node[i].To(ScalarType.Float64).Clamp(Hidden, null));
        }

        return EnclosedSoftmax.Of(space, scores) is { } weights
            && EnclosedFunctions.MatrixProduct(space, weights, Part(2)) is { } result ? [result] : null;
    }

    public override string WhyUnbounded => AttentionBound.WhyNone;

    // Scores that are filled in don't change, and a mask only shifts the others.
    public override bool BoundReads(int input) => input < Condition;

    public override bool SizesRead(int input) => input < Condition;

    // A query's output is a mean of values.
    public override ImmutableArray<ValueSize?> OutputSizes(SizeCall call)
    {
        if (call.Sizes[2] is not { } values || !AreMatrices(call.Call))
        {
            return [];
        }

        var (queries, keys) = (call.Call[0], call.Call[1]);
        var shape = queries.MatMul(keys).MatMul(values.Elements).Shape;
        var largest = values.Elements.AMax([-2], keep: true).Expand(shape);
        return [new ValueSize(largest).WithGroups(shape.Length - 1, values.LargestNorm(-1))];
    }

    protected override double? Bound(LipschitzCall call)
    {
        if ((call.InputBounds.Length > Condition && call.InputBounds[Condition] > 0) || !AreMatrices(call.Call))
        {
            return null;
        }

        AttentionBound.Part Part(int input, int axis) => new(
            call.InputBounds[input], call.Size(input)?.LargestNorm(axis) ?? double.PositiveInfinity, Copies(call, input));
        var mask = Enumerable.Range(0, call.InputBounds.Length)
            .Skip(Condition + 1)
            .Sum(i => call.InputBounds[i] > 0 ? call.InputBounds[i] * Math.Sqrt(MaskCopies(call, i)) : 0);
        return AttentionBound.Of(
            call.Call.Attributes.Float("scale", 1), call.Call[0].Size(-2), Part(0, -1), Part(1, -2), Part(2, -1), mask);
    }

    // A vector multiplies as one row or column, which has no token of its own.
    private static bool AreMatrices(in NodeCall call) => call[0].Dimensions >= 2 && call[1].Dimensions >= 2 && call[2].Dimensions >= 2;

    private static double Copies(LipschitzCall call, int input) =>
        (double)Axes.Product(call.Output.Shape.AsSpan(..^2)) / Math.Max(1, Axes.Product(call.Call[input].Shape.AsSpan(..^2)));

    private static double MaskCopies(LipschitzCall call, int input)
    {
        var scores = Axes.Product(call.Output.Shape.AsSpan(..^1)) * call.Call[1].Size(-1);
        return scores / Math.Max(1.0, call.Call[input].Elements);
    }
}
