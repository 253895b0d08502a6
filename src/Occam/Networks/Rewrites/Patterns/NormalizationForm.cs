using static Occam.Networks.Rewrites.Patterns.Pattern;

namespace Occam.Networks.Rewrites.Patterns;

/// <summary>A normalization of each example over its last dimensions.</summary>
internal abstract class NormalizationForm : Form
{
    /// <summary>What is normalized, in the patterns.</summary>
    protected static Pattern X { get; } = Value("x");

    /// <summary>What the normalized values are multiplied by.</summary>
    protected static Pattern Scale { get; } = Constant("scale");

    /// <summary>What is added in the end.</summary>
    protected static Pattern Bias { get; } = Constant("bias");

    /// <summary>The operator in ONNX.</summary>
    protected abstract string Operator { get; }

    /// <summary>The mean over the last dimensions, the same ones wherever it occurs.</summary>
    protected static Pattern Mean(Pattern values) => Apply("ReduceMean", OverLastDimensions, values);

    /// <summary>1/√(second moment + ε), as a factor.</summary>
    protected static Pattern[] InverseRoots(Pattern secondMoment)
    {
        var sum = Apply("Add", secondMoment, AnyNumber("epsilon"));
        return [Inverse(Any(Apply("Sqrt", sum), Apply("Pow", sum, Number(0.5)))), Apply("Pow", sum, Number(-0.5))];
    }

    public sealed override Node? Make(GraphDraft draft, Node last, Match match)
    {
        var (axis, epsilon) = (match.Numbers["axis"], match.Numbers["epsilon"]);
        var scale = match.Values.GetValueOrDefault("scale");
        var bias = match.Values.GetValueOrDefault("bias");
        if (epsilon < 0 || !Fits(draft, scale, axis) || !Fits(draft, bias, axis))
        {
            return null;
        }

        scale ??= draft.Add($"{last.Name}.scale", 1);
        string[] inputs = bias is null ? [match.Values["x"], scale] : [match.Values["x"], scale, bias];
        return Replaced(last, Operator, inputs, ("axis", (long)axis), ("epsilon", epsilon));
    }

    // A number for each that is normalized together, or one for all of them: nothing that differs between those normalized apart.
    private static bool Fits(GraphDraft draft, string? name, double axis) =>
        name is null || draft.Constant(name)!.Shape.SkipWhile(size => size == 1).Count() <= -axis;

    private static Match? OverLastDimensions(GraphDraft draft, Node node, Match match)
    {
        var axes = node.HasInput(1) ? draft.Constant(node.Inputs[1])?.ToArray<long>() : node.Attributes.Ints("axes");
        if (axes is not { Length: > 0 } || node.Attributes.Int("keepdims", 1) == 0)
        {
            return null;
        }

        if (axes.Any(axis => axis >= 0))
        {
            if (draft.KnownRank(node.Inputs[0]) is not { } rank)
            {
                return null;
            }

            axes = Array.ConvertAll(axes, axis => axis < 0 ? axis : axis - rank);
        }

        return axes.Order().SequenceEqual(Enumerable.Range(-axes.Length, axes.Length).Select(axis => (long)axis))
            ? match.With("axis", (double)-axes.Length)
            : null;
    }
}
