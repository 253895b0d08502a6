using System.Diagnostics;
using Occam.Cli.Running;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class OtherCommandsTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Inspect_shows_layers_and_what_can_not_be_measured()
    {
        var outcome = Workplace.Run("inspect", _place.Mlp(activation: "Tanh"));

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Matches(@"output\s+\S+: N × \d+\s", outcome.Output);
        Assert.Matches(@"Gemm:h\s+Gemm\s+8\s+16\s+affine", outcome.Output);
        Assert.Matches(@"Tanh:a\s+Tanh\s+8\s+curved", outcome.Output);
        Assert.Matches("linear-regions: needs a piecewise-linear network, and Tanh", outcome.Output);
        Assert.DoesNotContain("· margin:", outcome.Output);
    }

    [Fact]
    public void Inspect_shows_the_norms_of_weights_without_a_graph()
    {
        var header = """
            {"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},
            "b":{"dtype":"F32","shape":[1],"data_offsets":[16,20]}}
            """u8;
        float[] numbers = [3, 0, 0, -4, 9];
        File.WriteAllBytes(_place.In("w.safetensors"),
            [.. BitConverter.GetBytes((long)header.Length), .. header, .. numbers.SelectMany(BitConverter.GetBytes)]);
        var outcome = Workplace.Run("inspect", _place.In("w.safetensors"));
        Assert.Equal(0, outcome.Code);
        Assert.Matches(@"w\s+2×2\s+F32\s+5\s+4\s+1\.56", outcome.Output);
        Assert.Contains("safetensors, 5 numbers, no graph", outcome.Output);
        Assert.Contains("give the network's ONNX file, and these weights", outcome.Output);
        var alone = Workplace.Run("measure", _place.In("w.safetensors"), "--measures", "param-norm,margin");
        Assert.Equal(0, alone.Code);
        Assert.Contains("Parameter norm", alone.Output);
        Assert.Contains("margin: needs the network's function, and there are its weights alone", alone.Output.ReplaceLineEndings(" "));
        Assert.Contains(
            "leave out --shard", Workplace.Run("measure", _place.In("w.safetensors"), "--per-example").Error.ReplaceLineEndings(" "));

        var json = Workplace.Run(
            "measure", _place.In("w.safetensors"), "--measures", "param-norm", "--html", _place.In("w.html"), "--json").Json;
        Assert.Equal(25, json.GetProperty("measures")[0].GetProperty("value").GetDouble());
        var page = File.ReadAllText(_place.In("w.html"));
        Assert.Contains("Norms of its weights, without their network", page);
        Assert.Contains("download=\"w.json\"", page);
        Assert.Contains("--data DATA is missing", Workplace.Run("measure", _place.In("net.onnx")).Error.ReplaceLineEndings(" "));

        var measured = Workplace.Run("measure", _place.In("w.safetensors"), "--data", _place.Points());
        Assert.Equal(2, measured.Code);
        Assert.Contains("holds weights without a graph (safetensors: 2 tensors, 5 numbers)", measured.Error);
    }

    [Fact]
    public void Inspect_says_what_was_cut_off() => Assert.Contains("taken as the logits", Workplace.Run("inspect", _place.Linear()).Output);

    [Fact]
    public void Data_list_names_every_set()
    {
        var outcome = Workplace.Run("data", "list");

        Assert.All(new[] { "mnist", "fashion-mnist", "cifar10", "glyphs" }, name => Assert.Contains(name, outcome.Output));
    }

    [Fact]
    public void Data_show_counts_the_labels()
    {
        var outcome = Workplace.Run("data", "show", _place.Points(count: 5));

        Assert.Matches(@"0\s+3\s+▪", outcome.Output);
        Assert.Matches(@"1\s+2\s+▪", outcome.Output);
        Assert.Contains("labels of 2 classes", outcome.Output);
    }

    [Fact]
    public void Data_show_tells_the_statistics_of_the_inputs()
    {
        // sin 0 … sin 9
        double[] inputs = [.. Enumerable.Range(0, 10).Select(i => (double)(float)Math.Sin(i))];
        var mean = inputs.Average();

        Assert.Contains($"mean {mean:0.####}", Workplace.Run("data", "show", _place.Points(count: 5)).Output);
    }

    [Fact]
    public void Data_verify_finds_a_file_that_differs()
    {
        Directory.CreateDirectory(_place.In("mnist"));
        File.WriteAllText(_place.In("mnist/t10k-labels-idx1-ubyte"), "not labels");

        var outcome = Workplace.Run("data", "verify", "mnist", "--data-root", _place.In(""));

        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Matches(@"t10k-labels-idx1-ubyte\s+differs", outcome.Output);
    }

    [Fact]
    public void Data_verify_minds_a_set_of_which_some_files_are_missing_and_none_that_was_never_fetched()
    {
        var nothing = Workplace.Run("data", "verify", "--data-root", _place.In(""));
        Assert.Equal(ExitCode.Success, nothing.Code);
        Assert.StartsWith("Nothing was there to verify: ", LastLine(nothing));
        var asked = Workplace.Run("data", "verify", "mnist", "--data-root", _place.In(""));
        Assert.Equal(ExitCode.UserError, asked.Code);
        Assert.StartsWith("Nothing was there to verify: ", LastLine(asked));

        Directory.CreateDirectory(_place.In("mnist"));
        File.WriteAllText(_place.In("mnist/t10k-labels-idx1-ubyte"), "not labels");
        var some = Workplace.Run("data", "verify", "--data-root", _place.In(""));
        Assert.Equal(ExitCode.UserError, some.Code);
        Assert.StartsWith("1 file verified, of which 1 differs; ", LastLine(some));

        static string LastLine(Workplace.Outcome outcome) => outcome.Output.TrimEnd('\n').Split('\n')[^1];
    }

    [Theory]
    [InlineData("data get nist", "there is no data set named 'nist'")]
    [InlineData("data verify mnist:test", "did you mean 'mnist'?")]
    [InlineData("data show mnst:test", "did you mean 'mnist:test'?")]
    [InlineData("data show mnist:tst", "did you mean 'mnist:test'?")]
    [InlineData("data show nothing:test", "there is no data set named 'nothing'. There are mnist:train")]
    [InlineData("data show no:such", "no:such is neither a file nor a named data set. There are mnist:train")]
    [InlineData("data verify nothing", "to be fetched or verified. There are mnist")]
    [InlineData("reproduce foo", "unknown experiment 'foo'. 'occam reproduce --list' shows all")]
    [InlineData("reproduce gor1", "unknown experiment 'gor1': did you mean 'gor-1'?")]
    [InlineData("measures geometric", "unknown measure 'geometric': did you mean 'geometric-complexity'?")]
    [InlineData("measures gc", "unknown measure 'gc': did you mean 'geometric-complexity'?")]
    [InlineData("data list --json", "unknown option '--json'. 'occam data list --help' shows all")]
    [InlineData("data fetch mnist", "unknown command 'fetch'. 'occam data --help' shows all")]
    [InlineData("data gt mnist", "unknown command 'gt': did you mean 'occam data get'?")]
    [InlineData("data show nothing.npz", "nothing.npz is neither a file nor a named data set")]
    [InlineData("completion csh", "unknown shell 'csh': expected bash, fish, zsh")]
    [InlineData("inspect nothing.onnx", "nothing.onnx is not there: expected an ONNX file")]
    [InlineData("inspect .", ". is a folder: expected an ONNX file")]
    public void A_mistake_is_one_line(string line, string expected) =>
        MeasureCommandTests.AssertUserError(Workplace.Run(line.Split(' ')), expected);

    [Theory]
    [InlineData("mea", "measure measures")]
    [InlineData("ru", "run runs")]
    [InlineData("run net.onnx --ja", "--jacobian")]
    [InlineData("measure net.onnx --thr", "--threads")]
    [InlineData("measure net.onnx --data cif", "cifar10:test cifar10:train")]
    [InlineData("measure net.onnx --measures margin,neural-c", "margin,neural-collapse")]
    [InlineData("data ver", "verify")]
    [InlineData("measure ", "")]
    public void A_shell_is_told_what_may_come_next(string typed, string expected)
    {
        var outcome = Workplace.Run($"[suggest:{typed.Length}]", typed);

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), outcome.Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Order());
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Completion_scripts_are_printed(string shell)
    {
        var outcome = Workplace.Run("completion", shell);

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Contains("[suggest:", outcome.Output);
    }

    [Fact]
    public async Task The_bash_script_completes_after_a_colon()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash here.");
        File.WriteAllText(_place.In("occam"), "#!/bin/sh\nprintf 'mnist:test\\nmnist:train\\ncifar10:test\\n'\n");
        File.WriteAllText(_place.In("try.sh"), Workplace.Run("completion", "bash").Output + """

            COMP_LINE="occam measure x --data mnist:t" COMP_POINT=30
            COMP_WORDS=(occam measure x --data mnist : t) COMP_CWORD=6
            PATH=$PWD:$PATH
            chmod +x occam
            _occam
            echo "${COMPREPLY[@]}"
            """);
        using var bash = Process.Start(
            new ProcessStartInfo("/bin/bash", [_place.In("try.sh")]) { RedirectStandardOutput = true, WorkingDirectory = _place.In("") })!;

        Assert.Equal("test train\n", await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}
