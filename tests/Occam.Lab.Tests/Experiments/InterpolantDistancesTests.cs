using Occam.Lab.Experiments.Dherin2021;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

public sealed class InterpolantDistancesTests
{
    // A chord of x² over a width w leaves it by (x − a)(b − x): w²/4 at most, w²/√30 in the root mean square.
    [Fact]
    public void The_polyline_leaves_the_parabola_by_what_a_chord_does()
    {
        const double Width = 2 / 9.0;

        Assert.Equal(Width * Width / 4, InterpolantDistances.Deviation.Largest, 14);
        Assert.Equal(Width * Width / Math.Sqrt(30), InterpolantDistances.Deviation.Mean, 14);
    }

    [Fact]
    public void The_distances_are_those_of_a_fine_grid()
    {
        var function = new ParabolaFunction(0, [-1, -0.37, 0.2, 0.21, 1], [1.1, 0.05, 0.3, -0.1, 0.9], []);
        var found = InterpolantDistances.Of(function);
        double At(IReadOnlyList<double> x, IReadOnlyList<double> y, double place)
        {
            var i = Enumerable.Range(0, x.Count - 2).FirstOrDefault(i => place <= x[i + 1], x.Count - 2);
            return y[i] + ((y[i + 1] - y[i]) * (place - x[i]) / (x[i + 1] - x[i]));
        }

        const int Places = 200_000;
        double[] grid = [.. Enumerable.Range(0, Places).Select(i => -1 + (((2.0 * i) + 1) / Places))];
        double[] polyline = [.. grid.Select(x => At(function.X, function.Y, x) - At(Parabola.X, Parabola.Y, x))];
        double[] parabola = [.. grid.Select(x => At(function.X, function.Y, x) - (x * x))];

        Assert.Equal(Math.Sqrt(polyline.Average(value => value * value)), found.FromPolyline.Mean, 1e-6);
        Assert.Equal(polyline.Max(Math.Abs), found.FromPolyline.Largest, 1e-3);
        Assert.Equal(Math.Sqrt(parabola.Average(value => value * value)), found.FromParabola.Mean, 1e-6);
        Assert.Equal(parabola.Max(Math.Abs), found.FromParabola.Largest, 1e-3);
    }
}
