using System.Collections.Immutable;
using Occam.Measures;

namespace Occam.Lab.Explaining;

/// <summary>Where a network's complexity sits.</summary>
/// <param name="Data">The examples that it was measured on, in a line.</param>
/// <param name="Complexity">The geometric complexity: its value, by layer and by example.</param>
/// <param name="Initial">That of the network before its first step.</param>
/// <param name="Best">That of the network at its best moment, where one is kept.</param>
/// <param name="Classes">By class; empty without classes.</param>
/// <param name="Most">The examples where the function is steepest, the steepest first.</param>
/// <param name="Least">The examples where it is flattest, the flattest first.</param>
public sealed record Placement(
    string Data,
    MeasureResult Complexity,
    MeasureResult Initial,
    MeasureResult? Best,
    ImmutableArray<ClassComplexity> Classes,
    ImmutableArray<ExampleComplexity> Most,
    ImmutableArray<ExampleComplexity> Least);
