using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// What may predict generalization: norms, sharpness, or both combined. The larger, the worse a network should generalize.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is made of.</param>
/// <param name="Value">Its value of a network, of norms and the divergence log₁₀; not finite where it has none.</param>
internal sealed record CombinationMeasure(string Name, CombinationKind Kind, Func<CombinationRun, double> Value)
{
    /// <summary>The size α of the perturbations of which expected sharpness is taken where it is taken at one size.</summary>
    public const double Alpha = 0.005;

    /// <summary>1 − the probability with which eq. 5 holds.</summary>
    public const double Delta = 0.05;

    /// <summary>The powers of the norm in products.</summary>
    public static readonly ImmutableArray<double> Powers = [0.25, 0.5, 1, 2, 4];

    /// <summary>Expected sharpness at one size of the perturbations.</summary>
    public static CombinationMeasure Expected { get; } = new("expected sharpness", CombinationKind.Sharpness, ExpectedSharpness);

    /// <summary>Maximum sharpness.</summary>
    public static CombinationMeasure Max { get; } = new("maximum sharpness", CombinationKind.Sharpness, run => run.Sharpness.Max);

    /// <summary>The norm that the KL divergence measures: Σ (w/(10|w| + 1))².</summary>
    public static CombinationMeasure Weighted { get; } = new("weighted ℓ2 norm", CombinationKind.Norm, WeightedNorm);

    /// <summary>The norms of §2.2 over γ², and the weighted norm.</summary>
    public static ImmutableArray<CombinationMeasure> Norms { get; } =
    [
        .. NormValues.Names.Select((name, norm) =>
            new CombinationMeasure($"{name}/γ²", CombinationKind.Norm, run => run.Norms.OverMargin(norm))),
        Weighted,
    ];

    /// <summary>The ℓ2 path norm over γ².</summary>
    public static CombinationMeasure Path { get; } = Norms[NormValues.L2Path];

    /// <summary>The KL divergence at one expected sharpness: how the paper combines them.</summary>
    public static CombinationMeasure Divergence { get; } = new(
        $"KL divergence at sharpness {Numbers.Format(SharpnessValues.PaperLevel)}",
        CombinationKind.Combination,
        run => run.Sharpness.LogKl());

    /// <summary>Sharpness and divergence added as in eq. 5, at the best size of the perturbations.</summary>
    public static CombinationMeasure Sum { get; } = new("sharpness + √(KL/m), eq. 5", CombinationKind.Combination, Equation5);

    /// <summary>The pairs of sharpness and norm of which there are products.</summary>
    public static ImmutableArray<(CombinationMeasure Sharpness, CombinationMeasure Norm)> Pairs { get; } =
        [(Expected, Weighted), (Expected, Path), (Max, Weighted), (Max, Path)];

    /// <summary>All, norms first, combinations last.</summary>
    public static ImmutableArray<CombinationMeasure> All { get; } =
    [
        .. Norms, Expected, Max, Divergence, Sum,
        .. Pairs.SelectMany(pair => Powers.Select(power => Product(pair.Sharpness, pair.Norm, power))),
    ];

    /// <summary>Sharpness times a power of a norm.</summary>
    public static CombinationMeasure Product(CombinationMeasure sharpness, CombinationMeasure norm, double power) => new(
        power == 1 ? $"{sharpness.Name} × {norm.Name}" : $"{sharpness.Name} × ({norm.Name})^{Numbers.Format(power)}",
        CombinationKind.Combination,
        run => sharpness.Value(run) * Math.Pow(10, power * norm.Value(run)));

    private static double ExpectedSharpness(CombinationRun run) =>
        run.Sharpness.Curve.Where(point => point.Alpha == Alpha).Select(point => point.Sharpness).DefaultIfEmpty(double.NaN).First();

    private static double WeightedNorm(CombinationRun run) =>
        Math.Log10(run.Sharpness.Curve[0].Kl * Math.Pow(run.Sharpness.Curve[0].Alpha, 2));

    // What the paper plots is twice the divergence of eq. 5.
    private static double Equation5(CombinationRun run) => run.Sharpness.Curve.Min(point =>
        point.Sharpness + Math.Sqrt(((point.Kl / 2) + Math.Log(2 * run.Images / Delta)) / run.Images));
}
