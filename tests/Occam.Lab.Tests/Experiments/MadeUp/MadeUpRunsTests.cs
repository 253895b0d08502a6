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

    public static TheoryData<string> Figures => [.. s_all.Select(runs => runs.Figure).Distinct()];

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

    // Claims on what was trained or built, whatever came of it: on all of a figure, or on some of its claims.
    private static readonly string[] s_withoutPremise =
    [
        "beyond-edge/rises-to-threshold", "bth-2-regression/corollary-2", "bth-2-regression/corollary-3", "bth-2-regression/theorem-1",
        "bth-2-regression/theorem-1-on-a-plane", "bth-6/theorem-2", "bth-8/both-fit", "bth-8/equally-well", "eg-3/global-minima",
        "eg-4/fit-with-32", "gc-1/starts-near-zero", "gc-2", "gc-3-flatness", "gc-3-l2", "gc-3-noise-cifar",
        "gc-3-noise-mnist", "gc-3-spectral", "gc-4-batch/loss-reaches-zero", "gc-4-lr/loss-reaches-zero", "gc-5/loss-is-u-shaped",
        .. from figure in new[] { "gc-c7", "gc-c8" }
           from regularizer in new[] { "l2", "flatness", "spectral" }
           from moment in new[] { "best", "end" }
           select $"{figure}/{regularizer}-{moment}-complexity-falls",
        "gc-explicit", "gc-transfer/amplifications-start-small", "gc-transfer/batch-is-proxy",
    ];

    [Theory]
    [MemberData(nameof(Claims))]
    public void Of_every_claim_there_are_made_up_runs_in_which_its_premise_fails_or_it_has_none(string figure, string claim)
    {
        var fails = s_all.Where(runs => runs.Figure == figure).SelectMany(runs => runs.Cases)
            .Any(made => made.Claim == claim && made.Expected == Verdict.Undecided && made.Judge().PremiseFails);

        Assert.True(
            fails != (s_withoutPremise.Contains(figure) || s_withoutPremise.Contains($"{figure}/{claim}")),
            fails
                ? $"{figure}/{claim} has a premise: take it out of the claims without one"
                : $"what must networks be like for {figure}/{claim} to be about them? Make up runs that are as it claims and aren't such "
                    + "networks, of which the verdict is 'undecided', or say that it has no premise");
    }

    // Claims that hold in every case or fail, so that there is nothing between.
    private static readonly string[] s_withoutEdge =
        ["beyond-edge/rises-to-threshold", "bth-6/silent-somewhere", "eg-3/global-minima", "eg-4/fit-with-32"];

    [Theory]
    [MemberData(nameof(Claims))]
    public void Of_every_claim_there_are_made_up_runs_on_the_edge_or_it_has_none(string figure, string claim)
    {
        var edge = s_all.Where(runs => runs.Figure == figure).SelectMany(runs => runs.Cases)
            .Any(made => made.Claim == claim && made.Expected == Verdict.Undecided && !made.Judge().PremiseFails);

        Assert.True(
            edge != s_withoutEdge.Contains($"{figure}/{claim}"),
            edge
                ? $"{figure}/{claim} has an edge: take it out of the claims without one"
                : $"what must runs be like to say neither yes nor no to {figure}/{claim}? Make up some that are such as the claim is about "
                    + "and leave it undecided, or say that it has no edge");
    }

    [Theory]
    [MemberData(nameof(Figures))]
    public void Made_up_runs_are_judged_alike_when_they_have_been_a_file(string figure) =>
        Assert.All(s_all.Where(runs => runs.Figure == figure), runs => runs.AssertFilesAreJudgedAlike());

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
