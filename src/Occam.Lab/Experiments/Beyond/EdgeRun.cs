using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>A training of beyond-edge.</summary>
/// <param name="Rate">The learning rate h.</param>
/// <param name="Seed">The seed of the first weights.</param>
/// <param name="Track">What was measured: before the first step, on the way, and at the end.</param>
internal sealed record EdgeRun(double Rate, int Seed, ImmutableArray<EdgePoint> Track) : ISeededRun
{
    /// <inheritdoc/>
    public string Group => FormattableString.Invariant($"h = {Rate}");

    /// <inheritdoc/>
    public double Level => Rate;

    /// <summary>2/h, above which gradient descent on a quadratic function diverges.</summary>
    public double Threshold => 2 / Rate;

    /// <summary>Sharpness over 2/h before the first step.</summary>
    public double Start => Ratio(Track[0]);

    /// <summary>Its largest value.</summary>
    public double Largest => Track.Max(Ratio);

    /// <summary>Whether 2/h was reached, with several measured points to come.</summary>
    public bool Reached => AtTheEdge.Count() > 5;

    /// <summary>
    /// Mean sharpness over 2/h after it reached that; NaN where it didn't. Where it did, it is above that by definition.
    /// </summary>
    public double Hovering => AtTheEdge.Skip(1).Select(Ratio).DefaultIfEmpty(double.NaN).Average();

    /// <summary>The share of the measured points after it reached 2/h that are so near to that; NaN where there are none.</summary>
    /// <param name="near">How far off is near, as a part of 2/h.</param>
    public double Near(double near) =>
        AtTheEdge.Skip(1).Select(point => Math.Abs(Ratio(point) - 1) <= near ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();

    /// <summary>The share of the steps since then that raised the loss.</summary>
    public double Raising => AtTheEdge.Skip(1).Any()
        ? (double)AtTheEdge.Skip(1).Sum(point => point.Rises) / (Track[^1].Step - AtTheEdge.First().Step)
        : double.NaN;

    /// <summary>The share of the steps before then that raised it.</summary>
    public double RaisingBefore => Track.TakeWhile(point => Ratio(point) < 1).ToArray() is { Length: > 1 } before
        ? (double)before.Sum(point => point.Rises) / before[^1].Step
        : double.NaN;

    /// <summary>The loss at the end over that where 2/h was reached.</summary>
    public double LossLeft => AtTheEdge.Any() ? Track[^1].Loss / AtTheEdge.First().Loss : double.NaN;

    private IEnumerable<EdgePoint> AtTheEdge => Track.SkipWhile(point => !(Ratio(point) >= 1));

    private double Ratio(EdgePoint point) => point.Sharpness / Threshold;
}
