using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>
/// How far a learned function is from the polyline through the ten targets and from the parabola they lie on, and these from each
/// other: the root of the mean square over [−1, 1], and the largest difference. Exact: between corners all are polynomials of degree two
/// at most.
/// </summary>
/// <param name="FromPolyline">Of the function and the polyline.</param>
/// <param name="FromParabola">Of the function and the parabola.</param>
internal sealed record InterpolantDistances((double Mean, double Largest) FromPolyline, (double Mean, double Largest) FromParabola)
{
    // Gauss's nodes on [−1, 1], with which degree five is integrated exactly: a square of degree four is.
    private static readonly (double Node, double Weight)[] s_gauss =
        [(-Math.Sqrt(3 / 5.0), 5 / 9.0), (0, 8 / 9.0), (Math.Sqrt(3 / 5.0), 5 / 9.0)];

    /// <summary>Of the polyline and the parabola.</summary>
    public static (double Mean, double Largest) Deviation { get; } =
        Of(new ParabolaFunction(0, Parabola.X, Parabola.Y, Parabola.Y)).FromParabola;

    /// <summary>The distances of a function.</summary>
    public static InterpolantDistances Of(ParabolaFunction function)
    {
        double[] corners = [.. function.X.Concat(Parabola.X).Distinct().Order()];
        double Learned(double x) => At(function.X, function.Y, x);
        return new InterpolantDistances(
            Between(corners, x => Learned(x) - At(Parabola.X, Parabola.Y, x), curvature: 0),
            Between(corners, x => Learned(x) - (x * x), curvature: -1));
    }

    // The difference is curvature · x² plus a line between corners: it is largest at one of them, or where its slope is zero.
    private static (double Mean, double Largest) Between(double[] corners, Func<double, double> difference, double curvature)
    {
        var (integral, largest) = (0.0, Math.Abs(difference(corners[0])));
        for (var i = 0; i + 1 < corners.Length; i++)
        {
            var (left, right) = (corners[i], corners[i + 1]);
            var (middle, half) = ((left + right) / 2, (right - left) / 2);
            integral += half * s_gauss.Sum(place => place.Weight * Math.Pow(difference(middle + (half * place.Node)), 2));
            largest = Math.Max(largest, Math.Abs(difference(right)));
            if (curvature != 0)
            {
                var turn = middle - ((difference(right) - difference(left)) / (2 * half) / (2 * curvature));
                largest = turn > left && turn < right ? Math.Max(largest, Math.Abs(difference(turn))) : largest;
            }
        }

        return (Math.Sqrt(integral / (corners[^1] - corners[0])), largest);
    }

    private static double At(ImmutableArray<double> x, ImmutableArray<double> y, double place)
    {
        var found = x.BinarySearch(place);
        if (found >= 0)
        {
            return y[found];
        }

        var i = Math.Clamp(~found, 1, x.Length - 1);
        return y[i - 1] + ((y[i] - y[i - 1]) * (place - x[i - 1]) / (x[i] - x[i - 1]));
    }
}
