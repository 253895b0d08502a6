using System.Collections.Immutable;

namespace Occam.Measures.Sharpness;

/// <summary>What random perturbations of several sizes do to the mean loss and to the share of errors.</summary>
/// <param name="Loss">The mean loss of the network itself over all data.</param>
/// <param name="Error">Its share of errors.</param>
/// <param name="Points">By size, ascending.</param>
internal sealed record NoiseCurve(double Loss, double Error, ImmutableArray<NoisePoint> Points)
{
    /// <summary>The sizes α of a curve where none are given.</summary>
    public static readonly ValueList<double> UsualGrid = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1];

    /// <summary>
    /// The curve under noise that grows with the weights, over a grid and one size beside it; computed once for measures
    /// that ask for the same.
    /// </summary>
    public static NoiseCurve Of(
        MeasureContext context, LossSurface surface, double alpha, ValueList<double>? grid, int draws, double? standardError, int batch)
    {
        var key = new Key([.. (grid ?? UsualGrid).Append(alpha).Distinct().Order()], draws, standardError, batch);
        return context.Shared(key, () =>
        {
            using var noise = new GaussianNoise(context, surface, GaussianNoise.MagnitudeScale);
            return noise.Curve([.. key.Sizes], draws, batch, standardError);
        });
    }

    /// <summary>The point of a size that was asked for.</summary>
    public NoisePoint At(double size) => Points.First(point => point.Size == size);

    private readonly record struct Key(ValueList<double> Sizes, int Draws, double? StandardError, int Batch);
}
