using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Xunit;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>Every claim of every figure can be satisfied and violated: its judge is held to runs that were made up for both.</summary>
public sealed class MadeUpRunsTests
{
    private static readonly MadeUpRuns[] s_all = [.. Family.Types(typeof(MadeUpRuns), typeof(MadeUpRuns).Assembly)
        .Select(type => (MadeUpRuns)Activator.CreateInstance(type)!)];

    public static TheoryData<string, string> Claims =>
        [.. from figure in ExperimentCatalogue.All.Values
            from claim in figure.Claims
            select (figure.Id, claim.Id)];

    public static TheoryData<string, string, string> Cases =>
        [.. from runs in s_all from made in runs.Cases select (runs.Figure, made.Claim, made.Name)];

    [Theory]
    [MemberData(nameof(Claims))]
    public void A_claim_has_made_up_runs_that_satisfy_it_and_some_that_violate_it(string figure, string claim)
    {
        Verdict[] expected = [.. s_all
            .Where(runs => runs.Figure == figure)
            .SelectMany(runs => runs.Cases)
            .Where(made => made.Claim == claim)
            .Select(made => made.Expected)];

        Assert.True(
            expected.Contains(Verdict.Reproduced) && expected.Contains(Verdict.NotReproduced),
            $"nothing shows that the verdict on {figure}/{claim} can be 'reproduced' and 'not reproduced': make up runs for both, in "
                + $"a class MadeUpRuns of {figure} in tests/Occam.Lab.Tests/Experiments/MadeUp; a claim that no runs violate is no claim");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_verdict_on_made_up_runs_is_as_expected(string figure, string claim, string name)
    {
        var (_, _, expected, judge) = s_all
            .Where(runs => runs.Figure == figure)
            .SelectMany(runs => runs.Cases)
            .Single(made => made.Claim == claim && made.Name == name);
        var block = judge();

        Assert.True(expected == block.Verdict, $"{expected} expected of {claim} for {name}; {block.Verdict}: {block.Reason.PlainText} "
            + string.Join("; ", block.Statistics.Select(fact => $"{fact.Name.PlainText} {fact.Value.PlainText}")));
        Assert.DoesNotContain("NaN", block.Reason.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public void Claims_have_ids_that_are_unique_in_their_figure_and_in_kebab_case() => Assert.All(
        ExperimentCatalogue.All.Values,
        figure =>
        {
            Assert.Equal(figure.Claims.Length, figure.Claims.DistinctBy(claim => claim.Id).Count());
            Assert.All(figure.Claims, claim => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", claim.Id));
        });
}
