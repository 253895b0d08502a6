namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// A ratio of condition C1 of Neyshabur et al. 2017: how far the product of layers a to b keeps the size of its two parts, those to c and
/// those beyond.
/// </summary>
/// <param name="Value">√h_c ‖P_{a..b}‖_F/(‖P_{c+1..b}‖_F ‖P_{a..c}‖_F).</param>
/// <param name="IsBoundary">Whether one of the parts is a single layer: c = a or c = b − 1.</param>
internal readonly record struct InteractionRatio(double Value, bool IsBoundary)
{
    /// <summary>All ratios, 0 ≤ a ≤ c &lt; b.</summary>
    /// <param name="products">‖P_{a..b}‖_F, and the units of each layer.</param>
    public static IEnumerable<InteractionRatio> All((double[,] Norms, long[] Units) products)
    {
        var (norms, units) = products;
        for (var b = 1; b < units.Length; b++)
        {
            for (var a = 0; a < b; a++)
            {
                for (var c = a; c < b; c++)
                {
                    yield return new InteractionRatio(
                        Math.Sqrt(units[c]) * norms[a, b] / (norms[c + 1, b] * norms[a, c]), c == a || c == b - 1);
                }
            }
        }
    }
}
