using System.Collections.Immutable;
using Occam.Lab.Experiments.Reproduction;

namespace Occam.Lab.PaperItems.Results;

/// <summary>The last run of each figure: of those recorded in Occam, and of those in a folder of own runs, the newer.</summary>
public sealed class RecordedFigures
{

    private const string Prefix = "result.";

    private RecordedFigures(ImmutableSortedDictionary<string, RecordedFigure> byFigure, ImmutableSortedDictionary<string, string> pages) =>
        (ByFigure, Pages) = (byFigure, pages);

    /// <summary>No run at all.</summary>
    public static RecordedFigures None { get; } = new(
        ImmutableSortedDictionary<string, RecordedFigure>.Empty, ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>The results that are recorded in Occam.</summary>
    public static RecordedFigures InOccam { get; } = new(
        Latest(typeof(RecordedFigures).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(OfResource)),
        ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>The last judged run of each figure that has one.</summary>
    public ImmutableSortedDictionary<string, RecordedFigure> ByFigure { get; }

    /// <summary>The page of the last own run of each figure, also of one at the smoke scale.</summary>
    public ImmutableSortedDictionary<string, string> Pages { get; }

    /// <summary>These, and the runs in the folders of a folder, where they are newer. A run at the smoke scale judges nothing.</summary>
    /// <param name="root">The folder; it may not be there.</param>
    /// <exception cref="OccamException">A file of a run can't be read.</exception>
    public RecordedFigures With(string root)
    {
        if (!Directory.Exists(root))
        {
            return this;
        }

        RecordedFigure[] own =
        [
            .. Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal)
                .Where(folder => File.Exists(Path.Combine(folder, Reproduction.RecordName))).Select(OfFolder),
        ];
        return new RecordedFigures(
            Latest([.. ByFigure.Values, .. own.Where(run => run.IsJudged)]),
            own.Where(run => File.Exists(Path.Combine(run.From, Reproduction.PageName)))
                .GroupBy(run => run.Document.Id)
                .ToImmutableSortedDictionary(
                    runs => runs.Key,
                    runs => Path.Combine(
                        runs.MaxBy(run => (run.IsJudged, run.Document.Written))!.From, Reproduction.PageName),
                    StringComparer.Ordinal));
    }

    /// <summary>The run of a folder.</summary>
    /// <exception cref="OccamException">There is none, or it can't be read.</exception>
    public static RecordedFigure OfFolder(string folder)
    {
        var file = Path.Combine(folder, Reproduction.RecordName);
        try
        {
            return RecordedFigure.ReadFile(file, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason = e.Reason();
            throw new OccamException($"can't read '{file}': expected the folder of a run of occam reproduce ({reason})", e);
        }
    }

    /// <summary>The verdict on a claim at the figure's last judged run.</summary>
    /// <param name="claim">The claim, as <c>figure/claim</c>.</param>
    public Standing Of(string claim)
    {
        var (figure, name) = claim.Split('/', 2) is [var first, var second] ? (first, second) : (claim, "");
        var run = ByFigure.GetValueOrDefault(figure);
        return new Standing(claim, run?.Verdict(name), run);
    }

    private static ImmutableSortedDictionary<string, RecordedFigure> Latest(IEnumerable<RecordedFigure> runs) =>
        runs.GroupBy(run => run.Document.Id).ToImmutableSortedDictionary(
            group => group.Key, group => group.MaxBy(run => run.Document.Written)!, StringComparer.Ordinal);

    private static RecordedFigure OfResource(string name)
    {
        using var stream = typeof(RecordedFigures).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return RecordedFigure.Read(bytes, name, RecordedFigure.InOccam);
    }
}
