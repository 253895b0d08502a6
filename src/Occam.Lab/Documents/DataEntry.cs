using Occam.Data;

namespace Occam.Lab.Documents;

/// <summary>The examples, and what was taken of them.</summary>
/// <param name="Name">The name of the data set, or its file.</param>
/// <param name="Description">All of it in a line.</param>
/// <param name="Count">How many examples were taken.</param>
/// <param name="Shape">The shape of one example.</param>
/// <param name="Classes">How many classes there are; null without class labels.</param>
/// <param name="Normalization">How the inputs are normalized; null where they are taken as they are.</param>
/// <param name="Limit">How many examples were asked for; null for all.</param>
/// <param name="Seed">The seed of the subset, and of everything else random.</param>
public sealed record DataEntry(
    string Name, string Description, long Count, IReadOnlyList<long> Shape, long? Classes, string? Normalization, long? Limit, long Seed)
{
    internal static DataEntry Of(DataSet data, DataOptions options) => new(
        data.Name,
        data.Description,
        data.Count,
        [.. data.ExampleShape],
        data.Labels is null ? null : data.Classes,
        data.Normalization?.ToString(),
        options.Limit,
        options.Seed);
}
