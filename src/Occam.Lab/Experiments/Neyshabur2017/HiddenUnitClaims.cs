using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// How the claims of Figure 4 are judged, each on all widths of its range: where a norm over the margin isn't defined at one of them, the
/// claim isn't judged, for fewer widths would be another claim.
/// </summary>
internal static class HiddenUnitClaims
{
    private const int EnoughToFit = 32;
    private const int FallUpTo = 128;
    private const int SpectralRisesFrom = 512;

    /// <summary>Networks with 32 units or more make no mistake on the training images.</summary>
    public static Finding AreEnough(IReadOnlyList<MeasuredTraining> runs)
    {
        var enough = Within(runs, EnoughToFit);
        var fitted = enough.Count(run => run.Trained.TrainingError == 0);
        return Judge.Holds(
            fitted == enough.Length,
            $"Of {enough.Length} networks with {EnoughToFit} hidden units or more {fitted} make no mistake on the training images",
            enough.ByLevel().Min(level => level.Count()),
            new Fact("largest share of training errors among them", enough.Max(run => run.Trained.TrainingError)));
    }

    /// <summary>The test error falls from 32 units on.</summary>
    public static Finding TestErrorFalls(IReadOnlyList<MeasuredTraining> runs)
    {
        var enough = Within(runs, EnoughToFit);
        return Fitted(enough, Judge.Falls("share of test errors", enough.Values(run => run.Trained.TestError)));
    }

    /// <summary>All norms fall from the fewest units to 128.</summary>
    public static Finding NormsFall(IReadOnlyList<MeasuredTraining> runs)
    {
        var narrow = Within(runs, 0, FallUpTo);
        return Fall(narrow).IfMarginsArePositive(narrow.Select(run => run.Norms));
    }

    /// <summary>All norms fall from 32 units to 128.</summary>
    public static Finding NormsFallOnceFitted(IReadOnlyList<MeasuredTraining> runs)
    {
        var middle = Within(runs, EnoughToFit, FallUpTo);
        return Fitted(middle, Fall(middle));
    }

    /// <summary>The ℓ2 norm and the ℓ1 path norm rise from 128 units on.</summary>
    public static Finding NormsRise(IReadOnlyList<MeasuredTraining> runs)
    {
        var wide = Within(runs, FallUpTo);
        return Fitted(wide, Judge.All(
        [
            .. new[] { NormValues.L2, NormValues.L1Path }.Select(norm => (
                NormValues.Names[norm], Judge.Rises(Over(norm), Of(wide, norm)))),
        ]));
    }

    /// <summary>The ℓ2 path norm falls from 128 units on, without the factors that its bound has.</summary>
    public static Finding PathNormFalls(IReadOnlyList<MeasuredTraining> runs)
    {
        var wide = Within(runs, FallUpTo);
        return Fitted(wide, Judge.Falls(Over(NormValues.L2Path), Of(wide, NormValues.L2Path)));
    }

    /// <summary>The spectral norm rises from 512 units on.</summary>
    public static Finding SpectralNormRises(IReadOnlyList<MeasuredTraining> runs)
    {
        var widest = Within(runs, SpectralRisesFrom);
        return Fitted(widest, Judge.Rises(Over(NormValues.Spectral), Of(widest, NormValues.Spectral)));
    }

    /// <summary>With the factors of their bounds neither the ℓ2 path norm nor the spectral norm falls from 128 units on.</summary>
    public static Finding CapacitiesDoNotFall(IReadOnlyList<MeasuredTraining> runs)
    {
        var wide = Within(runs, FallUpTo);
        return Fitted(wide, Judge.All(
        [
            .. new[] { NormValues.L2Path, NormValues.Spectral }.Select(norm => (NormValues.Names[norm], Judge.DoesNotFall(
                $"log₁₀ of the capacity by the {NormValues.Names[norm]}", wide.Values(run => run.Norms.Capacity(norm))))),
        ]));
    }

    /// <summary>
    /// The KL divergence at one sharpness falls to 128 units, in the last step too, and doesn't beyond, where the networks fit.
    /// </summary>
    public static Finding DivergenceFallsNoFurther(IReadOnlyList<MeasuredTraining> runs)
    {
        const string Quantity = "log₁₀ of the KL divergence";
        SeedGroup[] Divergence(MeasuredTraining[] some) => some.Values(run => run.Sharpness.LogKl());
        var narrow = Divergence(Within(runs, 0, FallUpTo));
        var wide = Within(runs, FallUpTo);
        return Fitted(wide, Judge.All(
            ("up to 128 units", Judge.Falls(Quantity, narrow)),
            ("in the last step to 128 units", Judge.Falls(Quantity, narrow[^2..])),
            ("beyond 128 units", Judge.DoesNotFall(Quantity, Divergence(wide)))));
    }

    private static MeasuredTraining[] Within(IReadOnlyList<MeasuredTraining> runs, int least, int most = int.MaxValue) =>
        [.. runs.Where(run => run.Level >= least && run.Level <= most)];

    private static Finding Fall(MeasuredTraining[] runs) => Judge.All(
        [.. NormValues.Names.Select((name, norm) => (name, Judge.Falls(Over(norm), Of(runs, norm))))]);

    private static string Over(int norm) => $"log₁₀ of the {NormValues.Names[norm]} over γ²";

    private static SeedGroup[] Of(MeasuredTraining[] runs, int norm) => runs.Values(run => run.Norms.OverMargin(norm));

    private static Finding Fitted(IEnumerable<MeasuredTraining> runs, Finding finding) => finding.IfFitted(runs.Select(run => run.Trained));
}
