using Occam.Lab.Runs.TensorBoard;

namespace Occam.Lab.Runs.Store;

/// <summary>Reads every file of a run and says which are damaged, and what is lost by it.</summary>
public sealed class RunCheck
{
    private const string Digest = "its digest agrees";
    private const string NoDigest = "it carries no digest: an older version wrote it, or another program";
    private const string Damaged = "its digest does not agree";

    private readonly string _folder;
    private readonly RunOrigin? _origin;
    private readonly List<FileCheck> _found = [];

    private RunCheck(string folder)
    {
        _folder = folder;
        Check(RunFolder.OriginName, "the run can't be opened", JsonDigest<RunOrigin>);
        _origin = _found is [{ IsWhole: true }] ? RunJson.OfRuns.ReadFile<RunOrigin>(In(RunFolder.OriginName)) : null;
    }

    /// <summary>Checks a run: a folder that holds at least its configuration or what tells of its origin.</summary>
    public static IReadOnlyList<FileCheck> Of(string folder)
    {
        var check = new RunCheck(folder);
        check.CheckAll();
        return check._found;
    }

    private void CheckAll()
    {
        Check(RunFolder.ConfigurationName, "the run can't be opened", _ => Changed(RunFolder.ConfigurationName));
        CheckIfThere(
            RunFolder.StatusName, "how the run stands is known from its checkpoints alone: train --resume goes on from them",
            JsonDigest<RunStatus>);
        if (_origin?.Watched is null)
        {
            Check(
                RunFolder.InitialName, "train --resume makes it anew from the configuration",
                file => Changed(RunFolder.InitialName) ?? NetworkDigest(file));
        }

        CheckIfThere("watched.json", "the networks of which there are values are not known: watch into another folder", JsonDigest);
        CheckIfThere(RunFolder.NetworkName, "train --resume writes it anew", NetworkDigest);
        CheckIfThere(RunFolder.BestName, "train --resume writes it anew", NetworkDigest);
        CheckIfThere("measures.json", "it is measured anew", JsonDigest);
        CheckMetrics();
        CheckCheckpoints();
        CheckEvents();
    }

    private void CheckMetrics()
    {
        if (!File.Exists(In(RunFolder.MetricsName)))
        {
            return;
        }

        var (problems, rows) = (new List<string>(), 0L);
        try
        {
            rows = MetricsFile.Read(In(RunFolder.MetricsName), _origin?.Digests is not null, problems.Add).LongCount();
        }
        catch (OccamException e)
        {
            Add(RunFolder.MetricsName, false, e.Message);
            return;
        }

        Add(
            RunFolder.MetricsName,
            problems.Count == 0,
            problems.Count == 0
                ? $"{rows} rows{(_origin?.Digests is null ? ", without checksums" : ", their checksums agree")}"
                : $"{problems.Count} of {rows + problems.Count} rows are damaged, the first: {problems[0]}");
    }

    private void CheckCheckpoints()
    {
        var checkpoints = new Checkpoints(In(RunFolder.CheckpointsName));
        var (steps, whole) = (checkpoints.Steps, new List<long>());
        foreach (var step in steps)
        {
            var name = Path.GetRelativePath(_folder, checkpoints.PathOf(step));
            try
            {
                checkpoints.Load(step, In(RunFolder.MetricsName));
                whole.Add(step);
                Add(name, true, "its digest and that of the metrics before it agree");
            }
            catch (OccamException e)
            {
                Add(name, false, e.Message);
            }
        }

        if (steps.Count > whole.Count)
        {
            Add(
                RunFolder.CheckpointsName,
                false,
                whole.Count == 0 ? "the run can't be resumed: no checkpoint is whole" : $"the run goes on from step {whole[0]}");
        }
    }

    private void CheckEvents()
    {
        if (!Directory.Exists(In(RunFolder.TensorBoardName)))
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(In(RunFolder.TensorBoardName)).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(_folder, path);
            try
            {
                var (records, problem) = EventRecords.Count(path);
                Add(
                    name, problem is null,
                    problem is null ? $"{records} records, their checksums agree" : $"{problem}, after {records} whole ones");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Add(name, false, $"it can't be read: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}");
            }
        }
    }

    // What is wrong with a file, or null; an empty text where nothing could be checked.
    private void Check(string name, string lost, Func<string, string?> problem)
    {
        if (!File.Exists(In(name)))
        {
            Add(name, false, $"it is missing: {lost}");
            return;
        }

        try
        {
            var found = problem(In(name));
            Add(name, found is null or "", found switch { null => Digest, "" => NoDigest, _ => $"{found}: {lost}" });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OccamException)
        {
            Add(name, false, $"{e.Message.ReplaceLineEndings(" ").TrimEnd('.')}: {lost}");
        }
    }

    private void CheckIfThere(string name, string lost, Func<string, string?> problem)
    {
        if (File.Exists(In(name)))
        {
            Check(name, lost, problem);
        }
    }

    private string? Changed(string name) =>
        _origin?.Digests?.GetValueOrDefault(name) is not { } digest ? ""
        : TrailingDigest.OfFile(In(name)) == digest ? null
        : "it is not as it was when the run began";

    private string? NetworkDigest(string path)
    {
        using var file = PlainFile.Open(path);
        return Told(TrailingDigest.OfNetworks.Check(file), _origin?.Digests is not null);
    }

    private static string? JsonDigest(string path)
    {
        using var file = PlainFile.Open(path);
        return Told(TrailingDigest.OfJson.Check(file), isExpected: false);
    }

    // That it can be read, too, which says something of files without a digest.
    private static string? JsonDigest<T>(string path)
    {
        var problem = JsonDigest(path);
        if (problem != Damaged)
        {
            RunJson.OfRuns.ReadFile<T>(path);
        }

        return problem;
    }

    private static string? Told(bool? agrees, bool isExpected) => agrees switch
    {
        true => null,
        null when !isExpected => "",
        _ => Damaged,
    };

    private void Add(string name, bool isWhole, string what) => _found.Add(new FileCheck(_folder, name, isWhole, what));

    private string In(string name) => Path.Combine(_folder, name);
}
