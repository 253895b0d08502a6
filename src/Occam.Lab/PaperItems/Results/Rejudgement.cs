using System.Collections.Immutable;
using Occam.Lab.Documents;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Reproduction;
using Occam.Lab.Reports;

namespace Occam.Lab.PaperItems.Results;

/// <summary>The verdicts on a figure's claims, had again from the raw runs that it left, beside those that were written.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Recorded">What was written when it was run.</param>
/// <param name="Verdicts">The verdicts that follow from the runs.</param>
public sealed record Rejudgement(Experiment Experiment, ReproductionDocument Recorded, ImmutableArray<VerdictBlock> Verdicts)
{
    /// <summary>The verdicts as a document.</summary>
    public ReproductionDocument Document =>
        Recorded with { Claims = [.. Verdicts.Select(ReproductionDocument.ClaimEntry.Of)] };

    /// <summary>What differs from what was written, a line for each claim; empty where nothing does.</summary>
    public ImmutableArray<string> Differences
    {
        get
        {
            var before = Recorded.Claims.ToDictionary(claim => claim.Id);
            var now = Document.Claims.ToDictionary(claim => claim.Id);
            return
            [
                .. now.Values.Select(claim => Difference(before.GetValueOrDefault(claim.Id), claim)).OfType<string>(),
                .. before.Keys.Where(id => !now.ContainsKey(id)).Select(id => $"{id}: was judged, and is no claim any more"),
            ];
        }
    }

    /// <summary>Judges the runs that a figure left.</summary>
    /// <param name="folder">The folder of its page.</param>
    /// <exception cref="OccamException">There is no figure, or its files are damaged.</exception>
    public static Rejudgement Of(string folder)
    {
        var recorded = RecordedFigures.OfFolder(folder).Document;
        var experiment = ExperimentCatalogue.Find(recorded.Id);
        var file = Path.Combine(folder, Reproduction.RawRunsName);
        var (scale, verdicts) = experiment.VerdictsOf(file);
        return scale == recorded.Scale
            ? new Rejudgement(experiment, recorded, verdicts)
            : throw new OccamException($"the files in '{folder}' are not of one run: '{Reproduction.RawRunsName}' is at another scale than "
                + $"'{Reproduction.RecordName}'");
    }

    private static string? Difference(ReproductionDocument.ClaimEntry? before, ReproductionDocument.ClaimEntry now) =>
        before is null ? $"{now.Id}: was not judged, and is now {ItemStanding.WordsOf(now.Verdict)}"
        : before.Verdict != now.Verdict
            ? $"{now.Id}: was {ItemStanding.WordsOf(before.Verdict)}, and is now {ItemStanding.WordsOf(now.Verdict)}"
        : (before.Reason, before.Claim, before.Source, before.PremiseFails) != (now.Reason, now.Claim, now.Source, now.PremiseFails)
            || !before.Statistics.Select(Finite).SequenceEqual(now.Statistics.Select(Finite))
            ? $"{now.Id}: is {ItemStanding.WordsOf(now.Verdict)} as it was, with other numbers or in other words"
        : null;

    // A document has no numbers that aren't finite.
    private static ReproductionDocument.StatisticEntry Finite(ReproductionDocument.StatisticEntry entry) => entry with
    {
        Value = entry.Value is { } value && double.IsFinite(value) ? value : null,
        StandardError = entry.StandardError is { } error && double.IsFinite(error) ? error : null,
    };
}
