using System.Collections.Immutable;

namespace Occam.Measures.Sharpness;

/// <summary>How the measures of sharpness are computed. The defaults are those of Neyshabur et al. 2017, Appendix A, where it states one.</summary>
public sealed record SharpnessOptions
{
    /// <summary>The α that expected sharpness is reported at when none is asked for.</summary>
    public const double UsualAlpha = 0.005;

    /// <summary>The α of maximum sharpness when none is asked for: Keskar et al. 2017, and Neyshabur et al. 2017.</summary>
    public const double UsualBoxAlpha = 5e-4;

    private static readonly ImmutableArray<double> s_usualGrid = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1];

    /// <summary>The size α of perturbations, in place of each measure's own.</summary>
    public double? Alpha { get; init; }

    /// <summary>The sizes α of the curve of expected sharpness, ascending.</summary>
    public ImmutableArray<double> Grid { get; init; } = s_usualGrid;

    /// <summary>Random perturbations, each on a mini-batch of its own.</summary>
    public int Draws { get; init; } = 1000;

    /// <summary>Draw no more once every standard error is as small as this; null draws all.</summary>
    public double? StandardError { get; init; }

    /// <summary>Examples of a mini-batch.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Steps of gradient ascent.</summary>
    public int Steps { get; init; } = 2000;

    /// <summary>The size of a step.</summary>
    public double StepSize { get; init; } = 0.01;

    /// <summary>The share of the last step that the next keeps.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Ascents: the first from the weights themselves, the others from random points of the box.</summary>
    public int Starts { get; init; } = 1;

    /// <summary>The probability δ with which a bound may fail.</summary>
    public double Delta { get; init; } = 0.05;

    /// <summary>Hessian-vector products for the trace.</summary>
    public int HessianProducts { get; init; } = 30;

    /// <summary>The most Hessian-vector products for the eigenvalues.</summary>
    public int LanczosSteps { get; init; } = 40;

    /// <summary>Refuses what can't be.</summary>
    /// <exception cref="OccamException">A number is out of its range.</exception>
    internal void Check()
    {
        Require(Alpha is null or (> 0 and < double.PositiveInfinity), $"perturbations of size α = {Alpha}", "a positive α");
        Require(!Grid.IsDefaultOrEmpty && Grid.All(alpha => alpha > 0 && double.IsFinite(alpha)), "a grid with such an α", "positive numbers");
        Require(Draws >= 2, $"{Draws} draws", "at least 2");
        Require(StandardError is null or > 0, $"a standard error of {StandardError}", "a positive one");
        Require(Batch >= 1, $"mini-batches of {Batch}", "at least 1");
        Require(Steps >= 1, $"{Steps} steps of ascent", "at least 1");
        Require(StepSize > 0 && double.IsFinite(StepSize), $"steps of size {StepSize}", "a positive size");
        Require(Momentum is >= 0 and < 1, $"a momentum of {Momentum}", "at least 0 and below 1");
        Require(Starts >= 1, $"{Starts} ascents", "at least 1");
        Require(Delta is > 0 and < 1, $"a bound that fails with probability {Delta}", "a number between 0 and 1");
        Require(HessianProducts >= 6, $"a trace from {HessianProducts} products", "at least 6");
        Require(LanczosSteps >= 1, $"{LanczosSteps} Lanczos steps", "at least 1");
    }

    private static void Require(bool holds, string what, string expected)
    {
        if (!holds)
        {
            throw new OccamException($"{what} can't be: give {expected}");
        }
    }
}
