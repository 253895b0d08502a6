using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Occam.Lab.Tests;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>
/// Runs ./occam in a folder of its own, where the tools are scripts that only write down how they
/// were called: what is tested is when it builds, and that the program is started unchanged.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class LauncherTests : IDisposable
{
    private static readonly string[] SystemTools =
        ["bash", "basename", "cat", "cksum", "dirname", "env", "find", "flock", "grep", "head", "ln", "mkdir", "mktemp", "mv",
         "readlink", "rm", "sed", "sleep", "sort", "tail", "tee", "tr", "uname"];

    private readonly string _folder = Directory.CreateTempSubdirectory("occam-launcher-").FullName;

    public LauncherTests()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Path.Combine(Root, "src", "obj"));
        Directory.CreateDirectory(Path.Combine(Root, "tools"));
        Directory.CreateDirectory(Tools);
        foreach (var file in new[] { "occam", "tools/setup.sh", "tools/site.sh", "tools/test.sh" })
        {
            File.Copy(Path.Combine(Repository.Root, file), Path.Combine(Root, file));
        }

        File.WriteAllText(Source, "one");
        File.WriteAllText(Path.Combine(Root, "global.json"), "{}");
        foreach (var tool in SystemTools)
        {
            File.CreateSymbolicLink(Path.Combine(Tools, tool), "/usr/bin/" + tool);
        }

        foreach (var tool in new[] { "c++", "make", "cmake", "npm" })
        {
            WriteTool(tool, "exit 0");
        }

        WriteTool("node", "echo v20.1.0");
        WriteTool("dotnet", """
            case $1 in
                --list-sdks) echo "10.0.100 [/somewhere]" ;;
                publish | build)
                    exec 7>>"$BUILDS.running"
                    flock --nonblock 7 || echo overlap >>"$BUILDS.overlaps"
                    echo $$ >>"$BUILDS"
                    sleep "${SECONDS_TO_BUILD:-0}"
                    if [[ -n ${FINISH:-} ]]; then
                        : >src/obj/half
                        until [[ -e $FINISH || ! -d src ]]; do sleep 0.01; done
                    fi
                    [[ $1 == publish ]] || exit 0
                    all="$*"
                    while [[ $1 != -o ]]; do shift; done
                    mkdir -p "$2"
                    [[ -z ${CLOSED:-} || $all != *ReadyToRun* ]] || { echo "x : error NU1101: no Crossgen2"; exit 1; }
                    [[ -z ${FAIL:-} ]] || { echo "x.cs(1,1): error CS1: $FAIL"; exit 1; }
                    : >"$2/Occam.Cli.dll"
                    ;;
                *.dll)
                    printf '%s\n' "$PWD" "${OPENBLAS_CORETYPE:-}" "${@:2}"
                    exit 7
                    ;;
            esac
            """);
        Directory.CreateDirectory(Path.Combine(Libtorch, "lib"));
        File.WriteAllText(Path.Combine(Libtorch, "lib", "libtorch.so"), "");
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Root => Path.Combine(_folder, "a checkout");

    private string Tools => Path.Combine(_folder, "bin");

    private string Libtorch => Path.Combine(_folder, "libtorch");

    private string Source => Path.Combine(Root, "src", "source.cs");

    private int Builds => File.Exists(BuildList) ? File.ReadAllLines(BuildList).Length : 0;

    // The process identifiers of the builds.
    private string BuildList => Path.Combine(_folder, "builds");

    // With this file as their FINISH, builds go on until it is there.
    private string Finish => Path.Combine(_folder, "finish");

    private string HalfWritten => Path.Combine(Root, "src", "obj", "half");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Arguments_folder_exit_code_and_output_are_the_programs()
    {
        await Run([]);
        var (code, output, _) = await Run(["measure", "a b", ""], ("OPENBLAS_CORETYPE", "Prescott"));

        Assert.Equal(7, code);
        Assert.Equal($"{_folder}\nPrescott\nmeasure\na b\n\n", output);
    }

    [Fact]
    public async Task Nothing_is_written_to_standard_output_while_building()
    {
        var (_, output, errors) = await Run([], ("OPENBLAS_CORETYPE", "Zen"));

        Assert.Equal($"{_folder}\nZen\n", output);
        Assert.Contains("occam: building", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_builds_only_when_sources_or_libtorch_change()
    {
        await Run([]);
        await Run([]);
        Assert.Equal(1, Builds);

        File.WriteAllText(Source, "three");
        await Run([]);
        Assert.Equal(2, Builds);

        File.Delete(Source);
        await Run([]);
        Assert.Equal(3, Builds);

        File.WriteAllText(Path.Combine(Libtorch, "lib", "libtorch.so"), "another");
        await Run([]);
        Assert.Equal(4, Builds);
        Assert.Single(Directory.GetDirectories(Path.Combine(Root, "build", "app")));
    }

    [Fact]
    public async Task What_the_build_itself_makes_is_no_source()
    {
        await Run([]);
        foreach (var made in new[] { "bin", "obj", "build", "node_modules" })
        {
            Directory.CreateDirectory(Path.Combine(Root, "src", made));
            File.WriteAllText(Path.Combine(Root, "src", made, "file"), "made");
        }

        await Run([]);

        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task A_failed_build_shows_its_errors_and_is_not_taken_for_whole()
    {
        var (code, output, errors) = await Run([], ("FAIL", "no such type"));

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains("x.cs(1,1): error CS1: no such type", errors, StringComparison.Ordinal);
        Assert.Equal(7, (await Run([])).Code);
    }

    [Fact]
    public async Task Without_the_ahead_of_time_compiler_it_builds_without_and_says_so()
    {
        var (code, _, errors) = await Run([], ("CLOSED", "1"));

        Assert.Equal(7, code);
        Assert.Contains("no ahead-of-time compiler", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_at_once_build_once()
    {
        var both = await Task.WhenAll(Run(["first"]), Run(["second"]));

        Assert.All(both, run => Assert.Equal(7, run.Code));
        Assert.Equal(1, Builds);
    }

    [Fact(Timeout = 60_000)]
    public async Task However_launchers_and_builds_are_killed_one_build_runs_at_a_time()
    {
        for (var round = 0; round < 20; round++)
        {
            File.AppendAllText(Source, "more");
            var before = Builds;
            string[] arguments = round % 4 == 1 ? ["test"] : [];
            using var launcher = Start(Path.Combine(Root, "occam"), arguments, ("SECONDS_TO_BUILD", "0.2"));
            if (round % 2 == 0)
            {
                await Until(() => Builds > before);
            }
            else
            {
                await Task.WhenAny(
                    launcher.WaitForExitAsync(TestContext.Current.CancellationToken),
                    Task.Delay(15 * round, TestContext.Current.CancellationToken));
            }

            launcher.Kill();
            if (round % 4 == 2)
            {
                Kill("KILL", int.Parse(File.ReadLines(BuildList).Last(), CultureInfo.InvariantCulture));
            }
        }

        Assert.Equal(7, (await Run([])).Code);
        Assert.InRange(Builds, 10, 21);
        Assert.False(File.Exists(BuildList + ".overlaps"), "two builds ran at once");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_build_whose_launcher_was_killed_is_waited_for_and_used()
    {
        using var launcher = Start(Path.Combine(Root, "occam"), [], ("FINISH", Finish));
        await Until(() => Builds == 1);
        launcher.Kill();
        await launcher.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        var next = Run([]);
        File.WriteAllText(Finish, "");

        Assert.Equal(7, (await next).Code);
        Assert.Equal(1, Builds);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task A_signal_ends_the_build_and_what_it_wrote_is_not_used(string signal)
    {
        using var launcher = Start(Path.Combine(Root, "occam"), [], ("FINISH", Finish));
        await Until(() => File.Exists(HalfWritten));
        Kill(signal, launcher.Id);
        await launcher.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, launcher.ExitCode);
        Assert.Contains(
            "interrupted", await launcher.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        Assert.Equal(7, (await Run([])).Code);
        Assert.Equal(2, Builds);
        Assert.False(File.Exists(HalfWritten));
    }

    [Fact]
    public async Task It_runs_through_a_symbolic_link()
    {
        var link = Path.Combine(_folder, "linked");
        File.CreateSymbolicLink(link, Path.Combine(Root, "occam"));

        var (code, output, _) = await Run(link, ["inspect"], ("OPENBLAS_CORETYPE", "Zen"));

        Assert.Equal(7, code);
        Assert.Equal($"{_folder}\nZen\ninspect\n", output);
    }

    [Fact]
    public async Task Missing_tools_are_named_and_not_installed_when_that_is_forbidden()
    {
        File.Delete(Path.Combine(Tools, "cmake"));
        WriteTool("apt-get", "echo called >>\"$BUILDS\"");

        var (code, _, errors) = await Run([], ("OCCAM_NO_INSTALL", "1"));

        Assert.Equal(2, code);
        Assert.Contains("cannot build without cmake", errors, StringComparison.Ordinal);
        Assert.Equal(0, Builds);
    }

    [Fact]
    public async Task Missing_tools_are_installed_where_there_is_apt_get()
    {
        File.Delete(Path.Combine(Tools, "cmake"));
        WriteTool("apt-cache", "echo \"${@: -1}\"");
        WriteTool("sudo", "[[ $1 != -n ]] || shift; \"$@\"");
        WriteTool("apt-get", $"[[ $* != *' install '*' cmake' ]] || ln -s /usr/bin/env '{Tools}/cmake'");

        var (code, _, errors) = await Run([]);

        Assert.Equal(7, code);
        Assert.Contains("missing: cmake (needed to build)", errors, StringComparison.Ordinal);
        Assert.Contains("installing cmake", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", "is not a folder")]
    [InlineData("bin", "holds neither share/cmake/Torch nor lib/libtorch.so")]
    public async Task A_libtorch_that_is_none_is_said_to_be_none(string folder, string expected)
    {
        var (code, _, errors) = await Run([], ("LIBTORCH", Path.Combine(_folder, folder)));

        Assert.Equal(2, code);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("docs doesn't know --pdf", "--pdf")]
    [InlineData("--port takes a value", "--port")]
    [InlineData("docs --port x is no number", "--port", "x")]
    [InlineData("docs --runs nowhere is no folder", "--runs", "nowhere")]
    public async Task What_docs_does_not_know_is_refused_before_anything_is_built(string expected, params string[] arguments)
    {
        var (code, _, errors) = await Run(["docs", .. arguments]);

        Assert.Equal(2, code);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Equal(0, Builds);
    }

    private Task<(int Code, string Output, string Errors)> Run(string[] arguments, params (string Name, string Value)[] environment) =>
        Run(Path.Combine(Root, "occam"), arguments, environment);

    private async Task<(int Code, string Output, string Errors)> Run(
        string launcher, string[] arguments, params (string Name, string Value)[] environment)
    {
        using var process = Start(launcher, arguments, environment);
        var output = process.StandardOutput.ReadToEndAsync(Cancelled);
        var errors = process.StandardError.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);
        return (process.ExitCode, await output, await errors);
    }

    private Process Start(string launcher, string[] arguments, params (string Name, string Value)[] environment)
    {
        // What runs the tests may ignore these signals, as a shell's background does; a launcher that inherits that can't be
        // interrupted.
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT,HUP", "/usr/bin/bash", launcher, .. arguments])
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Tools;
        start.Environment["LIBTORCH"] = Libtorch;
        start.Environment["BUILDS"] = BuildList;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private static void Kill(string signal, int process)
    {
        using var kill = Process.Start("/usr/bin/bash", ["-c", $"kill -s {signal} {process} 2>/dev/null"]);
        kill.WaitForExit();
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, Cancelled);
        }
    }

    private void WriteTool(string name, string body)
    {
        var path = Path.Combine(Tools, name);
        File.WriteAllText(path, $"#!/usr/bin/bash\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
