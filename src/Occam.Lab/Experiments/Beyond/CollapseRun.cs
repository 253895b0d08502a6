using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>A training of beyond-collapse.</summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Seed">The seed of the weights and of the training.</param>
/// <param name="Track">What was measured, from before the first step to the end.</param>
internal sealed record CollapseRun(double Rate, int Seed, ImmutableArray<CollapsePoint> Track) : ISeededRun
{
    /// <inheritdoc/>
    public string Group => FormattableString.Invariant($"learning rate {Rate}");

    /// <inheritdoc/>
    public double Level => Rate;

    /// <summary>The first measured moment without a training error; null where there is none before the end.</summary>
    public CollapsePoint? Fitted => Track.SkipLast(1).FirstOrDefault(point => point.TrainingError == 0);

    /// <summary>After the last step.</summary>
    public CollapsePoint End => Track[^1];

    /// <summary>The logarithm of how much of a quantity is left at the end of what there was when training error vanished.</summary>
    public double Left(Func<CollapsePoint, double> quantity) =>
        Fitted is { } fitted ? Math.Log(quantity(End) / quantity(fitted)) : double.NaN;
}
