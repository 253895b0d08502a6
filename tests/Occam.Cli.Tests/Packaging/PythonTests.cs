using Occam.Lab.Tests;
using Xunit;

namespace Occam.Cli.Tests.Packaging;

/// <summary>
/// The Python file, used from PyTorch; and the GitHub action's script. Both call the program that these tests were built with.
/// </summary>
public sealed class PythonTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    private static string Program => $"dotnet {Path.Combine(AppContext.BaseDirectory, "Occam.Cli.dll")}";

    [Fact]
    public async Task A_module_and_a_loader_are_measured_from_python()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "There is no Python here.");
        var script = Path.Combine(Repository.Root, "tests", "peers", "python.py");

        var output = await Dotnet.Run(
            Path.GetDirectoryName(_place.In("x"))!, "env", $"OCCAM={Program}", "/usr/bin/python3", script,
            Path.Combine(Repository.Root, "python"));

        Assert.EndsWith("ok\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("geometric-complexity > 1.2x", 1, "failed, the condition holds")]
    [InlineData("geometric-complexity > 10x\nmargin > 1000", 0, "passed, none of 2")]
    public async Task The_action_ends_as_compare_does_and_leaves_a_summary(string conditions, int code, string heading)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash here.");
        var program = _place.In("occam");
        File.WriteAllText(program, $"#!/bin/sh\nexec {Program} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var (summary, outputs) = (_place.In("summary.md"), _place.In("outputs"));

        var output = await Dotnet.Run(
            Path.GetDirectoryName(program)!, "env", $"OCCAM={program}", $"OCCAM_OLD={_place.Linear("a.onnx")}",
            $"OCCAM_NEW={_place.Linear("b.onnx", 2)}", $"OCCAM_DATA={_place.Points()}", "OCCAM_LIMIT=", $"OCCAM_FAIL_IF={conditions}",
            $"GITHUB_STEP_SUMMARY={summary}", $"GITHUB_OUTPUT={outputs}", $"RUNNER_TEMP={Path.GetDirectoryName(program)}",
            "sh", "-c", $"'{Path.Combine(Repository.Root, "tools", "action.sh")}'; echo \"code $?\"");

        Assert.Contains($"code {code}", output, StringComparison.Ordinal);
        var text = File.ReadAllText(summary);
        Assert.Contains(heading, text, StringComparison.Ordinal);
        Assert.Contains("| **Geometric complexity** | 30 | 120 | 90 | 4× | larger", text, StringComparison.Ordinal);
        Assert.True(File.Exists(File.ReadAllText(outputs).Trim()["json=".Length..]));
    }
}
