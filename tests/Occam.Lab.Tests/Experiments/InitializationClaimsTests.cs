using System.Globalization;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

public sealed class InitializationClaimsTests
{
    private static readonly Claim s_claim = new("It falls.", "A paper, Figure 2");

    // Every pair falls by one from depth to depth, but for what `complexity` says.
    private static InitializationRun[] Runs(Func<string, string, int, double?> complexity, double spread = 0.1) =>
    [
        .. from scheme in InitializationTask.Schemes
           from activation in InitializationTask.Activations
           from domain in InitializationTask.Domains
           from depth in new[] { 1, 2, 4 }
           from seed in new[] { -1, 0, 1 }
           select new InitializationRun(
               scheme.Id, activation, domain, depth, seed, [], [],
               (complexity(scheme.Id, activation, depth) ?? (10 - depth)) + (seed * spread)),
    ];

    [Fact]
    public void The_pair_that_keeps_the_second_moment_is_not_judged()
    {
        var runs = Runs((scheme, activation, depth) => (scheme, activation) == ("he", "relu") ? depth : null);

        Assert.Equal(Verdict.Reproduced, InitializationClaims.Others(s_claim, runs, ExperimentScale.Laptop).Verdict);
        Assert.DoesNotContain("ReLU and He", InitializationClaims.NamesOfOthers, StringComparison.Ordinal);
        Assert.Contains("ReLU and Glorot", InitializationClaims.NamesOfOthers, StringComparison.Ordinal);
    }

    [Fact]
    public void One_pair_that_rises_denies_the_claim_and_one_within_the_errors_leaves_it_open()
    {
        var rising = Runs((scheme, activation, depth) => (scheme, activation) == ("he", "tanh") ? depth : null);
        var flat = Runs((scheme, activation, depth) => (scheme, activation) == ("he", "tanh") ? 5 - (0.01 * depth) : null);

        Assert.Equal(Verdict.NotReproduced, InitializationClaims.Others(s_claim, rising, ExperimentScale.Laptop).Verdict);
        Assert.Equal(Verdict.Undecided, InitializationClaims.Others(s_claim, flat, ExperimentScale.Laptop).Verdict);
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
