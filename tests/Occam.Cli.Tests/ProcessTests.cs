using System.Diagnostics;
using Occam.Cli.Running;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>The program as a process: signals and pipes.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_the_program_even_inside_a_call_that_does_not_return(string signal, int code)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash here.");
        IgnoredSignals.Skip(signal);
        var pipe = _place.In("network.onnx");
        await Shell($"mkfifo '{pipe}'");
        using var program =
            Start($"exec dotnet '{Program}' measure '{pipe}' --data '{_place.Points()}' --json '{_place.In("result.json")}'");

        // The program waits for somebody to open the other end, who doesn't come.
        await Opening(program.Id);
        await Shell($"kill -{signal} {program.Id}");
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(code, program.ExitCode);
        Assert.Equal(["network.onnx", "points.npz"], _place.Files);
    }

    [Theory]
    [InlineData("measure nowhere.onnx --data glyphs:test")]
    [InlineData("compare nowhere.onnx other.onnx --data glyphs:test")]
    [InlineData("inspect nowhere.onnx --trust")]
    [InlineData("merge nowhere")]
    [InlineData("train nowhere.yaml")]
    [InlineData("sweep nowhere.yaml")]
    [InlineData("explain nowhere")]
    [InlineData("rank nowhere")]
    [InlineData("judge nowhere")]
    [InlineData("ui nowhere")]
    [InlineData("watch nowhere --data glyphs:test")]
    [InlineData("verify gor-eq-5")]
    public async Task A_command_as_a_program_tells_the_users_mistake(string command)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash here.");
        using var program = Start($"cd '{_place.In("")}' && exec dotnet '{Program}' {command}");
        var error = await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(program.ExitCode == ExitCode.UserError, error);
    }

    // Until one of a process's threads waits inside the call openat (257, 56 on ARM), or long enough where the system doesn't tell.
    private static async Task Opening(int process)
    {
        for (var i = 0; i < 60; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            var calls = Directory.GetDirectories($"/proc/{process}/task")
                .Select(thread => File.ReadAllText(Path.Combine(thread, "syscall")));
            if (calls.Any(call => call.StartsWith("257 ", StringComparison.Ordinal) || call.StartsWith("56 ", StringComparison.Ordinal)))
            {
                return;
            }
        }
    }

    [Fact]
    public async Task An_interrupted_reproduction_leaves_no_folder()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash here.");
        IgnoredSignals.Skip("INT");
        using var program = Start($"exec dotnet '{Program}' reproduce gor-1 --out '{_place.In("runs/gor-1")}'");

        string? line;
        do
        {
            line = await program.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        }
        while (line is not (null or "gor-1: training"));
        Assert.True(Directory.Exists(_place.In("runs/gor-1")));
        await Shell($"kill -INT {program.Id}");
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, program.ExitCode);
        Assert.False(Directory.Exists(_place.In("runs")));
    }

    [Fact]
    public async Task A_reader_that_has_seen_enough_is_no_error()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash here.");
        using var shell = Start($"set -o pipefail; dotnet '{Program}' measures | read -r first");
        var error = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", error);
        Assert.Equal(0, shell.ExitCode);
    }

    [Fact]
    public async Task Results_that_can_not_be_written_are_an_error()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        using var shell = Start($"dotnet '{Program}' measures > /dev/full");
        var error = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("occam: ", error);
        Assert.Equal(ExitCode.UserError, shell.ExitCode);
    }

    [Fact]
    public async Task What_takes_more_memory_than_is_allowed_beside_tensors_ends_in_a_line()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash here.");

        // A model whose description has 400 million characters, and nothing else: as a text they take twice as many bytes.
        var path = _place.In("described.onnx");
        using (var file = File.Create(path))
        {
            file.Write([(6 << 3) | 2, 0x80, 0x88, 0xDE, 0xBE, 0x01]);
            file.SetLength(file.Position + 400_000_000);
        }

        async Task<string> Inspect(string memory)
        {
            using var shell = Start($"dotnet '{Program}' inspect '{path}' --memory {memory}");
            var error = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(ExitCode.UserError, shell.ExitCode);
            return error;
        }

        Assert.Equal(
            "occam: not enough memory: tensors and all else may take 286 MiB; a smaller --batch or --limit needs less, and --memory allows "
                + "more\n", await Inspect("300MB"));
        Assert.Contains("not an ONNX model, or an empty one", await Inspect("3GB"));
    }

    private static string Program => typeof(CommandLine).Assembly.Location;

    private static Process Start(string command) =>
        Process.Start(new ProcessStartInfo("/bin/bash", ["-c", command]) { RedirectStandardError = true, RedirectStandardOutput = true })!;

    private static async Task Shell(string command)
    {
        using var shell = Start(command);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
    }
}
