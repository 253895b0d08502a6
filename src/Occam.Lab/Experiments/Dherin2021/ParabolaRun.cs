using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>One training of gor-1: what was recorded of it.</summary>
/// <param name="Seed">The seed of the initial weights.</param>
/// <param name="Start">The function before the first step.</param>
/// <param name="Track">Loss, arc length and energy at the recorded steps, in order.</param>
/// <param name="Shown">The learned function at the paper's steps.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record ParabolaRun(
    int Seed, ParabolaFunction Start, ImmutableArray<ParabolaPoint> Track, ImmutableArray<ParabolaFunction> Shown, double Seconds);
