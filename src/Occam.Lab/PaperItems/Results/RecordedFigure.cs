using System.Text.Json;
using Occam.Lab.Documents;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.PaperItems.Results;

/// <summary>A run of a figure that judged its claims: what <c>occam reproduce</c> left of it.</summary>
/// <param name="Document">Its <c>experiment.json</c>.</param>
/// <param name="From">The folder of the run; where it was recorded in Occam itself, <see cref="InOccam"/>.</param>
public sealed record RecordedFigure(ReproductionDocument Document, string From)
{
    /// <summary>Where a result comes from that was recorded in Occam itself.</summary>
    public const string InOccam = "docs/results";

    /// <summary>Whether the run is large enough for a verdict.</summary>
    public bool IsJudged => Document.Scale != ExperimentScale.Smoke;

    /// <summary>Reads one.</summary>
    /// <param name="json">The text of an <c>experiment.json</c>.</param>
    /// <param name="file">What to call it in messages.</param>
    /// <param name="from">Where it comes from.</param>
    /// <exception cref="OccamException">It is something else.</exception>
    public static RecordedFigure Read(ReadOnlySpan<byte> json, string file, string from)
    {
        try
        {
            var document = JsonSerializer.Deserialize<ReproductionDocument>(json, DocumentJson.Options);
            return document is { Id: not null, Claims: not null, Environment: not null }
                ? new RecordedFigure(document, from)
                : throw new OccamException($"'{file}' is not what occam reproduce writes: expected an id, claims and an environment");
        }
        catch (JsonException e)
        {
            throw new OccamException($"'{file}' is not what occam reproduce writes: {e.Reason()}", e);
        }
    }

    /// <summary>The verdict on a claim; null where the run didn't judge it.</summary>
    /// <param name="claim">The claim's name within the figure.</param>
    public ReproductionDocument.ClaimEntry? Verdict(string claim) => Document.Claims.FirstOrDefault(entry => entry.Id == claim);
}
