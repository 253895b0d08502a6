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

    private const long Longest = 64 << 20;

    /// <summary>Whether the run is large enough for a verdict.</summary>
    public bool IsJudged => Document.Scale != ExperimentScale.Smoke;

    /// <summary>Reads a file.</summary>
    /// <param name="file">The <c>experiment.json</c>.</param>
    /// <param name="from">Where it comes from.</param>
    /// <exception cref="OccamException">It is something else.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    internal static RecordedFigure ReadFile(string file, string from) => Read(PlainFile.ReadAllBytes(file, Longest), file, from);

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
            return document is not null && IsWhole(document)
                ? new RecordedFigure(document, from)
                : throw new OccamException($"'{file}' is not what occam reproduce writes: expected an id, an environment, data, settings, "
                    + "and claims with statistics, each once");
        }
        catch (JsonException e)
        {
            throw new OccamException($"'{file}' is not what occam reproduce writes: {e.Reason()}", e);
        }
    }

    // The serializer fills in null where something is absent, or says null.
    private static bool IsWhole(ReproductionDocument document) =>
        document is { Environment: not null, Seeds: not null }
        && AreThere(document.Id, document.Title, document.Paper, document.Figure, document.Command)
        && document.Environment is var where
        && AreThere(where.Occam, where.Libtorch, where.Runtime, where.System, where.Processor, where.Device, where.Precision)
        && AreAll(document.Data, _ => true) && AreAll(document.Remarks, _ => true)
        && AreAll(document.Settings, setting => AreThere(setting.Name, setting.Value))
        && AreAll(document.Files, one => AreThere(one.Name, one.Description) && AreAll(one.Columns, _ => true))
        && AreAll(document.Claims, claim => AreThere(claim.Id, claim.Claim, claim.Reason)
            && AreAll(claim.Statistics, statistic => AreThere(statistic.Name, statistic.Text)))
        && document.Claims.DistinctBy(claim => claim.Id).Count() == document.Claims.Count;

    private static bool AreThere(params ReadOnlySpan<string?> texts) => !texts.Contains(null);

    private static bool AreAll<T>(IReadOnlyList<T>? list, Predicate<T> isWhole)
        where T : class => list is not null && list.All(one => one is not null && isWhole(one));

    /// <summary>The verdict on a claim; null where the run didn't judge it.</summary>
    /// <param name="claim">The claim's name within the figure.</param>
    public ReproductionDocument.ClaimEntry? Verdict(string claim) => Document.Claims.FirstOrDefault(entry => entry.Id == claim);
}
