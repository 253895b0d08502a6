using MathNet.Numerics;
using MathNet.Numerics.LinearRegression;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>A polynomial of degree six at most through points, as Figure 5 of Dherin et al. 2022 shows trends.</summary>
internal static class TrendCurve
{
    private const int Degree = 6;
    private const int Places = 200;

    /// <summary>
    /// The least-squares polynomial over log x; of a lower degree where there are fewer places than it has coefficients. Null where it
    /// can't be.
    /// </summary>
    public static Line? Over(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var points = x.Zip(y).Where(point => point.First > 0 && double.IsFinite(point.Second)).ToArray();
        var places = points.Select(point => point.First).Distinct().Count();
        if (places < 2)
        {
            return null;
        }

        // On [−1, 1], that powers don't differ by orders of magnitude.
        var (low, high) = (Math.Log(points.Min(point => point.First)), Math.Log(points.Max(point => point.First)));
        double Unit(double value) => (2 * (Math.Log(value) - low) / (high - low)) - 1;
        var degree = Math.Min(Degree, places - 1);
        var fit = Polynomial.Fit(
            [.. points.Select(point => Unit(point.First))], [.. points.Select(point => point.Second)], degree, DirectRegressionMethod.QR);
        double[] shown = [.. Enumerable.Range(0, Places).Select(i => Math.Exp(low + ((high - low) * i / (Places - 1))))];
        return new Line(shown, [.. shown.Select(value => fit.Evaluate(Unit(value)))])
        {
            Name = $"polynomial of degree {degree}",
            Dashed = true,
            Tone = Tone.Ink,
        };
    }
}
