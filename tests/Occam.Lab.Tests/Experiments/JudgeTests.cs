using MathNet.Numerics.Distributions;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

public sealed class JudgeTests
{
    private static readonly Claim s_claim = new("follows", "It follows.", "A paper, Figure 1");

    /// <summary>Ways to judge, and made-up processes under which the claim is false.</summary>
    public static TheoryData<string> Nulls =>
    [
        "rises: nothing changes", "rises: two levels, unequal spread", "rises: heavy tails", "rises: seeds that are shared",
        "rises: the middle is higher", "falls: nothing changes", "does not rise: rises by what counts",
        "does not fall: falls by what counts", "does not change: rises by the margin",
        "together: independent", "together: levels that go nowhere", "together: what the runs of a seed have in common",
        "together: as many seeds one way as the other", "opposite: independent", "below: at the bound", "above: at the bound",
        "between: at a bound", "factor below: at the bound", "factor between: at a bound", "every: one in ten is beyond",
        "every, one refutes: one in ten is beyond", "every: one in five is beyond",
        "every: half are beyond", "every: one in ten is beyond, half-normal", "every: one in ten is beyond, exponential",
        "every: one in ten is beyond, over orders of magnitude",
        "near one: one in twenty to each side", "near one: one in ten to one side",
        "rises by a factor: equal geometric means, unequal spread", "falls by a factor: orders of magnitude",
        "all: one of three holds not",
    ];

    private static Verdict Decide(params Finding[] findings) =>
        ClaimVerdicts.Of([.. findings.Select(_ => s_claim)], findings, ExperimentScale.Laptop)[0].Verdict;

    private static SeedGroup[] Groups(params double[][] values) =>
        [.. values.Select((group, level) => new SeedGroup($"level {level}", level, group))];

    [Theory]
    [MemberData(nameof(Nulls))]
    public void A_false_claim_is_reproduced_at_most_at_the_stated_rate_however_many_seeds_there_are(string process)
    {
        foreach (var seeds in new[] { 3, 5, 20 })
        {
            const int Repetitions = 2000;
            var random = new Random(17);
            var reproduced = Enumerable.Range(0, Repetitions).Count(_ => Decide(Sample(process, seeds, random)) == Verdict.Reproduced);

            // Three standard errors of a share of 5 % above it.
            Assert.True(
                reproduced <= Repetitions * (Evidence.Level + (3 * Math.Sqrt(Evidence.Level * (1 - Evidence.Level) / Repetitions))),
                $"{process}: {(double)reproduced / Repetitions:P1} of false claims are reproduced with {seeds} seeds");
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(20)]
    public void That_every_training_is_within_a_bound_is_refuted_at_most_at_the_stated_rate_where_one_in_ten_is_not(int seeds)
    {
        const int Repetitions = 2000;
        var random = new Random(23);

        var refuted = Enumerable.Range(0, Repetitions).Count(
            _ => Decide(Sample("every: one in ten is beyond", seeds, random)) == Verdict.NotReproduced);

        Assert.InRange((double)refuted / Repetitions, 0, Evidence.Level + 0.015);
    }

    [Fact]
    public void Of_several_shapes_one_is_enough_and_all_must_fail()
    {
        var any = Evidence.Any([new Evidence(0.01, 0.9), new Evidence(0.4, 0.3), new Evidence(1, 0.001)]);

        Assert.Equal(0.03, any.For, 12);
        Assert.Equal(0.9, any.Against);
        Assert.Equal(new Evidence(1, 0.002), Evidence.Any([new Evidence(0.7, 0.002), new Evidence(0.8, 0.001)]));
    }

    [Fact]
    public void Of_many_false_claims_of_a_figure_one_is_reproduced_at_most_at_the_stated_rate()
    {
        const int Repetitions = 2000;
        var random = new Random(3);
        var reproduced = Enumerable.Range(0, Repetitions).Count(_ =>
        {
            Finding[] findings = [.. Enumerable.Range(0, 6).Select(_ => Sample("rises: nothing changes", 4, random))];
            return ClaimVerdicts
                .Of([.. findings.Select(_ => s_claim)], findings, ExperimentScale.Laptop)
                .Any(block => block.Verdict == Verdict.Reproduced);
        });

        Assert.InRange((double)reproduced / Repetitions, 0, Evidence.Level + 0.015);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void So_it_is_of_claims_that_one_run_refutes(int claims)
    {
        const int Repetitions = 2000;
        var random = new Random(4);
        var reproduced = Enumerable.Range(0, Repetitions).Count(_ =>
        {
            Finding[] findings =
                [.. Enumerable.Range(0, claims).Select(_ => Sample("every, one refutes: one in ten is beyond", 5, random))];
            return ClaimVerdicts
                .Of([.. findings.Select(_ => s_claim)], findings, ExperimentScale.Laptop)
                .Any(block => block.Verdict == Verdict.Reproduced);
        });

        Assert.InRange((double)reproduced / Repetitions, 0, Evidence.Level + 0.015);
    }

    [Fact]
    public void With_more_and_more_seeds_a_false_claim_is_found_false()
    {
        var random = new Random(5);
        int Refuted(string process) =>
            Enumerable.Range(0, 200).Count(_ => Decide(Sample(process, 200, random)) == Verdict.NotReproduced);

        Assert.InRange(Refuted("rises: nothing changes"), 190, 200);
        Assert.InRange(Refuted("together: independent"), 190, 200);
    }

    [Fact]
    public void A_true_claim_is_found_true_with_three_seeds_where_it_is_plain()
    {
        Assert.Equal(Verdict.Reproduced, Decide(Judge.Rises("length", Groups([1, 1.1, 1.2], [2, 2.1, 2.2], [3, 3.1, 3.2]))));
        Assert.Equal(Verdict.Reproduced, Decide(Judge.Falls("length", Groups([3, 3.1, 3.2], [1, 1.1, 1.2]))));
        Assert.Equal(Verdict.Reproduced, Decide(Judge.IsBelow("excess", [0.1, 0.2, 0.15], 1, "a bound")));
        Assert.Equal(Verdict.NotReproduced, Decide(Judge.IsAbove("excess", [0.1, 0.2, 0.15], 1, "a bound")));
        Assert.Equal(Verdict.Reproduced, Decide(Judge.IsBetween("exponent", [0.9, 1, 1.05], 0.5, 1.5, "about 1")));
        Assert.Equal(Verdict.NotReproduced, Decide(Judge.IsBetween("exponent", [2.9, 3, 3.05], 0.5, 1.5, "about 1")));
        Assert.Equal(Verdict.NotReproduced, Decide(Judge.IsBetween("exponent", [-0.1, 0, 0.05], 0.5, 1.5, "about 1")));
        Assert.Equal(Verdict.Undecided, Decide(Judge.IsBetween("exponent", [0.4, 1, 1.6], 0.5, 1.5, "about 1")));
    }

    [Fact]
    public void What_is_the_same_in_every_run_does_not_rise_and_does_not_fall()
    {
        var same = Groups([1, 1, 1], [1, 1, 1]);

        Assert.Equal(Verdict.NotReproduced, Decide(Judge.Rises("length", same)));
        Assert.Equal(Verdict.NotReproduced, Decide(Judge.Falls("length", same)));
        Assert.Equal(Verdict.Reproduced, Decide(Judge.DoesNotRise("length", same)));
        Assert.Equal(Verdict.Reproduced, Decide(Judge.DoesNotFall("length", same)));
    }

    [Fact]
    public void A_rise_that_is_real_but_smaller_than_counts_is_undecided()
    {
        var random = new Random(1);
        double[] Level(double mean) => [.. Enumerable.Range(0, 5000).Select(_ => Normal.Sample(random, mean, 1))];

        var finding = Judge.DoesNotRise("length", Groups(Level(0), Level(0.2)));

        Assert.InRange(finding.Evidence.For, 0, 1e-6);
        Assert.InRange(finding.Evidence.Against, 0, 1e-6);
        Assert.Equal(Verdict.Undecided, Decide(finding));
    }

    [Fact]
    public void Few_seeds_the_smoke_scale_and_a_failed_premise_decide_nothing()
    {
        var clear = Judge.Rises("length", Groups([1, 1.1, 1.2], [2, 2.1, 2.2]));
        var failed = clear.If(false, "the networks fit their data to 0.3 at best");
        var block = ClaimVerdicts.Of([s_claim], [failed], ExperimentScale.Paper)[0];

        Assert.Equal(Verdict.Undecided, ClaimVerdicts.Of([s_claim], [clear], ExperimentScale.Smoke)[0].Verdict);
        Assert.Equal(Verdict.Undecided, Decide(Judge.Holds(true, "It holds in both", 2)));
        Assert.Equal(Verdict.Reproduced, Decide(clear.If(true, "")));
        Assert.Equal(Verdict.Undecided, block.Verdict);
        Assert.True(block.PremiseFails);
        Assert.StartsWith(
            "The premise fails: the networks fit their data to 0.3 at best.", block.Reason.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_without_a_finite_value_are_left_out_and_told()
    {
        var finding = Judge.Rises("length", Groups([1, 1.1, 1.2, double.NaN], [2, 2.1, 2.2, double.PositiveInfinity]));
        var lost = Judge.Rises("length", Groups([1, 2], [double.NaN, double.NaN]));

        Assert.Contains("2 of 8 runs ended without a finite value", finding.Reason, StringComparison.Ordinal);
        Assert.Equal(3, finding.Seeds);
        Assert.Equal(Evidence.None, lost.Evidence);
        Assert.StartsWith("No run at level 1", lost.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_the_same_in_every_run_is_so_whatever_its_last_digit()
    {
        var same = Groups([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]);

        Assert.Equal(Verdict.NotReproduced, Decide(Judge.Rises("length", same)));
        Assert.Equal(Verdict.Reproduced, Decide(Judge.DoesNotFall("length", same)));
    }

    [Fact]
    public void Of_several_parts_the_reason_is_that_of_the_one_that_decides()
    {
        var holds = Judge.IsBelow("loss", [0.1, 0.2, 0.15], 1, "a bound");
        var fails = Judge.IsBelow("error", [2, 2.1, 2.2], 1, "a bound");
        var open = Judge.IsBelow("gap", [0.5, 1, 1.5], 1, "a bound");
        var unfit = Judge.IsBelow("norm", [0.1, 0.2, 0.15], 1, "a bound").If(false, "a network doesn’t fit");

        var denied = Judge.All(("a", unfit), ("b", fails), ("c", holds));
        Assert.Equal((Verdict.NotReproduced, false), (Decide(denied), denied.PremiseFails));
        Assert.Contains("The decisive one, b: The error is 2.1", denied.Reason, StringComparison.Ordinal);

        var undecided = Judge.All(("a", open), ("b", unfit), ("c", holds));
        Assert.Equal((Verdict.Undecided, true), (Decide(undecided), undecided.PremiseFails));
        Assert.Contains("The decisive one, b: The premise fails: a network doesn’t fit", undecided.Reason, StringComparison.Ordinal);

        Assert.Contains("The decisive one, a: The gap", Judge.All(("a", open), ("c", holds)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_that_goes_the_other_way_is_not_hidden_by_the_others()
    {
        // Of five seeds four rise together; over all runs that leaves a correlation nobody would doubt.
        (int, double, double)[] runs =
        [
            .. from seed in Enumerable.Range(0, 5)
               from level in Enumerable.Range(0, 8)
               select (seed, level + (0.1 * seed), (seed == 4 ? 7 - level : level) + (0.1 * seed)),
        ];

        Assert.InRange(Judge.GoTogether("length", "loss", [.. runs.Select(run => (0, run.Item2, run.Item3))]).Evidence.For, 1, 1);
        Assert.Equal(Verdict.Reproduced, Decide(Judge.GoTogether("length", "loss", runs[..32])));
        Assert.Equal(Verdict.Undecided, Decide(Judge.GoTogether("length", "loss", runs)));
        Assert.Contains(
            ", and within the seeds 0.6 (95\u00A0% interval −0.51 to 1)", Judge.GoTogether("length", "loss", runs).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_factor_is_judged_by_its_logarithm()
    {
        // 2 and 8 are as far from 4.
        var four = Judge.IsFactorBetween("factor", [2, 8, 4, 4], 1, 16, "about four");

        Assert.Equal(4, four.Statistics.Single(fact => fact.Name.PlainText == "geometric mean").Value.Number!.Value, 12);
        Assert.Equal(
            Judge.IsBetween("logarithm", [1, 3, 2, 2], 0, 4, "about two").Evidence.For, four.Evidence.For, 12);
        Assert.Contains("is 4 on average", four.Reason, StringComparison.Ordinal);
        Assert.Contains(
            "1 of 4 runs ended without", Judge.IsFactorBetween("factor", [2, 8, 4, 0], 1, 16, "about four").Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void That_every_training_is_within_a_bound_takes_more_than_that_those_made_are()
    {
        Finding Of(bool oneRefutes, params double[] values) => new(Evidence.InEvery(values, 1, oneRefutes), "r", values.Length);

        Assert.Equal(Verdict.Reproduced, Decide(Of(true, 0.2, 0.23, 0.21)));
        Assert.Equal(Verdict.Reproduced, Decide(Of(true, 0, 0, 0)));
        Assert.Equal(Verdict.Undecided, Decide(Of(true, 0.01, 0.5, 0.99)));
        Assert.Equal(Verdict.NotReproduced, Decide(Of(true, 0.2, 0.3, 1.1)));
        Assert.Equal(Verdict.Undecided, Decide(Of(false, 0.2, 0.3, 1.1)));
        Assert.Equal(Verdict.NotReproduced, Decide(Of(false, 1.2, 1.3, 1.1)));
        Assert.Equal(Verdict.NotReproduced, Decide(Of(false, 0.2, 1.3, 0.1, 1.2, 1.1)));
        Assert.Equal(Verdict.Undecided, Decide(Of(false, 0.2, 0.3, 0.1, 1.2, 1.1)));
        Assert.Equal(Verdict.Undecided, Decide(Of(false, 0.2, 0.3, 0.1, double.NaN)));
        Assert.Equal(Verdict.Undecided, Decide(Of(true, 0.2, 0.3, double.NaN)));
        Assert.Equal(Verdict.NotReproduced, Decide(Of(true, 0.2, 1.3, double.NaN)));
    }

    [Fact]
    public void A_rise_that_turns_around_on_the_way_is_told()
    {
        var turns = Judge.Rises("length", Groups([1, 1.1, 1.2], [5, 5.1, 5.2], [2, 2.1, 2.2], [6, 6.1, 6.2]));
        var falls = Judge.Falls("length", Groups([6, 6.1, 6.2], [2, 2.1, 2.2], [5, 5.1, 5.2], [1, 1.1, 1.2]));

        Assert.Contains(", but from level 1 to level 2 it falls by 3", turns.Reason, StringComparison.Ordinal);
        Assert.Contains(", but from level 1 to level 2 it rises by 3", falls.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "but", Judge.Rises("length", Groups([1, 1.1, 1.2], [2, 2.1, 2.2], [1.9, 2, 2.1], [3, 3.1, 3.2])).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_number_of_claims_leaves_open_is_told()
    {
        Finding One(double p) => new(new Evidence(p, 1), "It is so", 5);
        string Reason(params double[] values) =>
            $"{ClaimVerdicts.Of([.. values.Select(_ => s_claim)], [.. values.Select(One)], ExperimentScale.Laptop)[0].Reason}";

        Assert.Equal("It is so.", Reason(0.04));
        Assert.Equal("It is so. By itself that would speak for the claim: among the figure’s 2 tests it is too little.",
            System.Net.WebUtility.HtmlDecode(Reason(0.04, 0.5)));
        Assert.Equal("It is so.", Reason(0.4, 0.5));
    }

    [Fact]
    public void A_change_that_a_two_sided_interval_leaves_open_is_told()
    {
        var rises = Judge.Rises("length", Groups([0, 1, 2, 3], [2, 3, 4, 5]));

        Assert.InRange(rises.Evidence.For, 0.03, 0.04);
        Assert.EndsWith(", clear by a one-sided test alone", rises.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("one-sided", Judge.Rises("length", Groups([1, 1.1, 1.2], [5, 5.1, 5.2])).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_quantity_that_never_changes_no_correlation_is_said()
    {
        var finding = Judge.GoTogether("length", "loss", [.. Enumerable.Range(0, 20).Select(i => (i % 5, 5.0, (double)i))]);

        Assert.Equal(Evidence.None, finding.Evidence);
        Assert.Equal(
            "Over 20 runs, of 4 levels, the rank correlation of length and loss isn’t defined: one of them never changes", finding.Reason);
    }

    [Fact]
    public void The_heading_follows_the_verdicts()
    {
        VerdictBlock[] Blocks(params Verdict[] verdicts) => [.. verdicts.Select(verdict => new VerdictBlock("c", verdict, "r"))];

        Assert.Equal("It rises", ClaimVerdicts.Headline("It rises", Blocks(Verdict.Reproduced, Verdict.Reproduced)));
        Assert.Equal("It rises", ClaimVerdicts.Headline("It rises", []));
        Assert.Equal("It rises? Not reproduced", ClaimVerdicts.Headline("It rises", Blocks(Verdict.NotReproduced)));
        Assert.Equal("It rises? Undecided at this scale", ClaimVerdicts.Headline("It rises", Blocks(Verdict.Undecided)));
        Assert.Equal(
            "It rises? 1 of 3 claims reproduced, 1 not, 1 undecided",
            ClaimVerdicts.Headline("It rises", Blocks(Verdict.Reproduced, Verdict.NotReproduced, Verdict.Undecided)));
    }

    private static Finding Sample(string process, int seeds, Random random)
    {
        double[] Level(double mean, double spread = 1) =>
            [.. Enumerable.Range(0, seeds).Select(_ => Normal.Sample(random, mean, spread))];
        double[] Heavy(double mean = 0) => [.. Level(mean).Select(Math.Exp)];
        SeedGroup[] Shared()
        {
            var seed = Level(0, 3);
            return Groups([.. Enumerable.Range(0, 3).Select(_ => Level(0).Zip(seed, (own, common) => own + common).ToArray())]);
        }

        // Four runs a seed, whose two numbers follow from what is drawn for the seed and for the run.
        (int Seed, double First, double Second)[] Pairs(Func<double> drawn, Func<double, int, (double First, double Second)> pair) =>
        [
            .. from seed in Enumerable.Range(0, seeds)
               let own = drawn()
               from level in Enumerable.Range(0, 4)
               let numbers = pair(own, level)
               select (seed, numbers.First, numbers.Second),
        ];
        double Noise(double mean = 0) => Normal.Sample(random, mean, 1);
        (int Seed, double First, double Second)[] Independent() => Pairs(() => 0, (_, _) => (Noise(), Noise()));
        return process switch
        {
            "rises: nothing changes" => Judge.Rises("length", Groups(Level(0), Level(0), Level(0), Level(0))),
            "rises: two levels, unequal spread" => Judge.Rises("length", Groups(Level(0), Level(0, 3))),
            "rises: heavy tails" => Judge.Rises("length", Groups(Heavy(), Heavy(), Heavy())),
            "rises: seeds that are shared" => Judge.Rises("length", Shared()),
            "rises: the middle is higher" => Judge.Rises("length", Groups(Level(0), Level(5), Level(0))),
            "falls: nothing changes" => Judge.Falls("length", Groups(Level(0), Level(0), Level(0))),
            "does not rise: rises by what counts" => Judge.DoesNotRise("length", Groups(Level(0), Level(Judge.SmallRise))),
            "does not fall: falls by what counts" => Judge.DoesNotFall("length", Groups(Level(Judge.SmallRise), Level(0))),
            "does not change: rises by the margin" => Judge.DoesNotChange("length", Groups(Level(0), Level(1)), 1, "one"),
            "together: independent" => Judge.GoTogether("length", "loss", Independent()),
            // Over the levels the one rises as 0, 3, 6, 9 and the other is 3, 9, 0, 6, of rank correlation 0.
            "together: levels that go nowhere" => Judge.GoTogether(
                "length", "loss", Pairs(() => 0, (_, level) => (Noise(3 * level), Noise(3 * ((2 * (level + 1) % 5) - 1))))),
            "together: what the runs of a seed have in common" => Judge.GoTogether(
                "length", "loss", Pairs(() => Noise() * 9, (own, _) => (Noise(own), Noise(own)))),
            "together: as many seeds one way as the other" => Judge.GoTogether(
                "length", "loss", Pairs(() => Noise() / 2, (own, level) => (Noise(level), Noise(own * level)))),
            "opposite: independent" => Judge.GoTogether("length", "loss", Independent(), opposite: true),
            "below: at the bound" => Judge.IsBelow("excess", Level(1), 1, "one"),
            "above: at the bound" => Judge.IsAbove("excess", Level(1), 1, "one"),
            "between: at a bound" => Judge.IsBetween("exponent", Level(3), 1, 3, "one and three"),
            "factor below: at the bound" => Judge.IsFactorBelow("factor", Heavy(), 1, "one"),
            "factor between: at a bound" => Judge.IsFactorBetween("factor", [.. Heavy().Select(x => 2 * x)], 0.5, 2, "half and twice"),
            "every, one refutes: one in ten is beyond" =>
                new Finding(Evidence.InEvery(Heavy(-1.2816), 1, oneRefutes: true), "r", seeds),
            "every: one in ten is beyond" => new Finding(Evidence.InEvery(Heavy(-1.2816), 1, oneRefutes: false), "r", seeds),
            "every: one in five is beyond" => new Finding(Evidence.InEvery(Heavy(-0.8416), 1, oneRefutes: false), "r", seeds),
            "every: half are beyond" => new Finding(Evidence.InEvery(Heavy(), 1, oneRefutes: false), "r", seeds),
            "every: one in ten is beyond, half-normal" =>
                new Finding(Evidence.InEvery([.. Level(0).Select(Math.Abs)], 1.6449, oneRefutes: true), "r", seeds),
            "every: one in ten is beyond, exponential" => new Finding(
                Evidence.InEvery([.. Level(0).Select(x => -Math.Log(Normal.CDF(0, 1, x)))], Math.Log(10), oneRefutes: true), "r", seeds),
            "every: one in ten is beyond, over orders of magnitude" =>
                new Finding(Evidence.InEvery([.. Level(-2.5632, 2).Select(Math.Exp)], 1, oneRefutes: true), "r", seeds),
            "near one: one in twenty to each side" =>
                new Finding(Evidence.NearOneInEvery([.. Heavy()], Math.Exp(1.6449)), "r", seeds),
            "near one: one in ten to one side" =>
                new Finding(Evidence.NearOneInEvery([.. Heavy(1)], Math.Exp(1 + 1.2816)), "r", seeds),
            "rises by a factor: equal geometric means, unequal spread" =>
                Judge.RisesByFactor("complexity", Groups([.. Level(0, 0.3).Select(Math.Exp)], [.. Level(0, 1.2).Select(Math.Exp)])),
            "falls by a factor: orders of magnitude" =>
                Judge.FallsByFactor("complexity", Groups([.. Level(0, 4).Select(Math.Exp)], Heavy(), [.. Level(0, 4).Select(Math.Exp)])),
            "all: one of three holds not" => Judge.All(
                ("a", Judge.Rises("length", Groups(Level(0), Level(9)))),
                ("b", Judge.Rises("length", Groups(Level(0), Level(0)))),
                ("c", Judge.Rises("length", Groups(Level(0), Level(9))))),
            _ => throw new ArgumentOutOfRangeException(nameof(process)),
        };
    }
}
