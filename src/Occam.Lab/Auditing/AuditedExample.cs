using System.Collections.Immutable;

namespace Occam.Lab.Auditing;

/// <summary>An example that stands out.</summary>
/// <param name="Example">Its number among the examples that were measured.</param>
/// <param name="IndexInWhole">Its number in the whole of the data.</param>
/// <param name="Label">Its label; null where there is none.</param>
/// <param name="TakenFor">The class that the network takes it for; null where it has no label.</param>
/// <param name="IsMislabelled">Whether it is labelled wrongly; null where that isn't known.</param>
/// <param name="Scores">What each score says of it, in the scores' order.</param>
/// <param name="Places">Its place by each score, 1 for the highest.</param>
public sealed record AuditedExample(
    int Example,
    int IndexInWhole,
    int? Label,
    int? TakenFor,
    bool? IsMislabelled,
    ImmutableArray<double> Scores,
    ImmutableArray<int> Places);
