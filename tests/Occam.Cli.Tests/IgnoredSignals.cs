using System.Globalization;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>
/// Signals that this process was started to ignore, as a shell's background job and what <c>nohup</c> starts do: its children ignore them
/// too, and no test can interrupt one.
/// </summary>
internal static class IgnoredSignals
{
    /// <summary>Skips a test of a signal that would not arrive.</summary>
    public static void Skip(string signal) => Assert.SkipWhen(
        OperatingSystem.IsLinux() && Has(File.ReadAllText("/proc/self/status"), signal),
        $"SIG{signal} is ignored by what started the tests, such as nohup or a shell's background, and so by all that they start.");

    /// <summary>Whether the status of a process, as the kernel writes it, has a signal among those that are ignored.</summary>
    public static bool Has(string status, string signal)
    {
        var number = signal switch
        {
            "HUP" => 1,
            "INT" => 2,
            "KILL" => 9,
            "TERM" => 15,
            _ => throw new ArgumentException($"no number is known of SIG{signal}", nameof(signal)),
        };
        const string Key = "SigIgn:";
        var line = status.Split('\n').FirstOrDefault(one => one.StartsWith(Key, StringComparison.Ordinal)) ?? $"{Key}0";
        return (ulong.Parse(line[Key.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (number - 1) & 1) == 1;
    }
}
