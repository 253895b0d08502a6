namespace Occam.Lab.Significance;

/// <summary>
/// Holm's correction for several tests at once (Holm 1979): with it the probability that any of them rejects a true null hypothesis is at
/// most the stated level, however they depend on each other.
/// </summary>
internal static class Holm
{
    /// <summary>The adjusted p-values, in the order given: the k-th smallest of m times m − k + 1, made monotone, at most 1.</summary>
    public static double[] Adjust(IReadOnlyList<double> values)
    {
        var adjusted = new double[values.Count];
        var (largest, left) = (0.0, values.Count);
        foreach (var (index, value) in values.Index().OrderBy(pair => pair.Item))
        {
            largest = Math.Max(largest, Math.Min(1, left-- * value));
            adjusted[index] = largest;
        }

        return adjusted;
    }
}
