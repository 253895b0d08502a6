using System.Diagnostics;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>Whether a process ignores a signal, by what the kernel says of it.</summary>
public sealed class IgnoredSignalsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("INT", "INT")]
    [InlineData("HUP TERM", "HUP,TERM")]
    public async Task What_a_shell_ignores_its_children_are_known_to_ignore(string ignored, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/env"), "Only Linux tells of ignored signals in /proc.");
        var trap = ignored == "" ? "" : $"trap '' {ignored}; ";
        using var shell = Process.Start(new ProcessStartInfo(
            "/usr/bin/env",
            ["--default-signal=INT,HUP,TERM", "/bin/sh", "-c", $"{trap}exec cat /proc/self/status"])
        {
            RedirectStandardOutput = true,
        })!;
        var status = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected, string.Join(',', new[] { "HUP", "INT", "TERM" }.Where(signal => IgnoredSignals.Has(status, signal))));
    }
}
