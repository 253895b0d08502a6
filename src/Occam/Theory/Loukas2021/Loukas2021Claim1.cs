using System.Collections.Immutable;
using Occam.Theory.Parts;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Claim 1 (Appendix B.7.1) of Loukas et al. 2021: of any k training points whose activations S form a covering set, S 1 ≥ 1, dropout
/// can make a basis Q of s(x), with q_{i,l} ≤ s_l(x_i) and Q 1 = s(x), whatever x. Checked on several covering sets that need each of
/// their points, at the examples and in regions without any: exactly, by search, wherever that is feasible.
/// <para>
/// It holds with one hidden layer. With more it may fail: its proof takes Σ_i ⊗_l q_{i,l} for ⊗_l Σ_i q_{i,l}. Where one of two
/// overlapping points must give more than the overlap in both layers, and so must the other, no Q does it.
/// </para>
/// </summary>
public sealed class Loukas2021Claim1() : Theorem(
    "bth-claim-1",
    "Dropout can make a basis of a covering set",
    "Loukas et al. 2021, Claim 1",
    "for training points with S 1 ≥ 1 there is a Q with q_{i,l} ≤ s_l(x_i) and Q 1 = s(x)",
    TheoremNeeds.PiecewiseLinear)
{
    private const string Name = "points x for which no Q with q_{i,l} ≤ s_l(x_i) has Q 1 = s(x), at most 0";
    private const int Sets = 4;
    private const int MostPoints = 60;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var refusal = HiddenActivations.Problem(context.Network)
            ?? (HiddenActivations.Of(context.Network).Layers == 0 ? "is about hidden units, and the network has none" : null);
        if (refusal is not null)
        {
            return Blank with { NotApplicable = refusal };
        }

        var training = Distinct(PathsHypothesis.Patterns(context, ExampleRows.Of(context.Data)), int.MaxValue);
        var covering = PathActivations.Of(training).IsCovering();
        var hypothesis = new Hypothesis(
            "training points form a covering set: S 1 ≥ 1", covering,
            covering switch
            {
                true => $"all {training.Length} patterns together do",
                false => $"a path through the hidden units is off at all {training.Length} patterns",
                null => "there are too many paths to tell",
            });
        if (covering != true)
        {
            return Blank with { NotApplicable = $"{hypothesis.Name}: {hypothesis.Finding}", Hypotheses = [hypothesis] };
        }

        var regions = EmptyRegions.Of(context);
        double[][] points = [.. context.Test is { } test ? ExampleRows.Of(test) : [], .. regions.Inputs, .. ExampleRows.Of(context.Data)];
        var patterns = Distinct(PathsHypothesis.Patterns(context, points), MostPoints);
        var (none, undecided, smallest, largest) = (0, 0, int.MaxValue, 0);
        foreach (var set in CoveringSets(training, context))
        {
            (smallest, largest) = (Math.Min(smallest, set.Count), Math.Max(largest, set.Count));
            foreach (var pattern in patterns)
            {
                context.Measures.Options.Cancellation.ThrowIfCancellationRequested();
                var exists = SubpatternSearch.Exists(set, pattern);
                none += exists == false ? 1 : 0;
                undecided += exists is null ? 1 : 0;
            }
        }

        return Blank with
        {
            Inequalities =
            [
                undecided == Sets * patterns.Length
                    ? Inequality.NotApplicable(Name, "the search for Q takes too long, for all of them")
                    : Inequality.AtMost(Name, none, 0),
            ],
            Hypotheses = [hypothesis],
            Details =
            [
                new("points", Sets * patterns.Length), new("points.without", none), new("points.undecided", undecided),
                new("k.smallest", smallest), new("k.largest", largest), new("hiddenLayers", patterns[0].Length),
            ],
            Notes =
            [
                $"x are {patterns.Length} patterns of the examples and of empty regions {regions.Where}, each with {Sets} covering sets",
            ],
        };
    }

    // Sets that cover and wouldn't without any one of their points: what a set can make, a larger one can.
    private static IEnumerable<List<bool[][]>> CoveringSets(ImmutableArray<bool[][]> patterns, TheoryContext context)
    {
        const int Few = 16;
        var random = new SeededRandom(context.Measures.Options.Seed);
        for (var draw = 0; draw < Sets; draw++)
        {
            bool[][][] order = [.. draw == 0 ? patterns : random.Choose(patterns.Length, patterns.Length).Select(i => patterns[i])];
            var count = Few;
            while (count < order.Length && PathActivations.Of(order[..count]).IsCovering() != true)
            {
                count *= 2;
            }

            List<bool[][]> set = [.. order.Take(count)];
            for (var i = set.Count - 1; i >= 0; i--)
            {
                context.Measures.Options.Cancellation.ThrowIfCancellationRequested();
                List<bool[][]> rest = [.. set.Where((_, j) => j != i)];
                if (rest.Count > 0 && PathActivations.Of(rest).IsCovering() == true)
                {
                    set = rest;
                }
            }

            yield return set;
        }
    }

    private static ImmutableArray<bool[][]> Distinct(IEnumerable<bool[][]> patterns, int most) =>
        [.. patterns.DistinctBy(PatternCombinations.Text).Take(most)];
}
