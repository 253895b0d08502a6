using Occam.Lab.Runs.Store;

namespace Occam.Lab.Runs.Sweeps;

/// <summary>Checks all runs and sweeps below a folder.</summary>
internal static class StoreCheck
{
    private const int Deepest = 6;

    /// <summary>Checks a run or a sweep with its runs, or all below a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="begin">Called with each folder before it is checked.</param>
    /// <exception cref="OperationCanceledException">The callback had enough.</exception>
    public static IEnumerable<FileCheck> Of(string folder, Action<string> begin) => Of(folder, begin, 0);

    private static IEnumerable<FileCheck> Of(string folder, Action<string> begin, int depth)
    {
        if (IsLikeRun(folder))
        {
            begin(folder);
            return RunCheck.Of(folder);
        }

        var own = SweepFolder.IsSweep(folder) ? SweepFiles(folder) : [];
        return depth > Deepest || !Directory.Exists(folder) ? own : own.Concat(OwnFiles.Folders(folder)
            .SelectMany(inner => Of(inner, begin, depth + 1)));
    }

    // Also what has lost one of the two files by which it is known.
    private static bool IsLikeRun(string folder) =>
        RunFolder.IsRun(folder)
            || File.Exists(Path.Combine(folder, RunFolder.OriginName))
            || (File.Exists(Path.Combine(folder, RunFolder.ConfigurationName))
                && Directory.Exists(Path.Combine(folder, RunFolder.CheckpointsName)));

    private static IEnumerable<FileCheck> SweepFiles(string folder)
    {
        FileCheck check;
        try
        {
            check = new FileCheck(
                folder, SweepFolder.PlanName, true, SweepFolder.Open(folder).Plan.Digests is null
                    ? "it carries no digest: an older version wrote it"
                    : $"the digests of it, {SweepFolder.FileName} and {SweepFolder.BaseName} agree");
        }
        catch (OccamException e)
        {
            check = new FileCheck(folder, SweepFolder.PlanName, false, $"{e.Message}: the sweep can't go on");
        }

        yield return check;
    }
}
