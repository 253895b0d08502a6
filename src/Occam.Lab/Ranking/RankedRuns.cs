using System.Collections.Immutable;
using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.Sweeps;

namespace Occam.Lab.Ranking;

/// <summary>The runs to rank by: those that came to their end, with their hyperparameters.</summary>
/// <param name="Hyperparameters">The names: the swept keys of one sweep, or else the keys in which the runs' configurations differ.</param>
/// <param name="Runs">The runs with the value of each.</param>
/// <param name="LeftOut">The folders of the others, and why.</param>
public sealed record RankedRuns(
    ImmutableArray<string> Hyperparameters, ImmutableArray<(RunFolder Run, ImmutableArray<string> Values)> Runs,
    ImmutableArray<(string Path, string Why)> LeftOut)
{
    // What doesn't bear on what is learned, and the seed, which makes repetitions.
    private static readonly string[] s_ignored = ["seed", "threads", "device", "evaluate", "keep-best", "managed-kernel"];

    /// <summary>Finds runs.</summary>
    /// <param name="paths">Folders of sweeps and of runs.</param>
    /// <exception cref="OccamException">A folder holds neither, or fewer than two runs came to their end.</exception>
    public static RankedRuns Find(IReadOnlyList<string> paths)
    {
        var found = ImmutableArray.CreateBuilder<(RunFolder Run, ImmutableArray<string>? Values)>();
        var leftOut = ImmutableArray.CreateBuilder<(string, string)>();
        var sweep = paths is [var only] && SweepFolder.IsSweep(only) ? SweepFolder.Open(only) : null;
        foreach (var path in paths)
        {
            if (SweepFolder.IsSweep(path))
            {
                var folder = SweepFolder.Open(path);
                foreach (var run in folder.Plan.Runs)
                {
                    Add(folder.PathOf(run), [.. run.Settings.Select(setting => setting.Value)]);
                }
            }
            else if (RunFolder.IsRun(path))
            {
                Add(path, null);
            }
            else
            {
                throw new OccamException(
                    $"there is neither a run nor a sweep in '{path}': expected folders that 'occam train' or 'occam sweep' wrote");
            }
        }

        if (found.Count < 2)
        {
            throw new OccamException(
                $"there {(found.Count == 1 ? "is one run" : "are no runs")} to rank by, of {found.Count + leftOut.Count}"
                    + (leftOut.Count > 0 ? $" ({leftOut[0].Item1}: {leftOut[0].Item2})" : "")
                    + ": expected at least two that came to their end");
        }

        if (sweep is not null)
        {
            return new RankedRuns(sweep.Plan.Keys, [.. found.Select(pair => (pair.Run, pair.Values!.Value))], leftOut.ToImmutable());
        }

        var settings = found.Select(pair => pair.Run.Reading.Values.ToDictionary(value => value.Key, value => value.Value)).ToArray();
        ImmutableArray<string> keys =
        [
            .. settings.SelectMany(values => values.Keys).Distinct()
                .Where(key => !s_ignored.Contains(key)
                    && !key.StartsWith("probes.", StringComparison.Ordinal)
                    && !key.StartsWith("checkpoint", StringComparison.Ordinal))
                .Where(key => settings.Select(values => values.GetValueOrDefault(key)).Distinct().Count() > 1),
        ];
        return new RankedRuns(keys, [.. found.Zip(settings, (pair, values) => (
            pair.Run, keys.Select(key => values.GetValueOrDefault(key, "left out")).ToImmutableArray()))], leftOut.ToImmutable());

        void Add(string path, ImmutableArray<string>? values)
        {
            if (!RunFolder.IsRun(path))
            {
                leftOut.Add((path, "it hasn't begun"));
                return;
            }

            RunFolder run;
            RunStatus status;
            try
            {
                run = RunFolder.Open(path);
                status = run.Status;
            }
            catch (OccamException e)
            {
                leftOut.Add((path, e.Message));
                return;
            }

            if (status.State == RunState.Completed)
            {
                found.Add((run, values));
            }
            else
            {
                leftOut.Add(
                    (path, $"it is {status.State.ToString().ToLowerInvariant()}{(status.Why.Length > 0 ? $": {status.Why}" : "")}"));
            }
        }
    }
}
