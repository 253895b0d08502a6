using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>One training of gor-1: what was recorded of it.</summary>
/// <param name="Seed">The seed of the initial weights.</param>
/// <param name="Track">Loss, lengths and energy at the recorded steps, in order, from before the first step on.</param>
/// <param name="Functions">The learned function at those steps.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record ParabolaRun(
    int Seed, ImmutableArray<ParabolaPoint> Track, ImmutableArray<ParabolaFunction> Functions, double Seconds = 0)
{
    /// <summary>The steps at which the paper shows the function.</summary>
    public static ImmutableArray<int> PaperSteps { get; } = [1, 20, 40, 50, 5000, 10_000, 20_000, 30_000];

    /// <summary>The function before the first step.</summary>
    public ParabolaFunction Start => Functions[0];

    /// <summary>The function after the last step.</summary>
    public ParabolaFunction End => Functions[^1];

    /// <summary>The function at the paper's steps, as far as they were taken.</summary>
    public IEnumerable<ParabolaFunction> Shown => Functions.Where(function => PaperSteps.Contains((int)function.Step));
}
