using System.Globalization;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Dherin2022;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

public sealed class InitializationClaimsTests
{
    [Fact]
    public void The_pair_that_keeps_the_second_moment_is_not_among_those_judged()
    {
        Assert.DoesNotContain("ReLU and He", InitializationClaims.NamesOfOthers, StringComparison.Ordinal);
        Assert.Contains("ReLU and Glorot", InitializationClaims.NamesOfOthers, StringComparison.Ordinal);
    }

    [Fact]
    public void Far_away_the_activations_are_judged_whose_complexity_depends_on_the_domain()
    {
        var outcome = new Initialization().Run(
            new ExperimentContext { Scale = ExperimentScale.Smoke, Seeds = [0, 1], Cancellation = TestContext.Current.CancellationToken });
        var table = outcome.Tables.Single(table => table.Name == "networks");
        var column = table.Columns.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var byDomain = table.Rows
            .GroupBy(row => (
                Activation: (string)row[column["activation"]]!, Scheme: row[column["initialization"]], Depth: row[column["hidden_layers"]],
                Seed: row[column["seed"]]))
            .Select(group => (group.Key.Activation, Values: group
                .Select(row => Convert.ToDouble(row[column["geometric_complexity"]], CultureInfo.InvariantCulture))
                .ToArray()))
            .ToArray();

        Assert.All(
            byDomain.Where(group => group.Activation == "relu"),
            group => Assert.Equal(group.Values[0], group.Values[1], 1e-5 * group.Values[0]));
        Assert.All(
            byDomain.Where(group => group.Activation != "relu"),
            group => Assert.NotEqual(group.Values[0], group.Values[1], 1e-5 * group.Values[0]));
        Assert.DoesNotContain("ReLU", InitializationClaims.NamesFarAway, StringComparison.Ordinal);
    }
}
