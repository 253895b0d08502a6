using System.Collections.Immutable;
using Occam.Measures;
using Occam.Measures.Weights;
using Occam.Networks.Loading;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// The four norms of Neyshabur et al. 2017, §2.2, of a trained network with batch normalization folded, all as decimal
/// logarithms: they span dozens of orders of magnitude.
/// </summary>
/// <param name="Trained">The network.</param>
/// <param name="Margin">γ, the 5th percentile of the margins.</param>
/// <param name="OverMargin">log₁₀ of each norm over γ², without what depends on the depth and the number of units only; NaN where γ is not
/// positive.</param>
/// <param name="Capacities">log₁₀ of each with those terms.</param>
internal sealed record NormValues(
    TrainedNetwork Trained, double Margin, ImmutableArray<double> OverMargin, ImmutableArray<double> Capacities)
    : NetworkMeasurement(Trained)
{
    /// <summary>The norms' names, in their order here.</summary>
    public static readonly ImmutableArray<string> Names = ["ℓ2 norm", "spectral norm", "ℓ1 path norm", "ℓ2 path norm"];

    /// <summary>What each is, by name, in the same order.</summary>
    public static readonly ImmutableArray<string> Formulas =
    [
        "Π ‖Wᵢ‖²_F / γ²",
        "Π ‖Wᵢ‖²₂ / γ²",
        "(Σ over paths Π |W|)² / γ²",
        "Σ over paths Π W² / γ²",
    ];

    private static readonly ImmutableArray<Measure> s_measures =
        [new L2Norm(), new SpectralNormProduct(), new L1PathNorm(), new L2PathNorm()];

    /// <summary>Index of the ℓ2 norm.</summary>
    public const int L2 = 0;

    /// <summary>Index of the spectral norm.</summary>
    public const int Spectral = 1;

    /// <summary>Index of the ℓ1 path norm.</summary>
    public const int L1Path = 2;

    /// <summary>Index of the ℓ2 path norm.</summary>
    public const int L2Path = 3;

    /// <summary>Measures.</summary>
    public static NormValues Measure(TrainedNetwork trained, CancellationToken cancellation)
    {
        var context = new MeasureContext(
            new Subject(trained.Network, FinalActivation.Softmax), trained.Measured, new MeasureOptions { Cancellation = cancellation });
        MeasureResult[] results = [.. s_measures.Select(measure => measure.Measurement(context))];
        ImmutableArray<double> Logarithms(string detail) => [.. results.Select(result =>
            result.Details.Where(pair => pair.Key == detail).Select(pair => pair.Value / Math.Log(10)).DefaultIfEmpty(double.NaN).First())];
        return new NormValues(trained, results[0].Detail("margin"), Logarithms("lnOverMargin"), Logarithms("lnCapacity"));
    }
}
