namespace Occam.Training;

/// <summary>When to stop before the last step. The training loss is the mean over an epoch's steps.</summary>
public sealed record StopConditions
{
    /// <summary>Stop after an epoch whose mean training loss is below this.</summary>
    public double? LossBelow { get; init; }

    /// <summary>Stop after an epoch whose share of correctly classified training examples is at least this.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Stop when the test loss has not fallen for so many evaluations.</summary>
    public int? Patience { get; init; }

    /// <summary>A training loss above this counts as divergence; NaN and infinity always do.</summary>
    public double Divergence { get; init; } = double.PositiveInfinity;

    internal string? Problem() =>
        LossBelow is not (null or >= 0) ? $"the training can't stop at a loss below {LossBelow}: give 0 or a positive number"
        : Accuracy is not (null or (> 0 and <= 1)) ? $"the training can't stop at an accuracy of {Accuracy}: give a share from 0 to 1"
        : Patience is not (null or > 0) ? $"a patience of {Patience} can't be: give at least 1"
        : Divergence is not > 0 ? $"a loss above {Divergence} can't count as divergence: give a positive number"
        : null;
}
