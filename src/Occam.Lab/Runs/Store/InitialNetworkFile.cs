using Occam.Lab.Runs.Configuration;
using Occam.Networks.Onnx;

namespace Occam.Lab.Runs.Store;

/// <summary>
/// The file of the network before the first step, which the configuration gives once more where it is damaged or gone. It is taken only
/// where its bytes are those that the run began with.
/// </summary>
internal static class InitialNetworkFile
{
    /// <summary>Makes it anew if need be. The run's folder is locked by this process.</summary>
    /// <param name="run">The run; one of an older version, which has no digest of it, is left as it is.</param>
    /// <param name="damaged">Called with what was found and done.</param>
    /// <exception cref="OccamException">
    /// It is damaged or gone, and what the configuration gives here is another network; or it can't be read.
    /// </exception>
    public static void Mend(RunFolder run, Action<string> damaged)
    {
        var path = run.In(RunFolder.InitialName);
        if (run.Origin.Digests?.GetValueOrDefault(RunFolder.InitialName) is not { } digest || IsWhole(path, digest))
        {
            return;
        }

        var anew = $"{path}.anew";
        try
        {
            var (plan, problems) = RunPlan.Make(run.Reading);
            // What a process that was killed left there, or a link that somebody put.
            File.Delete(anew);
            OnnxWriter.Write((plan ?? throw new OccamException(string.Join("; ", problems))).Network.Graph, anew);
            if (!IsWhole(anew, digest))
            {
                throw new OccamException($"'{path}' is damaged or gone, and its configuration gives another network here than where the "
                    + "run began (another version of Occam or of libtorch, or other files): put it back from a copy, or begin a new run");
            }

            File.Move(anew, path, overwrite: true);
            damaged($"'{path}' was damaged or gone: it is made anew from the configuration, and is as it was");
        }
        finally
        {
            File.Delete(anew);
        }
    }

    private static bool IsWhole(string path, string digest)
    {
        try
        {
            return File.Exists(path) && TrailingDigest.OfFile(path) == digest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"can't read '{path}': {e.Reason()}", e);
        }
    }
}
