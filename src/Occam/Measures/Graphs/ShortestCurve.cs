using System.Collections.Immutable;
using MathNet.Numerics.RootFinding;

namespace Occam.Measures.Graphs;

/// <summary>
/// The shortest graph of a function over the interval of the data whose mean squared error on them is at most so much: "among all
/// functions with the same training error" of Dherin et al. 2021, §2, and "minimal arc length for a given level of training error" of
/// Dherin et al. 2022, §2. Between two data points nothing is shorter than a straight line, so that it is a polyline, and its
/// values y at the data solve the convex program
/// <code>min_y Σ_i √(Δ_i² + (y_{i+1} − y_i)²) subject to 1/n Σ_i (y_i − t_i)² ≤ e, Δ_i = x_{i+1} − x_i.</code>
/// <para>
/// With p_i the sine of the line's angle, |p_i| ≤ 1, √(Δ² + d²) = max_p Δ √(1 − p²) + p d. So for every p
/// <code>Σ_i Δ_i √(1 − p_i²) + Σ_i p_i (t_{i+1} − t_i) − √(n e) ‖Dᵀp‖</code>
/// is a lower bound of all such lengths, where D takes differences. At the solution it is met: <see cref="LowerBound"/> certifies
/// what was found, whatever the way to it.
/// </para>
/// </summary>
/// <param name="Values">Its values at the data, y; their mean squared error is at most e.</param>
/// <param name="Length">Its length.</param>
/// <param name="LowerBound">No curve of that error is shorter than this.</param>
public sealed record ShortestCurve(ImmutableArray<double> Values, double Length, double LowerBound)
{
    private const int MostSteps = 200;
    private const double Accuracy = 1e-15;
    private const double Rounding = 1e-14;

    /// <summary>Length − LowerBound: how much shorter than this a curve could be at most; rounding where it was solved.</summary>
    public double Gap => Length - LowerBound;

    /// <summary>Finds it: Newton's method on the Lagrangian, whose Hessian is tridiagonal, and a root in its multiplier λ.</summary>
    /// <param name="x">The places of the data, n ≥ 2, increasing.</param>
    /// <param name="targets">t, a target at each place.</param>
    /// <param name="error">e ≥ 0, the largest mean squared error.</param>
    /// <exception cref="ArgumentException">The places don't increase, or are not as many as the targets, or the error is
    /// negative.</exception>
    public static ShortestCurve Of(IReadOnlyList<double> x, IReadOnlyList<double> targets, double error)
    {
        if (x.Count < 2 || x.Count != targets.Count)
        {
            throw new ArgumentException($"{x.Count} places and {targets.Count} targets: at least two, and as many, were expected");
        }

        double[] t = [.. targets], widths = [.. x.Skip(1).Zip(x, (right, left) => right - left)];
        if (!widths.All(width => width > 0) || !t.All(double.IsFinite) || !(error >= 0))
        {
            throw new ArgumentException("places that increase, finite targets and an error of at least 0 were expected");
        }

        // Of all constant functions, whose length is the least there is, the mean has the least error.
        var mean = t.Average();
        double[] flat = [.. t.Select(_ => mean)];
        var (radius, spread) = (Math.Sqrt(t.Length * error), Distance(flat, t));
        if (error == 0 || radius >= spread)
        {
            return Certified(widths, t, error == 0 ? t : flat, radius);
        }

        // ‖y(λ) − t‖ falls from the spread to 0 as λ grows; its inverse is nearly a line. From λ(y − t) = −Dᵀp it follows that
        // λ ≤ ‖Dᵀp‖/radius ≤ 2√n/radius.
        var y = t;
        double Missed(double λ) => λ == 0 ? (radius / spread) - 1 : (radius / Distance(y = Minimizer(widths, t, λ, y), t)) - 1;
        if (Brent.TryFindRoot(Missed, 0, 2 * Math.Sqrt(t.Length) / radius, Accuracy, MostSteps, out var multiplier))
        {
            Missed(multiplier);
        }

        return Certified(widths, t, y, radius);
    }

    // argmin_y Σ √(Δ² + (y_{i+1} − y_i)²) + λ/2 ‖y − t‖².
    private static double[] Minimizer(double[] widths, double[] t, double λ, double[] start)
    {
        var y = start;
        double Objective(double[] at) => Polyline(widths, at) + (λ / 2 * Math.Pow(Distance(at, t), 2));
        for (var (step, now) = (0, Objective(y)); step < MostSteps; step++)
        {
            var gradient = Spread(Sines(widths, y));
            var diagonal = new double[t.Length];
            var beside = new double[t.Length - 1];
            for (var i = 0; i < t.Length; i++)
            {
                gradient[i] += λ * (y[i] - t[i]);
                diagonal[i] += λ;
                if (i < beside.Length)
                {
                    var curvature = widths[i] * widths[i] / Math.Pow(double.Hypot(widths[i], y[i + 1] - y[i]), 3);
                    (diagonal[i], diagonal[i + 1], beside[i]) = (diagonal[i] + curvature, curvature, -curvature);
                }
            }

            var direction = Solved(diagonal, beside, [.. gradient]);
            var decrement = direction.Zip(gradient, (d, g) => d * g).Sum();
            if (!(decrement > Accuracy * Accuracy))
            {
                return y;
            }

            var share = 1.0;
            double[] Moved() => [.. y.Zip(direction, (value, d) => value - (share * d))];
            while (Objective(Moved()) > now - (share * decrement / 4) + (Rounding * now) && share > Accuracy)
            {
                share /= 2;
            }

            y = Moved();
            now = Objective(y);
        }

        return y;
    }

    private static ShortestCurve Certified(double[] widths, double[] t, double[] y, double radius)
    {
        var sines = Sines(widths, y);
        var bound = -radius * Distance(Spread(sines), new double[t.Length]);
        for (var i = 0; i < widths.Length; i++)
        {
            bound += (widths[i] * Math.Sqrt(1 - (sines[i] * sines[i]))) + (sines[i] * (t[i + 1] - t[i]));
        }

        // The error is met exactly: what is left of rounding is taken back towards the targets.
        var share = Math.Min(1, radius / Distance(y, t));
        ImmutableArray<double> values = share < 1 ? [.. y.Zip(t, (value, target) => target + (share * (value - target)))] : [.. y];
        return new ShortestCurve(values, Polyline(widths, [.. values]), bound);
    }

    private static double Polyline(double[] widths, double[] y) => widths.Select((width, i) => double.Hypot(width, y[i + 1] - y[i])).Sum();

    private static double[] Sines(double[] widths, double[] y) =>
        [.. widths.Select((width, i) => (y[i + 1] - y[i]) / double.Hypot(width, y[i + 1] - y[i]))];

    // Dᵀp.
    private static double[] Spread(double[] sines) =>
        [.. Enumerable.Range(0, sines.Length + 1).Select(i => (i > 0 ? sines[i - 1] : 0) - (i < sines.Length ? sines[i] : 0))];

    private static double Distance(double[] y, double[] t) => Math.Sqrt(y.Zip(t, (a, b) => (a - b) * (a - b)).Sum());

    // Of a symmetric, diagonally dominant tridiagonal matrix, by elimination without pivots.
    private static double[] Solved(double[] diagonal, double[] beside, double[] right)
    {
        for (var i = 1; i < diagonal.Length; i++)
        {
            var factor = beside[i - 1] / diagonal[i - 1];
            diagonal[i] -= factor * beside[i - 1];
            right[i] -= factor * right[i - 1];
        }

        var solution = new double[right.Length];
        for (var i = right.Length - 1; i >= 0; i--)
        {
            solution[i] = (right[i] - (i + 1 < right.Length ? beside[i] * solution[i + 1] : 0)) / diagonal[i];
        }

        return solution;
    }
}
