using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>The learned function of gor-1 after a number of steps, exactly: a piecewise linear function on [−1, 1].</summary>
/// <param name="Step">The number of steps taken.</param>
/// <param name="X">The places of its corners, both ends among them.</param>
/// <param name="Y">Its values there.</param>
/// <param name="Predictions">Its values at the ten points.</param>
internal sealed record ParabolaFunction(long Step, ImmutableArray<double> X, ImmutableArray<double> Y, ImmutableArray<double> Predictions)
{
    /// <summary>√(½ ∫ f²) over [−1, 1], exactly: between corners f² is a parabola, and Simpson's rule is its integral.</summary>
    public double RootMeanSquare
    {
        get
        {
            var integral = 0.0;
            for (var i = 0; i + 1 < X.Length; i++)
            {
                integral += (X[i + 1] - X[i]) / 3 * ((Y[i] * Y[i]) + (Y[i] * Y[i + 1]) + (Y[i + 1] * Y[i + 1]));
            }

            return Math.Sqrt(integral / (X[^1] - X[0]));
        }
    }
}
