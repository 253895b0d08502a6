using System.Text.Json;
using Occam.Cli.Running;
using Occam.Theory;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Json_has_every_theorem_with_its_verdict_and_the_sides_of_what_applies()
    {
        var outcome = Workplace.Run("verify", "--network", _place.Mlp(), "--data", _place.Points(count: 30), "--json");

        Assert.Equal(ExitCode.Success, outcome.Code);
        var theorems = outcome.Json.GetProperty("theorems").EnumerateArray().ToArray();
        Assert.Equal(TheoremCatalogue.All.Keys, theorems.Select(theorem => theorem.GetProperty("id").GetString()));

        var equation = theorems.Single(theorem => theorem.GetProperty("id").GetString() == "gc-equation-2");
        Assert.Equal("holds", equation.GetProperty("verdict").GetString());
        var sides = equation.GetProperty("inequalities")[0];
        Assert.Equal("=", sides.GetProperty("relation").GetString());
        Assert.True(sides.GetProperty("byArithmetic").GetBoolean());
        Assert.Equal(sides.GetProperty("left").GetDouble(), sides.GetProperty("right").GetDouble(), 1e-9);

        // Two outputs, and no record of a training.
        Assert.Contains("one output", Why(theorems, "bth-theorem-1"));
        Assert.NotNull(Why(theorems, "bth-corollary-2"));
    }

    [Fact]
    public void The_table_has_the_theorems_asked_for_in_their_order()
    {
        var outcome =
            Workplace.Run("verify", "--theorem", "gc-equation-3,gc-linear-models", "--network", _place.Linear(), "--data", _place.Points());

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Matches(
            @"(?s)gc-equation-3.*≤.*holds \(by arithmetic\).*≤.*holds\s.*gc-linear-models.*GC = ‖A‖_F².*30.*holds", outcome.Output);
        Assert.DoesNotContain("bth", outcome.Output);
    }

    [Fact]
    public void A_run_brings_its_network_its_data_and_its_trajectory()
    {
        File.WriteAllText(_place.In("waves.yaml"), """
            network: { id: mlp, hidden: [8] }
            data: { id: waves, frequency: 0.5, train: 30 }
            loss: mse
            optimizer: { id: sgd, learning-rate: 0.01 }
            batch: 1
            epochs: 4
            trajectory: true
            frozen: [layer1.weight]
            """);
        var (followed, not) = (_place.In("followed"), _place.In("not"));
        Assert.Equal(ExitCode.Success, Workplace.Run("train", _place.In("waves.yaml"), "--out", followed).Code);
        Assert.Equal(ExitCode.Success, Workplace.Run("train", _place.In("waves.yaml"), "--out", not, "--set", "trajectory=false").Code);

        var outcome = Workplace.Run("verify", "--run", followed, "--theorem", "bth-corollary-3,bth-theorem-1", "--json");
        Assert.Equal(ExitCode.Success, outcome.Code);
        var theorems = outcome.Json.GetProperty("theorems").EnumerateArray().ToArray();
        Assert.Null(Why(theorems, "bth-corollary-3"));
        Assert.Equal("holds", theorems[0].GetProperty("verdict").GetString());
        Assert.Contains(
            theorems[1].GetProperty("inequalities").EnumerateArray(),
            inequality => !inequality.GetProperty("name").GetString()!.StartsWith("one epoch", StringComparison.Ordinal));
        Assert.Equal(30, outcome.Json.GetProperty("data").GetProperty("count").GetInt32());

        var without = Workplace.Run("verify", "--run", not, "--theorem", "bth-corollary-3", "--json");
        Assert.Contains("didn't follow the trajectory", without.Error);
        Assert.Contains("no record", Why([.. without.Json.GetProperty("theorems").EnumerateArray()], "bth-corollary-3"));
    }

    [Fact]
    public void The_list_has_every_theorem()
    {
        var outcome = Workplace.Run("verify", "--list");
        Assert.All(TheoremCatalogue.All.Keys, id => Assert.Contains(id, outcome.Output));
    }

    [Theory]
    [InlineData("did you mean 'bth-theorem-1'", "--theorem", "bth-theorem1")]
    [InlineData("give --network and --data")]
    [InlineData("--run brings its own", "--run", "runs/x", "--data", "glyphs:train")]
    [InlineData("no run in", "--run", "nowhere")]
    [InlineData("names no theorem", "--theorem", ",")]
    public void Mistakes_are_told_in_a_line(string expected, params string[] arguments)
    {
        var outcome = Workplace.Run(["verify", .. arguments]);
        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Contains(expected, Assert.Single(outcome.Error.TrimEnd().Split('\n')));
    }

    private static string? Why(JsonElement[] theorems, string id) =>
        theorems.Single(theorem => theorem.GetProperty("id").GetString() == id).GetProperty("notApplicable").GetString();
}
