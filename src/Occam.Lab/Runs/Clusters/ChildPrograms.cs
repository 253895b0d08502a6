using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;

namespace Occam.Lab.Runs.Clusters;

/// <summary>Runs this program as child processes of this machine, some at a time.</summary>
/// <param name="Jobs">How many at a time.</param>
/// <param name="Program">How this program is started, without its arguments.</param>
/// <param name="Cancellation">Closes the children's standard input, by which they save what they have, and end.</param>
internal sealed record ChildPrograms(int Jobs, ImmutableArray<string> Program, CancellationToken Cancellation)
{
    private const string Prefix = "occam: ";

    /// <summary>
    /// Does something for each item, several at a time; returns when nothing is going on. None is begun after an interruption.
    /// </summary>
    /// <param name="items">What to do something for, the first first.</param>
    /// <param name="action">What to do; it must not throw.</param>
    public void ForEach<T>(IReadOnlyList<T> items, Action<T> action)
    {
        var waiting = new ConcurrentQueue<T>(items);
        Thread[] workers =
        [
            .. Enumerable.Range(0, Math.Min(Jobs, items.Count)).Select(_ => new Thread(() =>
            {
                while (!Cancellation.IsCancellationRequested && waiting.TryDequeue(out var item))
                {
                    action(item);
                }
            })),
        ];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
    }

    /// <summary>Starts a child and waits for its end.</summary>
    public ChildEnd Run(IEnumerable<string> arguments)
    {
        string? said = null;
        using var process = Process.Start(new ProcessStartInfo(Program[0], [.. Program.Skip(1), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived +=
            (_, line) => said = line.Data?.StartsWith(Prefix, StringComparison.Ordinal) == true ? line.Data[Prefix.Length..] : said;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using (Cancellation.Register(process.StandardInput.Close))
        {
            process.WaitForExit();
        }

        return new ChildEnd(said, process.ExitCode);
    }
}
