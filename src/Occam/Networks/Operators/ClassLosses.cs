using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// What labels cost, batch × …, given a number for each class, batch × classes × …; each label counts with its class's weight, and
/// one that is to be ignored with 0. The mean is the weighted losses' sum over the weights'.
/// </summary>
internal abstract class ClassLoss : Operator
{
    private const int Labels = 1;
    private const int Weights = 2;

    public sealed override int LeastInputs => 2;

    public sealed override bool Trains(int input) => input == 0;

    public sealed override bool IsStep(Node node, int input, int output) => input == Labels;

    public sealed override Tensor[] Run(in NodeCall call)
    {
        var logarithms = Logarithms(call[0]);
        var (labels, weights) = LabelsAndWeights(call);
        var losses = -logarithms.Gather(1, labels.Unsqueeze(1)).Squeeze(1) * weights;
        var loss = Reduction(call) switch
        {
            "none" => losses,
            "sum" => losses.Sum(),
            _ => losses.Sum() / weights.Sum(),
        };
        return [loss, logarithms];
    }

    /// <summary>log p of the classes.</summary>
    protected abstract Tensor Logarithms(Tensor x);

    /// <summary>A bound of the gradient of one label's loss by the numbers of its classes, and of a column of log p.</summary>
    protected abstract (double Label, double Logarithms) Slopes(long classes);

    // One label's gradient after the other: the largest where each has a number of its own, their root sum of squares in a sum.
    protected sealed override double? Bound(LipschitzCall call)
    {
        if (call.InputBounds.AsSpan(1).ContainsAnyExcept(0))
        {
            return null;
        }

        using var scope = Libtorch.NewDisposeScope();
        var weights = LabelsAndWeights(call.Call).Weights.To(ScalarType.Float64);
        var (slope, all) = Slopes(call.Call[0].Shape[1]);
        slope *= Reduction(call.Call) switch
        {
            "none" => Broadcasting.LargestMagnitude(weights),
            "sum" => weights.Norm().Item(),
            _ => weights.Norm().Item() / weights.Sum().Item(),
        };
        return call.InputBounds[0] * (call.Call.Node.Outputs.Length > 1 ? Math.Max(slope, all) : slope);
    }

    private static string Reduction(in NodeCall call) =>
        call.Attributes.Text("reduction", "mean") is var reduction && reduction is "none" or "sum" or "mean"
            ? reduction
            : throw new OccamException($"{call.Node} has reduction '{reduction}': expected none, sum or mean");

    private static (Tensor Labels, Tensor Weights) LabelsAndWeights(in NodeCall call)
    {
        var (x, labels) = (call[0], call[Labels]);
        var classes = x.Dimensions > 1 ? x.Shape[1] : 0;
        var (ignores, ignored) = (call.Attributes.Has("ignore_index"), call.Attributes.Int("ignore_index", 0));
        var numbers = labels.ToArray<long>();
        var wrong = numbers.FirstOrDefault(label => (label < 0 || label >= classes) && !(ignores && label == ignored), -1);
        if (numbers.Contains(wrong) && !(ignores && wrong == ignored))
        {
            throw new OccamException($"{call.Node} meets the label {wrong}: expected 0 to {classes - 1}"
                + (ignores ? $", or {ignored}, which is ignored" : ""));
        }

        var counts = Tensor.FromArray(Array.ConvertAll(numbers, label => ignores && label == ignored ? 0.0 : 1), labels.Shape)
            .To(x.ScalarType)
            .To(x.Device);
        var safe = Tensor.FromArray(Array.ConvertAll(numbers, label => ignores && label == ignored ? 0 : label), labels.Shape).To(x.Device);
        return (safe, call.Optional(Weights) is { } weights ? counts * weights.IndexSelect(0, safe.Flatten()).Reshape(safe.Shape) : counts);
    }
}

/// <summary>The loss of labels, given log p.</summary>
internal sealed class NegativeLogLikelihoodLoss : ClassLoss
{
    public override string Type => "NegativeLogLikelihoodLoss";

    public override Linearity Linearity => Linearity.Affine;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) =>
        dependent[1..].Contains(true) ? Linearity.Curved : Linearity.Affine;

    protected override Tensor Logarithms(Tensor x) => x;

    protected override (double Label, double Logarithms) Slopes(long classes) => (1, 1);
}

/// <summary>The loss of labels, given logits; output 1 is log p, by softmax.</summary>
internal sealed class SoftmaxCrossEntropyLoss : ClassLoss
{
    public override string Type => "SoftmaxCrossEntropyLoss";

    public override Linearity Linearity => Linearity.Curved;

    protected override Tensor Logarithms(Tensor x) => x.LogSoftmax(1);

    // p − e_label is no longer than √2, the difference of two corners of the simplex; log p as in LogSoftmax.
    protected override (double Label, double Logarithms) Slopes(long classes) => (Math.Sqrt(2), Math.Sqrt(classes));
}
