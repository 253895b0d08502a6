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
    private RunFolder? _run;
    private StatusCheck? _status;

    private RunCheck(string folder)
    {
        _folder = folder;
        Check(RunFolder.OriginName, "the run can't be opened", file =>
        {
            var problem = JsonDigest(file, isExpected: false);
            if (problem != Damaged)
            {
                RunFolder.ReadOrigin(folder);
            }

            return problem;
        });
        _origin = _found is [{ IsWhole: true }] ? RunFolder.ReadOrigin(folder) : null;
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
        _run = TryOpen();
        _status = _run is null ? null : new StatusCheck(_run);
        CheckExpected(
            RunFolder.StatusName, "how the run stands is known from its checkpoints alone: train --resume goes on from them",
            WasWritten, JsonDigest<RunStatus>);
        if (_origin?.Watched is null)
        {
            Check(
                RunFolder.InitialName, "train --resume makes it anew from the configuration",
                file => Changed(RunFolder.InitialName) ?? NetworkDigest(file));
        }

        CheckIfThere("watched.json", "the networks of which there are values are not known: watch into another folder", JsonDigest);
        CheckExpected(RunFolder.NetworkName, "train --resume writes it anew", WasWritten, NetworkDigest);
        CheckExpected(
            RunFolder.BestName, "train --resume writes it anew", _status?.OfNetwork(RunFolder.BestName) is not null, NetworkDigest);
        CheckIfThere("measures.json", "it is measured anew", JsonDigest);
        CheckMetrics();
        CheckLog();
        CheckCheckpoints();
        CheckEvents();
    }

    // What its status says of its other files is known where it can be opened.
    private RunFolder? TryOpen()
    {
        try
        {
            return RunFolder.Open(_folder);
        }
        catch (OccamException)
        {
            return null;
        }
    }

    private void CheckMetrics()
    {
        if (!File.Exists(In(RunFolder.MetricsName)))
        {
            if (_status?.OfMetrics() is not null)
            {
                Add(RunFolder.MetricsName, false, "it is missing: train --resume goes on from the beginning");
            }

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

        if (problems.Count == 0 && _status?.OfMetrics() is { } wrong)
        {
            Add(RunFolder.MetricsName, false, $"{wrong}: train --resume goes on from a checkpoint whose rows are all there");
            return;
        }

        Add(
            RunFolder.MetricsName,
            problems.Count == 0,
            problems.Count == 0
                ? $"{rows} rows{(_origin?.Digests is null ? ", without checksums" : ", their checksums agree")}"
                : $"{problems.Count} of {rows + problems.Count} rows are damaged, the first: {problems[0]}");
    }

    private void CheckLog()
    {
        if (!File.Exists(In(RunFolder.LogName)))
        {
            return;
        }

        try
        {
            var problems = new List<string>();
            var lines = RunLog.Read(_folder, problems.Add).Count();
            Add(
                RunFolder.LogName, problems.Count == 0,
                problems.Count == 0
                    ? $"{Counted.Of(lines, "line")}, their checksums agree"
                    : $"{problems.Count} of {lines + problems.Count} lines are damaged, the first: {problems[0]}: nothing depends on them");
        }
        catch (OccamException e)
        {
            Add(RunFolder.LogName, false, e.Message);
        }
    }

    private void CheckCheckpoints()
    {
        var checkpoints = new Checkpoints(In(RunFolder.CheckpointsName), _origin?.Digests is not null);
        var known = _run is null ? null : StatusCheck.StatusOf(_run);
        var (steps, whole) = (checkpoints.Steps, new List<long>());
        foreach (var step in steps)
        {
            var name = Path.GetRelativePath(_folder, checkpoints.PathOf(step));
            try
            {
                checkpoints.Load(step, In(RunFolder.MetricsName), known);
                whole.Add(step);
                Add(name, true, "its digest and that of the metrics before it agree");
            }
            catch (OccamException e)
            {
                Add(name, false, e.Message);
            }
        }

        var gone = _status?.OfCheckpoints();
        if (steps.Count > whole.Count || gone is not null)
        {
            Add(
                RunFolder.CheckpointsName,
                false,
                (gone is null ? "" : $"{gone}: ")
                    + (whole is [var first, ..] ? $"the run goes on from step {first}"
                        : steps.Count > 0 ? "the run can't be resumed: no checkpoint is whole"
                        : "train --resume begins again"));
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
                Add(name, false, $"it can't be read: {e.Reason()}");
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
            Add(name, false, $"{e.Reason()}: {lost}");
        }
    }

    private void CheckExpected(string name, string lost, bool isExpected, Func<string, string?> problem)
    {
        if (isExpected)
        {
            Check(name, lost, problem);
        }
        else
        {
            CheckIfThere(name, lost, problem);
        }
    }

    // The first checkpoint is that of step 0, and after it come a network and a status.
    private bool WasWritten => _origin is { Digests: not null, Watched: null }
        && new Checkpoints(In(RunFolder.CheckpointsName), haveDigests: true).Steps is [> 0, ..];

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
        var told = Told(TrailingDigest.OfNetworks.Check(file), _origin?.Digests is not null);
        return told is { Length: > 0 } ? told : _status?.OfNetwork(Path.GetFileName(path)) ?? told;
    }

    private static string? JsonDigest(string path) => JsonDigest(path, isExpected: false);

    private static string? JsonDigest(string path, bool isExpected)
    {
        using var file = PlainFile.Open(path);
        return Told(TrailingDigest.OfJson.Check(file), isExpected);
    }

    // That it can be read, too, which says something of files without a digest.
    private string? JsonDigest<T>(string path)
    {
        var problem = JsonDigest(path);
        if (problem != Damaged)
        {
            RunJson.OfRuns.ReadFile<T>(path, _origin?.Digests is not null);
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
