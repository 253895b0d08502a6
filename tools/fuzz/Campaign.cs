using System.Diagnostics;
using System.Globalization;

namespace Occam.Fuzz;

/// <summary>
/// Has workers try inputs of all families, and watches them: one that crashes or hangs is replaced, and its input is told.
/// </summary>
/// <param name="folder">Where findings go.</param>
internal sealed class Campaign(string folder)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_asleep = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(200);

    private string Findings => Path.Combine(folder, "findings.tsv");

    /// <summary>Tries a family's inputs.</summary>
    /// <param name="family">The family.</param>
    /// <param name="seeds">From which seed, and to and without which.</param>
    /// <param name="time">For how long at most.</param>
    /// <returns>How many ended how.</returns>
    public IReadOnlyDictionary<Outcome, long> Run(Family family, (long From, long To) seeds, TimeSpan time)
    {
        var report = Path.Combine(folder, $"{family.Name}.progress");
        File.Delete(report);
        using var progress = Progress.Open(report);
        var until = DateTimeOffset.UtcNow + time;
        for (var from = seeds.From; from < seeds.To && DateTimeOffset.UtcNow < until; from = progress.Seed + 1)
        {
            progress.Begin(from);
            var (outcome, what) = Watch(family, (from, seeds.To), until, report, progress);
            if (outcome is { } ended)
            {
                progress.Add(ended);
                File.AppendAllText(Findings, $"{family.Name}\t{progress.Seed}\t{ended}\t{what}\n");
            }
        }

        return Enum.GetValues<Outcome>().ToDictionary(outcome => outcome, progress.Count);
    }

    // It may end at any moment.
    private static TimeSpan? TimeUsed(Process worker)
    {
        try
        {
            return worker.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // The outcome of what the worker couldn't tell itself.
    private (Outcome? Outcome, string What) Watch(
        Family family, (long From, long To) seeds, DateTimeOffset until, string report, Progress progress)
    {
        string[] arguments =
        [
            typeof(Campaign).Assembly.Location, "worker", family.Name, $"{seeds.From}", $"{seeds.To}",
            until.ToString("O", CultureInfo.InvariantCulture), report, Findings,
        ];
        using var worker = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardError = true })!;
        var said = worker.StandardError.ReadToEndAsync();
        var (seed, began) = (-1L, TimeSpan.Zero);
        while (!worker.WaitForExit(s_glance))
        {
            var used = TimeUsed(worker) ?? began;
            if (progress.Seed != seed)
            {
                (seed, began) = (progress.Seed, used);
            }

            // Until its first input a worker loads libtorch and makes sound files. On a busy machine it waits for its turn, too.
            if (used - began > s_longest + (seed == seeds.From ? s_longest : TimeSpan.Zero) || progress.Since > s_asleep)
            {
                worker.Kill();
                worker.WaitForExit();
                return (Outcome.Hang, $"still going on after {(used - began).TotalSeconds:F0} seconds of a processor");
            }
        }

        // The streams' ends are waited for, too.
        worker.WaitForExit();
        return worker.ExitCode is 0 or Worker.TookMemory
            ? (null, "")
            : (Outcome.Crash, $"exit code {worker.ExitCode}: {PrintableText.Short(said.Result.Split('\n')[0])}");
    }
}
