using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Occam.Torch;

namespace Occam.Bench;

/// <summary>Occam's side of a row, in a process of its own, so that its memory is the row's alone.</summary>
internal static class OccamWorker
{
    /// <summary>The first argument of such a process.</summary>
    public const string Argument = "--worker";

    /// <summary>Answers requests until there are no more.</summary>
    /// <param name="row">The row.</param>
    /// <param name="threads">The threads.</param>
    public static int Run(BenchRow row, int threads)
    {
        Libtorch.Threads = threads;
        var compute = row.Occam();
        while (Console.ReadLine() is not null)
        {
            var answer = compute();
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(new JsonObject
            {
                ["values"] = Numbers(answer.Values),
                ["errors"] = Numbers(answer.Errors),
                ["seconds"] = answer.Seconds,
                ["peakBytes"] = PeakBytes(),
                ["flops"] = answer.Flops,
            }.ToJsonString(JsonSerializerOptions.Default));
        }

        return 0;
    }

    private static JsonArray Numbers(double[] numbers) =>
        [.. numbers.Select(number => double.IsFinite(number) ? JsonValue.Create(number) : null)];

    // Not the process's own count, which the runtime rounds and resets.
    private static long PeakBytes() => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024)
        .FirstOrDefault();
}
