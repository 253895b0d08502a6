using System.Text.Json.Serialization;

namespace Occam.Lab.Runs.Configuration;

/// <summary>What there is to know of a parameter of a measure.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expected">What to write.</param>
/// <param name="Default">The default as it is written; none where the parameter is left out by default.</param>
/// <param name="Meaning">What it is, from its doc comment.</param>
public sealed record MeasureParameterText(
    string Name,
    string Expected,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Default,
    string Meaning);
