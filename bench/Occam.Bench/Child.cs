using System.Diagnostics;
using System.Text.Json;

namespace Occam.Bench;

/// <summary>A whole process: what it took and what it printed.</summary>
internal sealed record Child(int ExitCode, double Seconds, double CpuSeconds, long PeakBytes, string Output, string Errors)
{
    /// <summary>Runs a command by child.py.</summary>
    /// <exception cref="OccamException">It failed.</exception>
    public static Child Run(string python, params string[] command)
    {
        using var process =
            Process.Start(new ProcessStartInfo(python, [Setting.Script("child.py"), .. command]) { RedirectStandardOutput = true })!;
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var child = process.ExitCode == 0
            ? JsonSerializer.Deserialize<Child>(printed, JsonSerializerOptions.Web)!
            : new Child(process.ExitCode, 0, 0, 0, "", "");
        return child.ExitCode == 0
            ? child
            : throw new OccamException($"{string.Join(' ', command.Select(Path.GetFileName))} ended with exit code {child.ExitCode}: "
                + $"{child.Errors.TrimEnd().Split('\n')[^1]}");
    }
}
