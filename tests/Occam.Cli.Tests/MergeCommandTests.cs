using Occam.Cli.Running;
using Occam.Measures;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>Shards, merged, say what one run says, bit for bit; and nothing else is merged.</summary>
public sealed class MergeCommandTests : IDisposable
{
    private const int Examples = 37;
    private const string Batch = "4";

    private readonly Workplace _place = new();

    public static TheoryData<string[]> Settings => new(
        ["--measures", "geometric-complexity,local-lipschitz,margin,l2-norm"],
        ["--measures", "geometric-complexity", "--estimate", "3", "--layers"],
        ["--measures", "geometric-complexity,dirichlet-energy", "--limit", "30", "--seed", "5", "--layers"]);

    public void Dispose() => _place.Dispose();

    [Theory]
    [MemberData(nameof(Settings))]
    public void Four_parts_say_what_the_whole_says(string[] settings)
    {
        var whole = Measure([.. settings, "--json", "--per-example"]);
        var table = Measure(settings);

        var parts = Parts(4, settings);

        Assert.Equal(whole.Output, Workplace.Run(["merge", .. parts, "--json", "--per-example"]).Output);
        Assert.Equal(table.Output, Workplace.Run(["merge", .. parts.Reverse()]).Output);
    }

    [Fact]
    public void Every_measure_that_says_so_can_be_computed_in_shards()
    {
        string[] settings = ["--measures", string.Join(',', MeasureCatalogue.All.Values.Where(measure => measure.IsByExample))];

        Assert.Equal(
            Measure([.. settings, "--json"]).Output, Workplace.Run(["merge", .. Parts(3, settings), "--json"]).Output);
    }

    [Fact]
    public void Shards_are_processes_that_one_command_starts_and_merges()
    {
        string[] shards = ["--shards", "3", "--jobs", "2", "--parts", _place.In("parts"), "--json"];

        Assert.Equal(Measure("--json").Output, Measure(shards).Output);
        Assert.Equal(3, Directory.GetFiles(_place.In("parts"), "*-of-3.part").Length);

        // What is there already is not computed again, and what fails is told by its shard.
        File.WriteAllText(Path.Combine(_place.In("parts"), "2-of-3.part"), "damaged");
        Assert.Contains("can't be read", Measure(shards).Error);
    }

    [Fact]
    public void A_measure_of_all_examples_together_is_refused()
    {
        var outcome = Measure("--measures", "geometric-complexity,linear-regions", "--shard", "1/2");

        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Contains("linear-regions is of all examples together", outcome.Error);
    }

    [Fact]
    public void A_part_that_is_missing_doubled_or_foreign_is_refused_by_name()
    {
        string[] settings = ["--measures", "geometric-complexity"];
        var parts = Parts(3, settings);
        string Refusal(params string[] given)
        {
            var outcome = Workplace.Run(["merge", .. given]);
            Assert.Equal(ExitCode.UserError, outcome.Code);
            Assert.Empty(outcome.Output);
            return outcome.Error;
        }

        Assert.Contains("shard 2 of 3 is missing", Refusal(parts[0], parts[2]));
        Assert.Contains($"'{parts[0]}' and '{parts[0]}' are both shard 1/3", Refusal([.. parts, parts[0]]));
        Assert.Contains("another number of shards (4 against 3)", Refusal(parts[0], parts[1], parts[2], Parts(4, settings, "of-four")[3]));
        Assert.Contains("other settings", Refusal(parts[0], parts[1], Parts(3, ["--measures", "margin"], "of-margins")[2]));
        _place.Points("points.npz", Examples - 1);
        Assert.Contains("is of other data", Refusal(parts[0], parts[1], Parts(3, settings, "of-other-data", data: false)[2]));
        Assert.Contains("the parts don't go with what is here", Refusal(parts));
        _place.Points("points.npz", Examples);
        Assert.Equal(ExitCode.Success, Workplace.Run(["merge", .. parts]).Code);
        _place.Mlp(seed: 2);
        Assert.Contains("another network", Refusal(parts));
    }

    [Fact]
    public void A_damaged_part_is_refused_wherever_the_damage_is()
    {
        var parts = Parts(2, ["--measures", "geometric-complexity"]);
        var bytes = File.ReadAllBytes(parts[1]);
        for (var at = 0; at < bytes.Length; at += 13)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 4;
            File.WriteAllBytes(parts[1], damaged);

            var outcome = Workplace.Run(["merge", .. parts]);

            Assert.Equal(ExitCode.UserError, outcome.Code);
            Assert.Contains($"the part '{parts[1]}' can't be read", outcome.Error);
        }

        File.WriteAllBytes(parts[1], bytes[..^1]);
        Assert.Contains("can't be read", Workplace.Run(["merge", .. parts]).Error);
    }

    [Fact]
    public void A_part_is_not_written_over_by_another_shard_and_more_shards_than_batches_are_refused()
    {
        string[] settings = ["--measures", "geometric-complexity", "--part", _place.In("mine.part")];
        Assert.Equal(ExitCode.Success, Measure([.. settings, "--shard", "1/3"]).Code);

        Assert.Contains("is there already and is shard 1/3", Measure([.. settings, "--shard", "2/3"]).Error);
        Assert.Contains("give at most 10", Measure("--measures", "geometric-complexity", "--shard", "1/11").Error);
        Assert.Contains("'4/3' is no shard", Measure("--shard", "4/3").Error);
    }

    private Workplace.Outcome Measure(params string[] settings) => Workplace.Run(
        ["measure", _place.Mlp(), "--data", _place.Points("points.npz", Examples), "--batch", Batch, .. settings]);

    private string[] Parts(int count, string[] settings, string name = "part", bool data = true) =>
    [
        .. Enumerable.Range(1, count).Select(i =>
        {
            var file = _place.In($"{name}-{i}.part");
            string[] shard = [.. settings, "--shard", $"{i}/{count}", "--part", file];
            var outcome = data ? Measure(shard) : Workplace.Run(
                ["measure", _place.Mlp(), "--data", _place.In("points.npz"), "--batch", Batch, .. shard]);
            Assert.Equal("", outcome.Code == ExitCode.Success ? "" : outcome.Error);
            return file;
        }),
    ];
}
