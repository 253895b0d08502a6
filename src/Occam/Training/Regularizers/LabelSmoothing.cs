using Occam.Torch;

namespace Occam.Training.Regularizers;

/// <summary>
/// 1/k Σ_j L_B(j) − L_B, with L_B(j) the loss if every example were of class j: with strength s the sum is the loss
/// against targets of (1 − s) on the label and s/k on every class (Szegedy et al. 2016, §7).
/// </summary>
/// <param name="Strength">s, from 0 to 1.</param>
public sealed record LabelSmoothing(double Strength) : Regularizer("label-smoothing", Strength)
{
    /// <inheritdoc/>
    public override Tensor Value(RegularizerContext context)
    {
        if (!context.Loss.TakesClasses)
        {
            throw new OccamException($"'{Id}' smooths class labels, and the loss '{context.Loss.Id}' has none: leave it out");
        }

        var classes = Math.Max(context.Logits.Size(1), 2);
        var own = context.Loss.Mean(context.Logits, context.Targets);
        var each = Enumerable
            .Range(0, (int)classes)
            .Select(j => context.Loss.Mean(context.Logits, (Tensor.ZerosLike(context.Targets) + j).Detach()));
        return each.Aggregate((sum, loss) => sum + loss) / classes - own;
    }

    internal override string? Problem() =>
        base.Problem() ?? (Strength <= 1 ? null : $"'{Id}' can't have a strength of {Strength}: give a number from 0 to 1");
}
