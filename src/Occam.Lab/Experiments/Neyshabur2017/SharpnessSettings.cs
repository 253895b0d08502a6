using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Measures.Sharpness;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>How sharpness is measured at each scale: as Appendix A of Neyshabur et al. 2017 says, with fewer draws and steps than the paper's where they take too long.</summary>
internal static class SharpnessSettings
{
    private static readonly ImmutableArray<double> s_grid = [2e-4, 5e-4, 1e-3, 2e-3, 3e-3, 5e-3, 7e-3, 1e-2, 1.5e-2, 2e-2, 3e-2, 5e-2];

    /// <summary>So that everything is seen to work.</summary>
    public static SharpnessOptions Smoke { get; } = new() { Grid = [5e-4, 2e-3, 5e-3, 1e-2, 3e-2], Draws = 5, Steps = 10 };

    /// <summary>What two cores do in minutes.</summary>
    public static SharpnessOptions Laptop { get; } = new() { Grid = s_grid, Draws = 60, StandardError = 0.002, Steps = 300 };

    /// <summary>The paper's.</summary>
    public static SharpnessOptions Paper { get; } = new() { Grid = s_grid };

    /// <summary>They in the page's list of settings.</summary>
    public static IEnumerable<ExperimentSetting> Described(SharpnessOptions options) =>
    [
        new("maximum sharpness", $"|ν| ≤ α(|w| + 1), α = {SharpnessOptions.UsualBoxAlpha}; gradient ascent, batches of {options.Batch}, step {options.StepSize}, momentum {options.Momentum}", Origin.Stated),
        new("steps of ascent", (long)options.Steps, Of(options.Steps == Paper.Steps)),
        new("expected sharpness", $"ν normal with deviation α(10|w| + 1), each draw on a mini-batch of {options.Batch}", Origin.Stated),
        new("draws", options.StandardError is { } enough ? $"{options.Draws}; fewer, but 30 at least, once the standard error is {enough}" : $"{options.Draws}", Of(options.Draws == Paper.Draws)),
        new("α of expected sharpness", string.Join(", ", options.Grid), Origin.Chosen),
        new("KL divergence", "α⁻² Σ (w/(10|w| + 1))²", Origin.Stated),
        new("margin γ", "the 5th percentile of the margins of the training set", Origin.Stated),
        new("spectral norm of a convolution", "of its weights as a matrix, out × (in · window)", Origin.Chosen),
    ];

    private static Origin Of(bool stated) => stated ? Origin.Stated : Origin.Run;
}
