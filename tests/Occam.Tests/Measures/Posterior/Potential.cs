using Occam.Measures.Posterior;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures.Posterior;

/// <summary>A loss that is given by a formula.</summary>
internal sealed class Potential(int size, Func<double[], double[], double> of) : IPotential
{
    public int Size => size;

    public double At(ReadOnlySpan<double> point, Span<double> gradient)
    {
        var slope = new double[size];
        var value = of(point.ToArray(), slope);
        slope.CopyTo(gradient);
        return value;
    }

    /// <summary>x^p.</summary>
    public static Potential Power(int p) => new(1, (w, slope) =>
    {
        slope[0] = p * Math.Pow(w[0], p - 1);
        return Math.Pow(w[0], p);
    });

    /// <summary>½ Σ h_i w_i².</summary>
    public static Potential Quadratic(params double[] curvatures) => new(curvatures.Length, (w, slope) =>
    {
        for (var i = 0; i < w.Length; i++)
        {
            slope[i] = curvatures[i] * w[i];
        }

        return w.Zip(slope, (one, other) => one * other).Sum() / 2;
    });

    /// <summary>½ ‖B A‖_F² of A (h × m) and B (n × h): reduced-rank regression on standard normal inputs, the truth being 0.</summary>
    public static Potential ReducedRank(int m, int h, int n) => new((m + n) * h, (w, slope) =>
    {
        double[] A = w[..(h * m)], B = w[(h * m)..];
        var loss = 0.0;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < m; j++)
            {
                var product = 0.0;
                for (var k = 0; k < h; k++)
                {
                    product += B[(i * h) + k] * A[(k * m) + j];
                }

                loss += product * product / 2;
                for (var k = 0; k < h; k++)
                {
                    slope[(k * m) + j] += product * B[(i * h) + k];
                    slope[(h * m) + (i * h) + k] += product * A[(k * m) + j];
                }
            }
        }

        return loss;
    });

    /// <summary>λ̂ of x^p at 0 by quadrature: the mean of t x^p under exp(−t x^p − γ x²/2).</summary>
    public static double ExactPower(int p, double t, double gamma)
    {
        var (sum, mean) = (0.0, 0.0);
        var most = Math.Pow(60 / t, 1.0 / p);
        for (var i = -20_000; i <= 20_000; i++)
        {
            var x = most * i / 20_000;
            var energy = t * Math.Pow(x, p);
            var density = Math.Exp(-energy - (gamma / 2 * x * x));
            (sum, mean) = (sum + density, mean + (density * energy));
        }

        return mean / sum;
    }

    /// <summary>Draws from a potential at 0 by Hamiltonian Monte Carlo.</summary>
    public static PosteriorSample Sample(
        IPotential potential, double t, double gamma, int chains = 4, int draws = 400, int leaps = 400, int seed = 1)
    {
        LocalPosterior density = new(new double[potential.Size], t, gamma);
        return PosteriorSample.Of(
            density, chains, draws, number => new HamiltonianChain(potential, density, leaps, new SeededRandom(seed, number)),
            cancellation: TestContext.Current.CancellationToken, width: Libtorch.Threads);
    }
}
