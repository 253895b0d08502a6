using Occam.Lab.Experiments.Contract;
using Occam.Measures.Sharpness;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// How sharpness is measured at each scale: as Appendix A of Neyshabur et al. 2017 says, with fewer draws and steps than the
/// paper's where they take too long.
/// </summary>
/// <param name="Expected">Expected sharpness.</param>
/// <param name="Max">Maximum sharpness.</param>
internal sealed record SharpnessSettings(ExpectedSharpness Expected, MaxSharpness Max)
{
    private static readonly ValueList<double> s_grid = [2e-4, 5e-4, 1e-3, 2e-3, 3e-3, 5e-3, 7e-3, 1e-2, 1.5e-2, 2e-2, 3e-2, 5e-2];

    /// <summary>So that everything is seen to work.</summary>
    public static SharpnessSettings Smoke { get; } =
        new(new ExpectedSharpness(Grid: [5e-4, 2e-3, 5e-3, 1e-2, 3e-2], Draws: 5), new MaxSharpness(Steps: 10));

    /// <summary>What two cores do in minutes.</summary>
    public static SharpnessSettings Laptop { get; } =
        new(new ExpectedSharpness(Grid: s_grid, Draws: 60, StandardError: 0.002), new MaxSharpness(Steps: 300));

    /// <summary>The paper's.</summary>
    public static SharpnessSettings Paper { get; } = new(new ExpectedSharpness(Grid: s_grid), new MaxSharpness());

    /// <summary>At which sharpness claims about curves are judged, in the page's list of settings.</summary>
    public static ExperimentSetting Levels { get; } = new(
        "the expected sharpness at which curves are compared",
        $"{string.Join(", ", SharpnessValues.Levels.Select(level => Numbers.Format(level)))}; the paper names {SharpnessValues.PaperLevel}",
        Origin.Chosen);

    /// <summary>They in the page's list of settings.</summary>
    public IEnumerable<ExperimentSetting> Described =>
    [
        new(
            "maximum sharpness",
            $"|ν| ≤ α(|w| + 1), α = {Max.Alpha}; gradient ascent, batches of {Max.Batch}, step {Max.StepSize}, momentum {Max.Momentum}",
            Origin.Stated),
        new("steps of ascent", (long)Max.Steps, Of(Max.Steps == Paper.Max.Steps)),
        new("expected sharpness", $"ν normal with deviation α(10|w| + 1), each draw on a mini-batch of {Expected.Batch}", Origin.Stated),
        new(
            "draws",
            $"{Expected.Draws}"
                + (Expected.StandardError is { } enough ? $"; fewer, but 30 at least, once the standard error is {enough}" : ""),
            Of(Expected.Draws == Paper.Expected.Draws)),
        new("α of expected sharpness", string.Join(", ", Expected.Grid!), Origin.Chosen),
        new("KL divergence", "α⁻² Σ (w/(10|w| + 1))²", Origin.Stated),
        new("KL divergence at a sharpness", "ln KL interpolated linearly in the expected sharpness between two α", Origin.Chosen),
        new("margin γ", "the 5th percentile of the margins of the training set", Origin.Stated),
        new("spectral norm of a convolution", "of its weights as a matrix, out × (in · window)", Origin.Chosen),
    ];

    private static Origin Of(bool stated) => stated ? Origin.Stated : Origin.Run;
}
