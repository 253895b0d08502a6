using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>A training of beyond-grokking.</summary>
/// <param name="Seed">The seed of the weights and of the training.</param>
/// <param name="Track">What was measured, from before the first step to the end.</param>
internal sealed record RegionRun(int Seed, ImmutableArray<RegionPoint> Track)
{
    /// <summary>The first moment without a training error; null where there is none before the end.</summary>
    public RegionPoint? Fitted => Track.SkipLast(1).FirstOrDefault(point => point.TrainingError == 0);

    /// <summary>After the last step.</summary>
    public RegionPoint End => Track[^1];

    /// <summary>
    /// The places of the largest rise of the local complexity at training images, by the factor: where it begins, and where it ends.
    /// </summary>
    public (int Trough, int Peak) Rise
    {
        get
        {
            var (best, trough, least) = ((Trough: 0, Peak: 0), 0, double.PositiveInfinity);
            for (var i = 0; i < Track.Length; i++)
            {
                (trough, least) = Track[i].AtTraining < least ? (i, Track[i].AtTraining) : (trough, least);
                if (Track[i].AtTraining / least > Track[best.Peak].AtTraining / Track[best.Trough].AtTraining)
                {
                    best = (trough, i);
                }
            }

            return best;
        }
    }

    /// <summary>
    /// The mean <see cref="Contrast"/> right before and right after the peak. At the peak itself, which is where the count at training
    /// images is largest, it is low by that choice alone.
    /// </summary>
    public double ContrastAroundPeak => new[] { Rise.Peak - 1, Rise.Peak + 1 }
        .Where(place => place >= 0 && place < Track.Length - 1)
        .Select(place => Contrast(Track[place]))
        .DefaultIfEmpty(double.NaN)
        .Average();

    /// <summary>The factor by which the local complexity at training images falls before its largest rise.</summary>
    public double FirstDescent => Track[..(Rise.Trough + 1)].Max(point => point.AtTraining) / Track[Rise.Trough].AtTraining;

    /// <summary>The factor by which it rises.</summary>
    public double Ascent => Track[Rise.Peak].AtTraining / Track[Rise.Trough].AtTraining;

    /// <summary>The factor by which it falls after that.</summary>
    public double SecondDescent => Track[Rise.Peak].AtTraining / Track[Rise.Peak..].Min(point => point.AtTraining);

    /// <summary>The logarithm of how much more regions there are at the decision boundary than at training images.</summary>
    public static double Contrast(RegionPoint point) => Math.Log(point.AtBoundary / point.AtTraining);
}
