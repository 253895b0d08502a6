using System.Collections.Immutable;
using MathNet.Numerics.Statistics;
using Occam.Measures;
using Occam.Measures.Loss;
using Occam.Measures.Weights;
using Occam.Networks.Loading;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// The four norms of Neyshabur et al. 2017, §2.2, of a trained network with batch normalization folded, as decimal logarithms: they span
/// dozens of orders of magnitude.
/// </summary>
/// <param name="Trained">How its training ended.</param>
/// <param name="Margins">γ by ε, in the order of <see cref="Shares"/>: the margin that a share ε of the examples falls short of.</param>
/// <param name="Norms">log₁₀ of each norm, in the order of <see cref="Names"/>, without what depends on the depth and the number of units
/// only.</param>
/// <param name="Terms">log₁₀ of what each bound on the capacity multiplies it by, but for γ⁻²; NaN where γ is not positive.</param>
internal sealed record NormValues(
    TrainedRun Trained, ImmutableArray<double> Margins, ImmutableArray<double> Norms, ImmutableArray<double> Terms)
    : NetworkMeasurement(Trained)
{
    /// <summary>Index of the ℓ2 norm.</summary>
    public const int L2 = 0;

    /// <summary>Index of the spectral norm.</summary>
    public const int Spectral = 1;

    /// <summary>Index of the ℓ1 path norm.</summary>
    public const int L1Path = 2;

    /// <summary>Index of the ℓ2 path norm.</summary>
    public const int L2Path = 3;

    /// <summary>Index of the paper's ε, 0.05, among the <see cref="Shares"/>.</summary>
    public const int Usual = 2;

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

    /// <summary>The ε for which there is a margin: those between which the paper calls a choice reasonable, and its own.</summary>
    public static readonly ImmutableArray<double> Shares = [0.001, 0.01, 0.05, 0.1];

    private static readonly ImmutableArray<Measure> s_measures =
        [new L2Norm(), new SpectralNormProduct(), new L1PathNorm(), new L2PathNorm()];

    /// <summary>γ, the 5th percentile of the margins.</summary>
    public double Margin => Margins[Usual];

    /// <summary>log₁₀ of a norm over γ²; NaN where γ is not positive.</summary>
    /// <param name="norm">The norm's index.</param>
    /// <param name="share">The index of ε.</param>
    public double OverMargin(int norm, int share = Usual) => Margins[share] > 0
        ? Norms[norm] - (2 * Math.Log10(Margins[share]))
        : double.NaN;

    /// <summary>log₁₀ of a norm over γ² with the terms in depth and units; NaN where γ is not positive.</summary>
    /// <param name="norm">The norm's index.</param>
    public double Capacity(int norm) => OverMargin(norm) + Terms[norm];

    /// <summary>Measures.</summary>
    internal static NormValues Measure(TrainedNetwork trained, CancellationToken cancellation)
    {
        var context = new MeasureContext(
            new Subject(trained.Network, FinalActivation.Softmax), trained.Measured, new MeasureOptions { Cancellation = cancellation });
        MeasureResult[] results = [.. s_measures.Select(measure => measure.Measurement(context))];
        double[] margins = [.. new Margin().Measurement(context).PerExample.Order()];
        return new NormValues(
            trained.Run,
            [.. Shares.Select(share => Statistics.QuantileCustom(margins, share, QuantileDefinition.R7))],
            [.. results.Select(result => Logarithm(result, "ln"))],
            [.. results.Select(result => Logarithm(result, "lnCapacity") - Logarithm(result, "lnOverMargin"))]);
    }

    private static double Logarithm(MeasureResult result, string detail) =>
        result.Details.Where(pair => pair.Key == detail).Select(pair => pair.Value / Math.Log(10)).DefaultIfEmpty(double.NaN).First();
}
