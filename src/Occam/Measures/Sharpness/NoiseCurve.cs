using System.Collections.Immutable;

namespace Occam.Measures.Sharpness;

/// <summary>What random perturbations of several sizes do to the mean loss and to the share of errors.</summary>
/// <param name="Loss">The mean loss of the network itself over all data.</param>
/// <param name="Error">Its share of errors.</param>
/// <param name="Points">By size, ascending.</param>
internal sealed record NoiseCurve(double Loss, double Error, ImmutableArray<NoisePoint> Points)
{
    /// <summary>The point of a size that was asked for.</summary>
    public NoisePoint At(double size) => Points.First(point => point.Size == size);
}
