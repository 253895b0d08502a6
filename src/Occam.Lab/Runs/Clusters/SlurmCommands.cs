using System.Diagnostics;

namespace Occam.Lab.Runs.Clusters;

/// <summary>Slurm, by its commands.</summary>
internal sealed class SlurmCommands
{
    private const char Separator = '|';

    /// <summary>Submits an array; its tasks are numbered from 1.</summary>
    /// <returns>The job's id.</returns>
    /// <exception cref="OccamException">Slurm isn't there or doesn't take it.</exception>
    public string Submit(string script, IEnumerable<string> options)
    {
        var (code, output, error) = Run("sbatch", ["--parsable", .. options, script]);
        return code == 0 ? output.Trim().Split(';')[0]
            : throw new OccamException($"Slurm doesn't take the job: {OneLine(error)}");
    }

    /// <summary>The tasks that Slurm has not finished, with their state and its reason; null where it can't be asked right now.</summary>
    public Dictionary<(string Job, int Task), (string State, string Reason)>? Queue(IReadOnlyCollection<string> jobs)
    {
        var found = new Dictionary<(string, int), (string, string)>();
        foreach (var job in jobs)
        {
            // One by one: an id that Slurm has forgotten would hide the others.
            var (code, output, error) = Run("squeue", ["--noheader", "--array", $"--jobs={job}", "--format=%F|%K|%T|%r"]);
            if (code != 0 && !error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            foreach (var line in code == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [])
            {
                if (line.Split(Separator) is [_, var task, var state, var reason, ..] && int.TryParse(task, out var number))
                {
                    found[(job, number)] = (state.Trim(), reason.Trim());
                }
            }
        }

        return found;
    }

    /// <summary>How a task that is not in the queue any more ended: TIMEOUT, NODE_FAIL; empty where Slurm doesn't tell.</summary>
    public string StateOf(string job, int task)
    {
        // Accounting keeps it; without any, the controller does for some minutes.
        var (code, output, _) = Run("sacct", ["--noheader", "--parsable2", "--allocations", $"--jobs={job}_{task}", "--format=State"]);
        if (code == 0 && output.Trim() is { Length: > 0 } state)
        {
            return state.Split(' ', '\n')[0];
        }

        (code, output, _) = Run("scontrol", ["--oneliner", "show", "job", $"{job}_{task}"]);
        return code != 0 ? "" : output.Split(' ').FirstOrDefault(word => word.StartsWith("JobState=", StringComparison.Ordinal))
            ?.Split('=')[1] ?? "";
    }

    /// <summary>Cancels jobs.</summary>
    public void Cancel(IEnumerable<string> jobs) => Run("scancel", [.. jobs]);

    private static (int Code, string Output, string Error) Run(string command, IReadOnlyList<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            })!;
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new OccamException($"'{command}' can't be started: Slurm's commands are needed here, on a machine that submits to it", e);
        }
    }

    private static string OneLine(string text) => PrintableText.Short(text.ReplaceLineEndings(" ").Trim(), 300);
}
