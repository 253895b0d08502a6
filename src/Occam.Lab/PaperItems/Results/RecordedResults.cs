using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Occam.Lab.Documents;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Reproduction;

namespace Occam.Lab.PaperItems.Results;

/// <summary>
/// The folder of recorded results: the <c>experiment.json</c> of a run of each figure under the figure's name, and a README.md of
/// them all. They become part of Occam when it is built.
/// </summary>
internal static partial class RecordedResults
{
    /// <summary>The file that tells people what the others hold.</summary>
    public const string ReadmeName = "README.md";

    /// <summary>
    /// Records runs in place of earlier ones of the same figures, and writes the README.md anew. Of paths that are of one machine alone
    /// the last part is kept.
    /// </summary>
    /// <param name="runs">The folders of the runs.</param>
    /// <param name="folder">The folder of recorded results; made where it is not there.</param>
    /// <returns>The files that were written.</returns>
    /// <exception cref="OccamException">
    /// A run can't be read, is of no figure that there is, or at the smoke scale; two are of one figure; or the folder can't be written.
    /// </exception>
    public static ImmutableArray<string> Record(IEnumerable<string> runs, string folder)
    {
        var added = new SortedDictionary<string, ReproductionDocument>(StringComparer.Ordinal);
        foreach (var path in runs)
        {
            var run = RecordedFigures.OfFolder(path);
            _ = ExperimentCatalogue.Find(run.Document.Id);
            if (!run.IsJudged)
            {
                throw new OccamException($"the run in '{path}' is at the smoke scale, which judges nothing: record one at another");
            }

            // What is recorded follows from the runs by the judges that there are.
            var document = File.Exists(Path.Combine(path, Reproduction.RawRunsName)) ? Rejudgement.Of(path).Document : run.Document;
            if (!added.TryAdd(run.Document.Id, WithoutPlaces(document)))
            {
                throw new OccamException($"the run in '{path}' is the second of {run.Document.Id}: record one of each figure");
            }
        }

        Directory.CreateDirectory(folder);
        ReproductionDocument[] all = [.. Read(folder).Where(old => !added.ContainsKey(old.Id)), .. added.Values];
        (string Name, byte[] Bytes)[] files =
        [
            .. added.Values.Select(document => ($"{document.Id}.json", Bytes(document))),
            (ReadmeName, Encoding.UTF8.GetBytes(RecordedResultsText.Of(all))),
        ];
        AtomicFile.WriteAll(folder, [.. files.Select(file => (file.Name, (Action<Stream>)(stream => stream.Write(file.Bytes))))]);
        return [.. files.Select(file => Path.Combine(folder, file.Name))];
    }

    /// <summary>The results of a folder, by figure.</summary>
    /// <exception cref="OccamException">One can't be read.</exception>
    public static ImmutableArray<ReproductionDocument> Read(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)
            .Select(file => ReadFile(file, folder)),
    ];

    private static ReproductionDocument ReadFile(string file, string folder)
    {
        try
        {
            return RecordedFigure.ReadFile(file, folder).Document;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"can't read '{file}': {e.Reason()}", e);
        }
    }

    private static byte[] Bytes(ReproductionDocument document) => [.. DocumentJson.Write(document), (byte)'\n'];

    private static ReproductionDocument WithoutPlaces(ReproductionDocument document) => document with
    {
        Command = WithoutPlaces(document.Command),
        Data = [.. document.Data.Select(WithoutPlaces)],
        Remarks = [.. document.Remarks.Select(WithoutPlaces)],
        Settings = [.. document.Settings.Select(setting => setting with { Value = WithoutPlaces(setting.Value) })],
    };

    private static string WithoutPlaces(string text) => Folders().Replace(text, "");

    // The folders of an absolute path, without its last part.
    [GeneratedRegex(@"(?<![\w.:/~])/(?:[^\s/'"",;]+/)+")]
    private static partial Regex Folders();
}
