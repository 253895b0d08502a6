using Occam.Data;
using Occam.Lab.Auditing;

namespace Occam.Lab.Documents;

/// <summary>What <c>occam audit --json</c> writes.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="Network">The network.</param>
/// <param name="Data">The examples.</param>
/// <param name="RankedBy">The score that the examples are in the order of.</param>
/// <param name="Mislabelled">How many examples are known to be labelled wrongly; null where that isn't known.</param>
/// <param name="Scores">What ranks the examples.</param>
/// <param name="Examples">Those that stand out most, first the highest.</param>
/// <param name="Duplicates">Pairs of examples that are nearly the same, the nearest first; null where they weren't looked for.</param>
public sealed record AuditDocument(
    string Occam, NetworkEntry Network, DataEntry Data, string RankedBy, int? Mislabelled, IReadOnlyList<AuditDocument.ScoreEntry> Scores,
    IReadOnlyList<AuditDocument.ExampleEntry> Examples, IReadOnlyList<AuditDocument.DuplicateEntry>? Duplicates)
{
    /// <summary>The document of an audit.</summary>
    /// <param name="audit">The audit.</param>
    /// <param name="options">How the data were found.</param>
    /// <param name="by">The score to rank by.</param>
    /// <param name="foremost">The examples that stand out most by it, in their order.</param>
    public static AuditDocument Of(DataAudit audit, DataOptions options, string by, IReadOnlyList<AuditedExample> foremost)
    {
        var data = audit.Measured.Data;
        return new AuditDocument(
            RunEnvironment.Version,
            NetworkEntry.Of(audit.Measured),
            DataEntry.Of(data, options),
            by,
            audit.Mislabelled?.Count(wrong => wrong),
            [.. audit.Scores.Select(score => new ScoreEntry(
                score.Name, score.Title, score.AreaUnderCurve?.Value, score.AreaUnderCurve?.StandardError))],
            [.. foremost.Select(example => new ExampleEntry(
                example.IndexInWhole, example.Label, example.TakenFor, example.IsMislabelled,
                new(audit.Scores.Select((score, at) => KeyValuePair.Create(score.Name, example.Scores[at]))),
                new(audit.Scores.Select((score, at) => KeyValuePair.Create(score.Name, example.Places[at])))))],
            audit.Duplicates is { } pairs
                ? [.. pairs.Select(pair => new DuplicateEntry(
                    data.IndexInWhole(pair.First), data.IndexInWhole(pair.Second), pair.Distance, pair.SameAnswer))]
                : null);
    }

    /// <summary>A number by example that is the higher, the more an example stands out.</summary>
    /// <param name="Name">The measure, with a minus before it where low values stand out.</param>
    /// <param name="Title">The measure's title.</param>
    /// <param name="AreaUnderCurve">
    /// How well it tells the mislabelled ones: ½ for not at all, 1 for all first; null where they aren't known.
    /// </param>
    /// <param name="StandardError">The area's standard error over other examples.</param>
    public sealed record ScoreEntry(string Name, string Title, double? AreaUnderCurve, double? StandardError);

    /// <summary>Two examples whose inputs are nearly the same.</summary>
    /// <param name="First">The number of one in the data.</param>
    /// <param name="Second">That of the other.</param>
    /// <param name="Distance">The distance of their inputs over the data's spread; 0 where they are equal.</param>
    /// <param name="SameAnswer">Whether their labels, or targets, are equal; null where there are none.</param>
    public sealed record DuplicateEntry(int First, int Second, double Distance, bool? SameAnswer);

    /// <summary>An example that stands out.</summary>
    /// <param name="Index">Its number in the data.</param>
    /// <param name="Label">Its label.</param>
    /// <param name="TakenFor">The class that the network takes it for; null where it has no label.</param>
    /// <param name="Mislabelled">Whether it is labelled wrongly; null where that isn't known.</param>
    /// <param name="Scores">Its scores by name.</param>
    /// <param name="Places">Its place by each score, 1 for the highest.</param>
    public sealed record ExampleEntry(
        int Index,
        int? Label,
        int? TakenFor,
        bool? Mislabelled,
        OrderedDictionary<string, double> Scores,
        OrderedDictionary<string, int> Places);
}
