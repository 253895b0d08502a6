using Occam.Cli.Running;
using Occam.Lab.Runs.Examples;
using Occam.Lab.Runs.Store;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class TrainCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void An_example_is_written_trained_listed_shown_and_queried()
    {
        var (file, root) = (_place.In("run.yaml"), _place.In("runs"));
        var folder = Path.Combine(root, "first");

        Assert.Equal(ExitCode.Success, Workplace.Run("init", "--out", file).Code);
        var trained = Workplace.Run(
            "train", file, "--out", folder, "--tensorboard", "--set", "data.limit=64", "--set", "data.test-limit=20", "--set", "epochs=2",
            "--set", "probes=[]");
        var listed = Workplace.Run("runs", "--root", root, "--json").Json;
        var shown = Workplace.Run("runs", "show", "first", "--root", root);
        var asked = Workplace.Run(
            "runs", "query", "SELECT name, count(*) AS looks FROM metrics WHERE name LIKE 'test.%' GROUP BY name ORDER BY name", "--root",
            root, "--csv");

        Assert.Equal((ExitCode.Success, ""), (trained.Code, trained.Error));
        Assert.Contains("completed: all 2 steps were taken", trained.Output);
        Assert.Equal("first", Assert.Single(listed.EnumerateArray()).GetProperty("run").GetString());
        Assert.Equal(RunFolder.Open(folder).Status.Metrics["test.loss"], listed[0].GetProperty("test.loss").GetDouble());
        Assert.Contains("test.accuracy", shown.Output);
        Assert.Equal("name,looks\ntest.accuracy,3\ntest.loss,3\n", asked.Output);
        Assert.Equal(RunFolder.Open(folder).Reading.Text, Workplace.Run("runs", "show", folder, "--config").Output);
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(folder, "tensorboard")));
    }

    [Fact]
    public void Every_mistake_of_a_configuration_is_a_line_and_nothing_is_written()
    {
        File.WriteAllText(_place.In("run.yaml"), ExampleConfigurations
            .Find("mlp-glyphs")
            .Replace("momentum: 0.9", "momentum: 9")
            .Replace("epochs: 10", "epochs: -1"));

        var told = Workplace.Run("train", _place.In("run.yaml"), "--out", _place.In("run"));
        var checkedOnly = Workplace.Run("train", _place.In("run.yaml"), "--check", "--set", "optimizer.momentum=0", "--set", "epochs=1");

        Assert.Equal(ExitCode.UserError, told.Code);
        string[] lines = told.Error.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^occam: .*run\.yaml:15:3: a momentum of 9 can't be", lines[0]);
        Assert.Matches(@"^occam: .*run\.yaml:23:9: a training of -1 epochs can't be", lines[1]);
        Assert.Equal((ExitCode.Success, ""), (checkedOnly.Code, checkedOnly.Error));
        Assert.Equal(["run.yaml"], _place.Files);
        Assert.False(Directory.Exists(_place.In("run")));
    }

    [Fact]
    public void Checking_a_configuration_observes_its_probes()
    {
        File.WriteAllText(_place.In("run.yaml"), $$"""
            network: { id: mlp, hidden: [3] }
            data: { train: {{_place.Points()}} }
            loss: binary-cross-entropy
            optimizer: { id: sgd, learning-rate: 0.05 }
            batch: 5
            steps: 3
            probes:
              - { measure: geometric-complexity }
            """);

        var whole = Workplace.Run("train", _place.In("run.yaml"), "--check");
        var margin = Workplace.Run("train", _place.In("run.yaml"), "--check", "--set", "probes.0.measure=margin");

        Assert.Equal((ExitCode.Success, ""), (whole.Code, whole.Error));
        Assert.Equal((ExitCode.UserError, ""), (margin.Code, margin.Output));
        Assert.Equal(
            "occam: 'margin' can't be measured while training: is defined for two outputs or more, and the network has 1\n",
            margin.Error);
        Assert.Equal(["points.npz", "run.yaml"], _place.Files);
    }

    [Fact]
    public void Damage_is_listed_and_has_a_code()
    {
        var (file, root) = (_place.In("run.yaml"), _place.In("runs"));
        Workplace.Run("init", "--out", file);
        Workplace.Run(
            "train", file, "--out", Path.Combine(root, "first"), "--set", "data.limit=64", "--set", "data.test-limit=20", "--set",
            "epochs=1", "--set", "probes=[]");

        var whole = Workplace.Run("runs", "check", "--root", root);
        var network = Path.Combine(root, "first", "network.onnx");
        var bytes = File.ReadAllBytes(network);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(network, bytes);
        var damaged = Workplace.Run("runs", "check", "first", "--root", root, "--json");
        var shown = Workplace.Run("runs", "show", "first", "--root", root);
        var row = Assert.Single(damaged.Json.EnumerateArray(), row => row.GetProperty("state").GetString() == "damaged");
        var lost = Workplace.Run("train", "--resume", Path.Combine(root, "first"));

        Assert.Equal(ExitCode.Success, whole.Code);
        Assert.Contains("nothing is damaged", whole.Error);
        Assert.Equal(ExitCode.DamageFound, damaged.Code);
        Assert.Equal(("first", "network.onnx"), (row.GetProperty("run").GetString(), row.GetProperty("file").GetString()));
        Assert.Matches("steps +1 of 1, 1 epoch, in ", shown.Output);
        Assert.Contains("completed: the one step was taken", shown.Output);
        Assert.Contains("network.onnx: its digest does not agree: train --resume writes it anew", shown.Error);
        Assert.Equal(ExitCode.Success, lost.Code);
        Assert.Contains("network.onnx' is damaged", lost.Error);
        Assert.Equal(ExitCode.Success, Workplace.Run("runs", "check", "--root", root).Code);
        Assert.Equal(ExitCode.UserError, Workplace.Run("runs", "check", "nowhere", "--root", root).Code);
    }

    [Fact]
    public void A_divergence_has_a_code_of_its_own()
    {
        Workplace.Run("init", "--out", _place.In("run.yaml"));

        var outcome = Workplace.Run(
            "train", _place.In("run.yaml"), "--out", _place.In("run"), "--set", "data.limit=64", "--set", "data.test=", "--set",
            "probes=[]", "--set", "keep-best=", "--set", "optimizer.learning-rate=1e30", "--set", "schedule=constant");

        Assert.Equal(ExitCode.Diverged, outcome.Code);
        Assert.Contains("the training diverged", outcome.Error);
        Assert.Contains("of the last good checkpoint, of step 0", outcome.Error);
    }

    [Theory]
    [InlineData("train", "no configuration is named")]
    [InlineData("train nowhere.yaml", "there is no such file")]
    [InlineData("train --resume nowhere", "there is no run in 'nowhere'")]
    [InlineData("train --resume a --out b", "contradict each other")]
    [InlineData("init mlp-glyph", "did you mean 'mlp-glyphs'?")]
    [InlineData("runs show nothing --root nowhere", "there is no run 'nothing'")]
    [InlineData("runs query SELECT --root nowhere", "there is no folder 'nowhere'")]
    public void A_mistake_is_one_line(string line, string expected)
    {
        var outcome = Workplace.Run(line.Split(' '));

        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Contains(expected, Assert.Single(outcome.Error.TrimEnd().Split('\n')));
    }
}
