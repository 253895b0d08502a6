using Occam.Torch;
using Occam.Training;

namespace Occam.Lab.Explaining;

/// <summary>The mean loss of a batch in the form of a regularizer, so that its pull is weighed like theirs.</summary>
internal sealed record BatchLoss() : Regularizer("loss", 1)
{
    public override Tensor Value(RegularizerContext context) => context.Loss.Mean(context.Logits, context.Targets);
}
