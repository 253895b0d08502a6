using System.Globalization;
using Occam.Torch;

namespace Occam.Fuzz;

/// <summary>Tries inputs of a family, one seed after the other, in a process of its own.</summary>
internal static class Worker
{
    /// <summary>The exit code of a worker that has taken more memory than is allowed: the next one begins anew.</summary>
    public const int TookMemory = 3;

    /// <summary>How much memory a process may have taken in all: the runtime, libtorch, pages that are kept, and what is allowed.</summary>
    public const long MostMemory = 1536L << 20;

    private const long Budget = 512L << 20;
    private const long LeastOfFile = 64L << 20;
    private const int Longest = 4000;
    private static readonly TimeSpan s_leastTime = TimeSpan.FromSeconds(3);

    /// <summary>Tries inputs until there are no more, or the time is over.</summary>
    /// <param name="family">The family.</param>
    /// <param name="seeds">From which seed, and to and without which.</param>
    /// <param name="until">When to end.</param>
    /// <param name="report">Where the progress is told.</param>
    /// <param name="findings">The file to which findings are added, a line each.</param>
    public static int Run(Family family, (long From, long To) seeds, DateTimeOffset until, string report, string findings)
    {
        Libtorch.Threads = 1;
        Libtorch.MemoryBudget = Budget;
        (FileAllowance.Least, FileAllowance.LeastTime) = (LeastOfFile, s_leastTime);
        family.Prepare();
        using var progress = Progress.Open(report);
        var root = Directory.CreateTempSubdirectory("occam-fuzz-").FullName;
        try
        {
            for (var seed = seeds.From; seed < seeds.To && DateTimeOffset.UtcNow < until; seed++)
            {
                progress.Begin(seed);
                var folder = Directory.CreateDirectory(Path.Combine(root, "it")).FullName;
                var (outcome, what) = Try(family, seed, folder);
                Directory.Delete(folder, recursive: true);
                if (MemoryTaken() > MostMemory)
                {
                    (outcome, what) = (Outcome.Memory, $"{MemoryTaken() >> 20} MiB; {what}");
                }

                progress.End(outcome);
                if (outcome > Outcome.Refused)
                {
                    File.AppendAllText(findings, $"{family.Name}\t{seed}\t{outcome}\t{PrintableText.Short(what, Longest)}\n");
                }

                if (outcome == Outcome.Memory)
                {
                    return TookMemory;
                }
            }

            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>Tries one input, in a folder that is empty.</summary>
    public static (Outcome Outcome, string What) Try(Family family, long seed, string folder)
    {
        try
        {
            family.Try(new SeededRandom(seed, family.Name.Sum(letter => letter)), folder);
            return (Outcome.Read, "");
        }
        catch (OccamException e)
        {
            return e.Message.Trim().Length < 8 || e.Message.Contains('\n') ? (Outcome.Unclear, e.Message) : (Outcome.Refused, e.Message);
        }
        catch (TorchException e)
        {
            return (Outcome.Complaint, $"{e.Message} {Where(e)}");
        }
        catch (Exception e)
        {
            return (Outcome.Foreign, $"{e.GetType().Name}: {e.Message} {Where(e)}");
        }
    }

    private static string Where(Exception e) => string.Join(" < ", (e.StackTrace ?? "").Split('\n')
        .Select(line => line.Trim())
        .Where(line => line.Contains("Occam.", StringComparison.Ordinal))
        .Take(4));

    private static long MemoryTaken()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
