using Occam.Torch;

namespace Occam.Training;

/// <summary>
/// A loss ℓ(logits, target) of one example; training takes its mean over the batch. Each loss is one file in
/// <c>Losses/</c> and says its factors there. The targets of a loss on classes are one number an example, the class.
/// </summary>
/// <param name="Id">The name in configurations.</param>
/// <param name="TakesClasses">Whether targets are classes.</param>
public abstract record Loss(string Id, bool TakesClasses)
{
    /// <summary>The name in configurations.</summary>
    public string Id { get; } = Id;

    /// <summary>Whether targets are classes.</summary>
    public bool TakesClasses { get; } = TakesClasses;

    /// <summary>
    /// The loss of one example and its slope by the logits, in double precision.
    /// </summary>
    /// <param name="logits">The k logits.</param>
    /// <param name="target">The class, or k real targets.</param>
    /// <param name="slope">Receives ∂ℓ/∂logits, k numbers.</param>
    /// <param name="epsilon">
    /// ε = ‖∂ℓ/∂ŷ‖ at the network's output ŷ, which follows the sigmoid where the loss has one
    /// (Loukas et al. 2021, Theorem 1).
    /// </param>
    public abstract double Slope(ReadOnlySpan<double> logits, ReadOnlySpan<double> target, Span<double> slope, out double epsilon);

    /// <summary>
    /// ∂ŷ/∂z for one output, where ŷ follows the logit z: 1 unless the loss applies a sigmoid. It takes gradients of
    /// the logit to gradients of the output that Loukas et al. 2021 call f.
    /// </summary>
    public virtual double OutputSlope(double logit) => 1;

    /// <summary>The mean over a batch, for autograd: differentiable to any order.</summary>
    /// <param name="logits">batch × k.</param>
    /// <param name="targets">batch × 1 classes, or batch × k.</param>
    public abstract Tensor Mean(Tensor logits, Tensor targets);

    /// <summary>Whether one example counts as correctly classified; false for a regression.</summary>
    public virtual bool IsCorrect(ReadOnlySpan<double> logits, ReadOnlySpan<double> target) => false;

    /// <summary>What is wrong with these targets for a network of k outputs, or null.</summary>
    internal string? Problem(int targets, bool areClasses, int classes, long outputs) =>
        TakesClasses
            ? !areClasses ? $"the loss '{Id}' needs class labels, and the data have {(targets > 0 ? "real targets" : "none")}"
            : classes > Math.Max(outputs, 2)
                || (outputs == 1
                    && !TakesOneOutput) ? $"the loss '{Id}' takes "
                        + $"{(TakesOneOutput ? "one output for two classes" : "an output a class")}: the data have "
                            + $"{classes} classes and the network {outputs} outputs"
            : TakesOneOutput && outputs != 1 ? $"the loss '{Id}' takes one output, and the network has {outputs}"
            : null
            : targets == outputs || (areClasses && outputs == 1) ? null
            : $"the loss '{Id}' needs a target for each of the network's {outputs} outputs, and the data have "
                + $"{(areClasses ? "class labels" : $"{targets}")}";

    private protected virtual bool TakesOneOutput => false;
}
