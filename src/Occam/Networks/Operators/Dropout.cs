using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// The input in evaluation, whatever the node's <c>training_mode</c> says; in training each element is zero
/// with the probability <c>ratio</c> and otherwise divided by 1 − ratio. Output 1 tells which were kept.
/// A run may ask for dropout after the forward pass instead (<see cref="RunOptions.DropoutAfterForward"/>).
/// </summary>
internal sealed class Dropout : Operator
{
    public override string Type => "Dropout";

    public override Linearity Linearity => Linearity.Structural;

    public override bool KeepsElementsInOrder => true;

    public override bool IsStep(Node node, int input, int output) => output == 1;

    public override bool DiffersInTraining => true;

    public override bool Trains(int input) => input == 0;

    public override Tensor[] Run(in NodeCall call)
    {
        var x = call[0];
        var ratio = call.Optional(1)?.Item() ?? call.Attributes.Float("ratio", 0.5);
        var wantsMask = call.Node.Outputs.Length > 1 && call.Node.Outputs[1].Length > 0;
        if (!call.Training || ratio == 0)
        {
            return wantsMask ? [x, Tensor.Ones(x.Shape, ScalarType.Bool, x.Device)] : [x];
        }

        if (ratio is not (> 0 and <= 1))
        {
            throw new OccamException($"{call.Node} drops with probability {ratio}: expected one from 0 to 1");
        }

        var generator = call.Generator ?? throw new OccamException($"{call.Node} drops at random in training: the run needs a generator");
        var kept = x.Detach().BernoulliLike(1 - ratio, generator);
        if (call.DropoutAfterForward)
        {
            // The value of x with the gradient of x · kept.
            var passed = x * kept;
            return wantsMask ? [passed + (x - passed).Detach(), kept.To(ScalarType.Bool)] : [passed + (x - passed).Detach()];
        }

        var output = ratio < 1 ? x * (kept / (1 - ratio)) : x * kept;
        return wantsMask ? [output, kept.To(ScalarType.Bool)] : [output];
    }

    public override double? DropProbability(Node node, Func<string, Tensor?> constant) =>
        node.HasInput(1) ? constant(node.Inputs[1])?.Item() : node.Attributes.Float("ratio", 0.5);

    protected override double? Bound(LipschitzCall call) => call.InputBounds[0];
}
