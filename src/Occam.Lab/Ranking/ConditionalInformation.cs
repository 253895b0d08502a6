using System.Collections.Immutable;

namespace Occam.Lab.Ranking;

/// <summary>
/// The conditional mutual information criterion (Jiang et al. 2020, §2.2.3): K = min over sets S of at most two
/// hyperparameters of Î(V_μ, V_g | U_S) = I(V_μ, V_g | U_S) / H(V_g | U_S). For an ordered pair of different runs, all pairs
/// alike, V_μ and V_g are the signs of the differences in the measure and the gap, and U_S are both runs' values of
/// the hyperparameters in S. 0 where the measure carries no information beyond some two hyperparameters, 1 where it
/// determines the order of the gap.
/// </summary>
/// <param name="Value">K; null where the gap's order is known from every S, or there are no two runs.</param>
/// <param name="Conditions">The set S at which the least was found.</param>
/// <param name="BySet">Î for every S, by the names joined with a comma; null where H(V_g | U_S) is 0.</param>
internal sealed record ConditionalInformation(
    double? Value, ImmutableArray<string> Conditions, ImmutableArray<KeyValuePair<string, double?>> BySet)
{
    private const int Signs = 3;

    /// <summary>K.</summary>
    /// <inheritdoc cref="KendallTau.Compute"/>
    public static ConditionalInformation Compute(RankingSample sample, ReadOnlySpan<double> weights = default)
    {
        var names = sample.Hyperparameters;
        var bySet = ImmutableArray.CreateBuilder<KeyValuePair<string, double?>>();
        ConditionalInformation least = new(null, [], []);
        foreach (var set in Sets(names.Length))
        {
            var information = Normalized(sample, set, weights);
            bySet.Add(new(string.Join(',', set.Select(i => names[i])), information));
            if (information is { } value && !(value >= least.Value))
            {
                least = new ConditionalInformation(value, [.. set.Select(i => names[i])], []);
            }
        }

        return least with { BySet = bySet.ToImmutable() };
    }

    private static IEnumerable<int[]> Sets(int count)
    {
        yield return [];
        for (var i = 0; i < count; i++)
        {
            yield return [i];
        }

        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
            {
                yield return [i, j];
            }
        }
    }

    private static double? Normalized(RankingSample sample, int[] set, ReadOnlySpan<double> weights)
    {
        // For each value of U_S, the weight of the pairs with each sign of the measure and of the gap.
        var tables = new Dictionary<(int, int, int, int), double[]>();
        var total = 0.0;
        for (var i = 0; i < sample.Count; i++)
        {
            for (var j = 0; j < sample.Count; j++)
            {
                var weight = i == j ? 0 : weights.IsEmpty ? 1 : weights[i] * weights[j];
                if (weight == 0)
                {
                    continue;
                }

                int Code(int place, int run) => place < set.Length ? sample.Codes[set[place]][run] : 0;
                var key = (Code(0, i), Code(0, j), Code(1, i), Code(1, j));
                if (!tables.TryGetValue(key, out var table))
                {
                    tables[key] = table = new double[Signs * Signs];
                }

                var (measure, gap) = (
                    Math.Sign(sample.Measure[i].CompareTo(sample.Measure[j])), Math.Sign(sample.Gap[i].CompareTo(sample.Gap[j])));
                table[((measure + 1) * Signs) + gap + 1] += weight;
                total += weight;
            }
        }

        var (information, entropy) = (0.0, 0.0);
        foreach (var table in tables.Values)
        {
            var here = table.Sum();
            for (var gap = 0; gap < Signs; gap++)
            {
                var ofGap = table[gap] + table[Signs + gap] + table[(2 * Signs) + gap];
                entropy -= ofGap > 0 ? ofGap / total * Math.Log(ofGap / here) : 0;
                for (var measure = 0; measure < Signs; measure++)
                {
                    var joint = table[(measure * Signs) + gap];
                    var ofMeasure = table.AsSpan(measure * Signs, Signs) is var row ? row[0] + row[1] + row[2] : 0;
                    information += joint > 0 ? joint / total * Math.Log(joint * here / (ofMeasure * ofGap)) : 0;
                }
            }
        }

        return entropy > 0 ? Math.Clamp(information / entropy, 0, 1) : null;
    }
}
