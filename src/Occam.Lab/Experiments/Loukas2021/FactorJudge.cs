using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Significance;
using Occam.Lab.Text;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>Judges a factor, such as "about four", on a logarithmic scale.</summary>
internal static class FactorJudge
{
    /// <summary>
    /// That a factor is between two bounds on (geometric) average over the seeds: for it speak two one-sided tests, the larger p-value of
    /// both; against it that it is below the lower one or above the upper, the smaller p-value, twice.
    /// </summary>
    /// <param name="quantity">What the factors are, as it stands in a sentence.</param>
    /// <param name="factors">One of each seed; what is not a positive number is left out.</param>
    /// <param name="least">The lower bound.</param>
    /// <param name="most">The upper bound.</param>
    public static Finding IsBetween(string quantity, IReadOnlyList<double> factors, double least, double most)
    {
        double[] known = [.. factors.Where(factor => double.IsFinite(factor) && factor > 0).Select(factor => Math.Log(factor))];
        if (known.Length == 0)
        {
            return new Finding(Evidence.None, $"No seed has a {quantity}", 0);
        }

        var mean = StudentEstimate.Mean(known);
        var (low, high) = (Math.Log(least), Math.Log(most));
        var (lower, upper) = mean.Interval();
        string Factor(double value) => Numbers.Format(Math.Exp(value), 3);
        var interval = double.IsNaN(lower) ? "" : $" (95 % interval {Factor(lower)} to {Factor(upper)})";
        var lost = factors.Count - known.Length;
        return new Finding(
            Evidence.Within(mean, low, high),
            $"The {quantity} is {Factor(mean.Value)} on average{interval}, judged against {Numbers.Format(least)} to {Numbers.Format(most)}"
                + (lost == 0 ? "" : $"; {lost} of {factors.Count} seeds have none and are left out"),
            known.Length,
            new Fact("geometric mean", RichText.Rounded(Math.Exp(mean.Value), 3)),
            new Fact("from least to largest", $"{Factor(known.Min())} to {Factor(known.Max())}"));
    }
}
