using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>The fuzzer, on as many inputs as a test may take: <c>./occam fuzz --minutes N</c> goes on from there.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void Spoiled_files_are_read_or_refused_in_a_line()
    {
        using var place = new Workplace();
        var (code, output) = Run("--inputs", "2000", "--out", place.In("fuzz"));
        var findings = place.In("fuzz/findings.tsv");
        Assert.True(code == 0, output + (File.Exists(findings) ? File.ReadAllText(findings) : ""));

        // Of each family some were read, or the sound files are none; and some refused, or nothing was spoiled.
        foreach (var line in output.TrimEnd('\n').Split('\n').Skip(1))
        {
            var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(cells[2] != "0" && cells[3] != "0", line);
        }
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        // Built as these tests are: bin/Release/net10.0.
        var build = AppContext.BaseDirectory[AppContext.BaseDirectory.IndexOf("/bin/", StringComparison.Ordinal)..];
        var folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../tools/fuzz") + build);
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(folder, "Occam.Fuzz.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static string Here([CallerFilePath] string here = "") => here;
}
