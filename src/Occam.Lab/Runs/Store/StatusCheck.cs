namespace Occam.Lab.Runs.Store;

/// <summary>Holds the files of a run against what its status says of them: whole files can be the wrong ones.</summary>
/// <param name="run">The run.</param>
internal sealed class StatusCheck(RunFolder run)
{
    private const int Tries = 3;

    /// <summary>What is wrong with a network's file, in view of the status; null where nothing is, or nothing is known.</summary>
    public string? OfNetwork(string name) => Stable(status =>
        status.Files!.Networks.GetValueOrDefault(name) is not { } digest ? null
        : !File.Exists(run.In(name)) ? "it is missing"
        : TrailingDigest.OfNetworks.CarriedBy(run.In(name)) == digest ? null
        : $"it is another network than the one of step {status.Checkpoint} that {RunFolder.StatusName} knows of");

    /// <summary>What is wrong with the rows of metrics.</summary>
    public string? OfMetrics() => Stable(status =>
    {
        var (path, files) = (run.In(RunFolder.MetricsName), status.Files!);
        return MetricsFile.Beginning(path, files.Rows) is not var (digest, hasMore)
            ? $"it has fewer rows than the {files.Rows} that {RunFolder.StatusName} knows of"
            : digest != files.Metrics ? $"its first {files.Rows} rows aren't those that {RunFolder.StatusName} knows of"

            // What was recorded after a checkpoint is there where the process was killed.
            : status.State is RunState.Completed or RunState.Interrupted or RunState.Diverged && hasMore
            ? $"it has more rows than the {files.Rows} that {RunFolder.StatusName} knows of"
            : null;
    });

    /// <summary>What is wrong with the checkpoints: that the last one is gone.</summary>
    public string? OfCheckpoints() => Stable(status =>
        status.Checkpoint >= 0 && !run.Checkpoints.Steps.Contains(status.Checkpoint)
            ? $"that of step {status.Checkpoint}, which {RunFolder.StatusName} knows of, is missing"
            : null);

    /// <summary>How the run stands, where that says something of its files; null where not, or where it can't be read.</summary>
    public static RunStatus? StatusOf(RunFolder run)
    {
        try
        {
            return run.Status is { Files: not null } status ? status : null;
        }
        catch (OccamException)
        {
            // Told where the status itself is read.
            return null;
        }
    }

    private static string? Try(Func<string?> problem)
    {
        try
        {
            return problem();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"it can't be read: {e.Reason()}";
        }
    }

    // Files are written one after the other, the status last: what a run that is being trained has at one moment is no damage.
    private string? Stable(Func<RunStatus, string?> problem)
    {
        for (var i = 0; ; i++)
        {
            if (StatusOf(run) is not { } status || run.Checkpoints.Steps.FirstOrDefault(-1) > status.Checkpoint)
            {
                return null;
            }

            var found = Try(() => problem(status));
            if (found is null
                || i == Tries
                || (StatusOf(run)?.Written == status.Written && run.Checkpoints.Steps.FirstOrDefault(-1) <= status.Checkpoint))
            {
                return found;
            }
        }
    }
}
