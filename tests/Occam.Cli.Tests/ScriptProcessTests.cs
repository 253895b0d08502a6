using System.Diagnostics;
using System.Text;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>TorchScript, which is a program: with --trust it runs in a process that writes nothing, and whose end is a line.</summary>
public sealed class ScriptProcessTests
{
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<string> s_folder = new(Make);

    [Fact]
    public void A_trusted_file_is_measured_and_its_results_are_written()
    {
        Require();
        using var place = new Workplace();
        var (code, output, error) = Measure("plain.pt", place, "--json", place.In("found.json"), "--html", place.In("found.html"));
        Assert.Equal(0, code);
        Assert.Contains("Geometric complexity", output);
        Assert.Contains("wrote ", error);
        Assert.Contains("\"geometric-complexity\"", File.ReadAllText(place.In("found.json")));
        Assert.StartsWith("<!doctype html", File.ReadAllText(place.In("found.html")), StringComparison.OrdinalIgnoreCase);
    }

    // ‖2 I‖² = 8 for two inputs: it is the function of the file, whatever it tries beside.
    [Fact]
    public void A_file_that_writes_while_it_is_measured_writes_nothing()
    {
        Require();
        Skip(!HasLandlock(), "this kernel has no Landlock");
        using var place = new Workplace();
        var (written, precious) = (Path.Combine(s_folder.Value, "written"), Path.Combine(s_folder.Value, "precious"));
        File.WriteAllText(precious, "precious");
        foreach (var name in new[] { "save.pt", "empty.pt" })
        {
            var (code, output, _) = Measure(name, place, "--json");
            Assert.Equal(0, code);
            Assert.Contains("\"value\": 8", output);
        }

        Assert.False(File.Exists(written));
        Assert.Equal("precious", File.ReadAllText(precious));
    }

    [Theory]
    [InlineData("hang.pt", "has not answered within 10 seconds")]
    [InlineData("eat.pt", "more than the 1 GiB")]
    [InlineData("huge.pt", "wants 37.3 GiB")]
    public void A_file_that_takes_all_time_or_memory_ends_in_a_line(string name, string why)
    {
        Require();
        using var place = new Workplace();
        var (code, output, error) = Measure(name, place);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(why, Assert.Single(error.TrimEnd('\n').Split('\n')));
    }

    // Two bytes of a sound file are changed: libtorch 1.13 ends in a segmentation fault, and in an abort. Others refuse them.
    [Theory]
    [InlineData("ends-in-a-segmentation-fault.pt")]
    [InlineData("ends-in-an-abort.pt")]
    public void A_file_that_ends_the_process_ends_in_a_line(string name)
    {
        using var place = new Workplace();
        File.Copy(HostileFilesTests.PathOf("scripts", name), place.In(name));
        var (code, output, error) = Run("measure", place.In(name), "--data", place.Points(), "--trust");
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("occam: ", Assert.Single(error.TrimEnd('\n').Split('\n')));
    }

    [Fact]
    public void Without_trust_nothing_of_it_is_run()
    {
        Require();
        using var place = new Workplace();
        var (code, _, error) = Run("measure", Path.Combine(s_folder.Value, "hang.pt"), "--data", place.Points());
        Assert.Equal(2, code);
        Assert.Contains("--trust", error);
    }

    private static (int Code, string Output, string Error) Measure(string name, Workplace place, params string[] more) => Run(
    [
        "measure", Path.Combine(s_folder.Value, name), "--data", place.Points(), "--measures", "geometric-complexity", "--trust", .. more,
    ]);

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Occam.Cli.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private static void Skip(bool condition, string why) => Assert.SkipWhen(condition, why);

    private static void Require() => Skip(s_folder.Value.Length == 0, "there is no PyTorch");

    private static bool HasLandlock()
    {
        using var asked = Process.Start(new ProcessStartInfo(
            Python, ["-c", "import ctypes; exit(0 if ctypes.CDLL(None).syscall(444, None, 0, 1) > 0 else 1)"]))!;
        asked.WaitForExit();
        return asked.ExitCode == 0;
    }

    // PyTorch writes them; the folder is empty where it is not there.
    private static string Make()
    {
        var folder = Directory.CreateTempSubdirectory("occam-scripts-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var program = Path.Combine(folder, "make.py");
        File.WriteAllText(program, Program.Replace("FOLDER", folder, StringComparison.Ordinal), Encoding.UTF8);
        if (!File.Exists(Python))
        {
            return "";
        }

        using var making = Process.Start(new ProcessStartInfo(Python, [program]) { RedirectStandardError = true })!;
        making.StandardError.ReadToEnd();
        making.WaitForExit();
        return making.ExitCode == 0 ? folder : "";
    }

    private const string Program = """
        import torch

        class Plain(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.inner = torch.nn.Linear(2, 3)

            def forward(self, x):
                return self.inner(x)

        class Save(torch.nn.Module):
            def forward(self, x):
                torch.save(x, "FOLDER/written")
                return x * 2

        class Empty(torch.nn.Module):
            def forward(self, x):
                torch.save(x, "FOLDER/precious")
                return x * 2

        class Hang(torch.nn.Module):
            def forward(self, x):
                y = x
                while bool(y.abs().sum() >= 0):
                    y = y * 1
                return y

        class Eat(torch.nn.Module):
            def forward(self, x):
                y = x
                while bool(y.numel() > 0):
                    y = torch.cat([y, y])
                return y

        class Huge(torch.nn.Module):
            def forward(self, x):
                return x + torch.zeros(10000000000)[0]

        for module in (Plain, Save, Empty, Hang, Eat, Huge):
            torch.jit.save(torch.jit.script(module()), f"FOLDER/{module.__name__.lower()}.pt")
        """;
}
