using System.Collections.Immutable;
using Occam.Lab.Runs.Store;
using Occam.Measures;

namespace Occam.Lab.Runs.Watching;

/// <summary>
/// Measures the networks that another program writes into a folder while it trains, as they come, into a run of the store. The same watch
/// again goes on where it ended.
/// </summary>
internal sealed class NetworkWatch
{
    // A file may be steady and still half of what it will be, with weights beside it that come later.
    private const int Tries = 3;

    /// <summary>The folder in which networks appear.</summary>
    public required string Watched { get; init; }

    /// <summary>Which files are networks.</summary>
    public string Pattern { get; init; } = "*.onnx";

    /// <summary>Measures a network's file.</summary>
    public required Func<string, ImmutableArray<MeasureResult>> Measure { get; init; }

    /// <summary>What is measured, and on what, as YAML: kept as the run's configuration.</summary>
    public required string Asked { get; init; }

    /// <summary>The command line, which is recorded.</summary>
    public string Command { get; init; } = "";

    /// <summary>The time between two glances at the folder.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Ends when nothing new came for so long; goes on for ever when null. With zero, only what is there is measured.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>Ends it, with what was measured kept.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Receives each network that was measured: its name, its step, and what was found.</summary>
    public Action<string, long, ImmutableArray<MeasureResult>> Measured { get; init; } = (_, _, _) => { };

    /// <summary>Receives each network that couldn't be measured, and why.</summary>
    public Action<string, string> Failed { get; init; } = (_, _) => { };

    /// <summary>Watches until it is interrupted, or idle for as long as was asked.</summary>
    /// <param name="folder">The run's folder: a new one, or that of the same watch before.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="OccamException">The run's folder can't be used, or the watched one can't be read.</exception>
    public RunEnd Run(string folder)
    {
        using var run = WatchedRun.Open(folder, Watched, Asked, Command);
        run.WriteStatus(RunState.Running, "");
        try
        {
            var isInterrupted = Watch(run);
            var measured = run.Log.Files.Count(file => file.Problem is null);
            var why = $"measured {Counted.Of(measured, "network")} of '{Watched}'"
                + (run.Log.Files.Length > measured ? $"; {run.Log.Files.Length - measured} couldn't be" : "");
            var state = isInterrupted ? RunState.Interrupted : RunState.Completed;
            run.WriteStatus(state, why);
            return new RunEnd(folder, state, why, run.Log.LastStep, run.Log.LastStep);
        }
        catch (OccamException e)
        {
            run.WriteStatus(RunState.Failed, e.Message);
            throw;
        }
    }

    private bool Watch(WatchedRun run)
    {
        var files = new SteadyFiles(Watched, Pattern);
        var (tries, digests) = (new Dictionary<string, int>(), new Dictionary<string, (DateTime Time, string Digest)>());
        var quiet = TimeSpan.Zero;
        files.Glance();
        while (!Cancellation.WaitHandle.WaitOne(Every))
        {
            var isNew = false;
            foreach (var name in files.Glance())
            {
                var path = Path.Combine(Watched, name);
                if (DigestOf(name, path, digests) is not { } digest || run.Log.Has(name, digest))
                {
                    continue;
                }

                isNew = true;
                if (Cancellation.IsCancellationRequested)
                {
                    return true;
                }

                Take(run, name, digest, isLast: (tries[digest] = tries.GetValueOrDefault(digest) + 1) >= Tries);
            }

            quiet = isNew ? TimeSpan.Zero : quiet + Every;
            if (!isNew && Idle <= quiet)
            {
                return false;
            }
        }

        return true;
    }

    private void Take(WatchedRun run, string name, string digest, bool isLast)
    {
        var moment = NetworkMoment.OfName(name);
        var step = run.StepOf(moment);
        try
        {
            var results = Measure(Path.Combine(Watched, name));
            run.Record(new WatchedFile(name, digest, step), moment.Epoch ?? step, results);
            Measured(name, step, results);
        }
        catch (OperationCanceledException)
        {
            // The loop ends at its next glance; the network is measured when the watch goes on.
        }
        catch (OccamException e) when (isLast)
        {
            run.Record(new WatchedFile(name, digest, step, e.Message), moment.Epoch ?? step, []);
            Failed(name, e.Message);
        }
        catch (OccamException)
        {
            // It may not be whole yet.
        }
    }

    // Null where it went away between the glance and now. Read once for each time that it was written.
    private static string? DigestOf(string name, string path, Dictionary<string, (DateTime Time, string Digest)> known)
    {
        try
        {
            var time = File.GetLastWriteTimeUtc(path);
            if (!known.TryGetValue(name, out var last) || last.Time != time)
            {
                known[name] = last = (time, TrailingDigest.OfFile(path));
            }

            return last.Digest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
