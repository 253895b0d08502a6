using Occam.Cli.Running;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>
/// The commands that read a run, on runs of which a file was damaged: each says what it said of the whole run, or tells what it left out,
/// or refuses in a line.
/// </summary>
public sealed class DamagedRunCommandsTests : IDisposable
{
    private const string Small = """
        network: { id: mlp, hidden: [4] }
        data: { id: waves, frequency: 0.5, train: 20, test: 5 }
        loss: mse
        optimizer: { id: sgd, learning-rate: 0.05, momentum: 0.9 }
        batch: 5
        epochs: 3
        seed: 1
        checkpoint: 5 steps
        """;

    private readonly Workplace _place = new();
    private readonly string _root;
    private readonly string _run;

    public DamagedRunCommandsTests()
    {
        (_root, _run) = (_place.In("runs"), Path.Combine(_place.In("runs"), "one"));
        File.WriteAllText(_place.In("small.yaml"), Small);
        Assert.Equal(ExitCode.Success, Workplace.Run("train", _place.In("small.yaml"), "--out", _run).Code);
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_store_is_not_called_empty_where_its_one_run_cannot_be_read()
    {
        File.WriteAllText(Path.Combine(_run, "status.json"), "{");

        var error = Workplace.Run("runs", "--root", _root).Error;

        Assert.Contains("status.json", error);
        Assert.DoesNotContain("there are no runs", error);
        Assert.Contains("there are no runs", Workplace.Run("runs", "--root", _place.In("elsewhere")).Error);
    }

    [Theory]
    [InlineData("status.json")]
    [InlineData("environment.json")]
    [InlineData("config.yaml")]
    [InlineData("metrics.jsonl")]
    [InlineData("network.onnx")]
    [InlineData("initial.onnx")]
    [InlineData("checkpoints/step-000000000012.npz")]
    public void What_is_told_of_a_damaged_run_is_as_of_the_whole_one_or_says_that_it_is_damaged(string name)
    {
        string[][] commands =
        [
            ["runs", "show", "one", "--root", _root],
            ["runs", "show", "one", "--root", _root, "--config"],
            ["runs", "--root", _root, "--json"],
            ["runs", "query", "SELECT * FROM metrics ORDER BY ALL", "--root", _root, "--csv"],
            ["runs", "query", "SELECT * FROM config ORDER BY ALL", "--root", _root, "--csv"],
            ["runs", "query", "SELECT * FROM runs ORDER BY ALL", "--root", _root, "--csv"],
        ];
        var whole = commands.Select(command => Workplace.Run(command)).ToArray();
        Assert.All(whole, outcome => Assert.Equal((ExitCode.Success, ""), (outcome.Code, outcome.Error)));
        Assert.Equal(ExitCode.Success, Workplace.Run("runs", "check", "--root", _root).Code);
        var path = Path.Combine(_run, name);
        var bytes = File.ReadAllBytes(path);
        var random = new Random(name.Length);
        for (var i = 0; i < 4; i++)
        {
            var damaged = (byte[])bytes.Clone();
            var place = random.Next(bytes.Length);
            damaged[place] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, damaged);

            Assert.Equal(ExitCode.DamageFound, Workplace.Run("runs", "check", "--root", _root).Code);
            foreach (var (command, before) in commands.Zip(whole))
            {
                var outcome = Workplace.Run(command);
                var what = $"{string.Join(' ', command.Take(3))}, byte {place}: {outcome.Code} {outcome.Error} {outcome.Output}";
                if (outcome.Code == ExitCode.Success)
                {
                    Assert.True(outcome.Output == before.Output || outcome.Error.Contains("damaged"), what);
                }
                else
                {
                    Assert.True(outcome.Code == ExitCode.UserError && outcome.Error.Count(letter => letter == '\n') == 1, what);
                }
            }
        }
    }

    [Theory]
    [InlineData("status.json")]
    [InlineData("environment.json")]
    [InlineData("config.yaml")]
    [InlineData("metrics.jsonl")]
    [InlineData("network.onnx")]
    [InlineData("initial.onnx")]
    public void An_explanation_of_a_damaged_run_says_so_or_is_refused(string name)
    {
        string[] command = ["explain", _run, "--limit", "5", "--json"];
        var path = Path.Combine(_run, name);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);

        var outcome = Workplace.Run(command);

        Assert.True(
            (outcome.Code == ExitCode.UserError && outcome.Error.Count(letter => letter == '\n') == 1)
            || (outcome.Code == ExitCode.Success && (outcome.Error + outcome.Output).Contains("damaged")),
            $"{outcome.Code} {outcome.Error} {outcome.Output}");
    }
}
