using MathNet.Numerics.Statistics;

namespace Occam.Lab.Reports.Charts;

/// <summary>A curve over several seeds: their mean as a line, in a band of standard errors.</summary>
public static class SeedCurve
{
    /// <summary>Makes the marks; where fewer than all seeds have a value, as after a divergence, the mean is of those that have.</summary>
    /// <param name="name">The curve's name.</param>
    /// <param name="x">The places along the axis, the same for all seeds.</param>
    /// <param name="runs">The values at these places, a list for each seed.</param>
    /// <param name="shade">Colours the curve by the figure's <see cref="Figure.Shade"/>.</param>
    /// <param name="standardErrors">Half the band's width in standard errors of the mean.</param>
    public static IReadOnlyList<Mark> Of(
        string name, IReadOnlyList<double> x, IReadOnlyList<IReadOnlyList<double>> runs, double? shade = null, double standardErrors = 2)
    {
        double[][] values = [.. Enumerable.Range(0, x.Count).Select(i => runs.Select(run => run[i]).Where(double.IsFinite).ToArray())];
        double[] mean = [.. values.Select(at => at.Length > 0 ? at.Mean() : double.NaN)];
        var line = new Line(x, mean) { Name = name, Shade = shade };
        if (runs.Count < 2)
        {
            return [line];
        }

        double[] width = [.. values.Select(at => standardErrors * Uncertain.Mean(at).ZeroErrorOfOne().StandardError)];
        return [ErrorBand.Around(x, mean, width) with { Name = name, Shade = shade }, line];
    }
}
