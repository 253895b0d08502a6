using MathNet.Numerics.Statistics;

namespace Occam.Measures.Weights;

/// <summary>
/// The tail of a power law p(x) ∝ x^(−α), x ≥ x_min, fitted to numbers (Clauset, Shalizi and Newman 2009): α by maximum likelihood,
/// 1 + n/Σ ln(x/x_min) (eq. 3.1), and x_min where the Kolmogorov–Smirnov distance of the numbers above it from the law is least (§3.3).
/// </summary>
/// <param name="Alpha">α.</param>
/// <param name="From">x_min.</param>
/// <param name="Count">How many numbers the tail has.</param>
/// <param name="Distance">The Kolmogorov–Smirnov distance.</param>
internal readonly record struct PowerLawTail(double Alpha, double From, int Count, double Distance)
{
    /// <summary>The fewest numbers of which a tail is fitted, and those of the shortest tail.</summary>
    public const int Fewest = 50;

    private const int ShortestTail = 20;

    // Beginnings of the tail that are tried: all there are, or so many, evenly in the logarithm of the tail's length.
    private const int MostTails = 60;

    /// <summary>Fits a tail.</summary>
    /// <param name="numbers">Numbers, of which those above 0 count.</param>
    /// <returns>The tail; null of fewer than <see cref="Fewest"/> numbers, or of numbers that are alike.</returns>
    public static PowerLawTail? Of(IEnumerable<double> numbers)
    {
        double[] falling = [.. numbers.Where(number => number > 0).OrderDescending()];
        return falling.Length < Fewest ? null : Fit(Array.ConvertAll(falling, Math.Log));
    }

    /// <summary>
    /// The error of α and its 95 % interval, from fits to samples of the numbers with replacement (the percentiles of the bootstrap; Efron
    /// 1979), x_min found anew each time.
    /// </summary>
    /// <param name="numbers">The numbers that the tail was fitted to.</param>
    /// <param name="samples">How many samples.</param>
    /// <param name="random">Draws them.</param>
    public Uncertain Interval(double[] numbers, int samples, SeededRandom random)
    {
        double[] logs = [.. numbers.Where(number => number > 0).Select(number => Math.Log(number))];
        var alphas = new double[samples];
        for (var i = 0; i < samples; i++)
        {
            double[] drawn = [.. Enumerable.Range(0, logs.Length).Select(_ => logs[random.NextInt(logs.Length)])];
            Array.Sort(drawn, (a, b) => b.CompareTo(a));
            alphas[i] = Fit(drawn)?.Alpha ?? double.NaN;
        }

        double[] found = [.. alphas.Where(double.IsFinite)];
        return Uncertain.Estimated(Alpha, found.StandardDeviation(), found.Length) with
        {
            Interval95 = new Interval(
                found.QuantileCustom(0.025, QuantileDefinition.R7), found.QuantileCustom(0.975, QuantileDefinition.R7)),
        };
    }

    /// <summary>
    /// The share of samples of the fitted law, with the numbers below x_min drawn from those there are, that lie further from their own
    /// fit than the numbers do (§4.1): small where they are no power law.
    /// </summary>
    /// <param name="numbers">The numbers that the tail was fitted to.</param>
    /// <param name="samples">How many samples.</param>
    /// <param name="random">Draws them.</param>
    public double Plausibility(double[] numbers, int samples, SeededRandom random)
    {
        var (from, rate) = (Math.Log(From), Alpha - 1);
        double[] logs = [.. numbers.Where(number => number > 0).Select(number => Math.Log(number))];
        double[] below = [.. logs.Where(log => log < from)];
        var further = 0;
        for (var i = 0; i < samples; i++)
        {
            var drawn = new double[logs.Length];
            for (var j = 0; j < drawn.Length; j++)
            {
                drawn[j] = random.NextInt(logs.Length) < below.Length
                    ? below[random.NextInt(below.Length)]
                    : from - (Math.Log(1 - random.NextDouble()) / rate);
            }

            Array.Sort(drawn, (a, b) => b.CompareTo(a));
            further += Fit(drawn) is { } fit && fit.Distance >= Distance ? 1 : 0;
        }

        return (double)further / samples;
    }

    /// <summary>
    /// How many standard deviations the likelihood of the law is above that of an exponential tail, ∝ exp(−x/c) from x_min on with its own
    /// best c, for the numbers of the tail (Vuong 1989; Clauset, Shalizi and Newman 2009, §5): large where only the law will do.
    /// </summary>
    /// <param name="numbers">The numbers that the tail was fitted to.</param>
    public double AboveExponential(double[] numbers)
    {
        var (from, alpha) = (From, Alpha);

        // x_min went through a logarithm.
        double[] tail = [.. numbers.Where(number => number >= from * (1 - 1e-12))];
        var scale = tail.Average() - from;
        double[] differences =
        [
            .. tail.Select(x => Math.Log((alpha - 1) / from) - (alpha * Math.Log(x / from)) + Math.Log(scale) + ((x - from) / scale)),
        ];
        return differences.Average() * Math.Sqrt(tail.Length) / differences.PopulationStandardDeviation();
    }

    // The tail of falling logarithms.
    private static PowerLawTail? Fit(double[] logs)
    {
        var sums = new double[logs.Length + 1];
        for (var i = 0; i < logs.Length; i++)
        {
            sums[i + 1] = sums[i] + logs[i];
        }

        PowerLawTail? best = null;
        foreach (var count in Lengths(logs.Length))
        {
            var from = logs[count - 1];
            var mean = (sums[count] / count) - from;
            if (mean <= 1e-12 || (count < logs.Length && logs[count] == from))
            {
                // All alike, or more of the same number beyond.
                continue;
            }

            if (Furthest(logs, count, from, 1 / mean, best?.Distance ?? double.PositiveInfinity) is { } distance)
            {
                best = new PowerLawTail(1 + (1 / mean), Math.Exp(from), count, distance);
            }
        }

        return best;
    }

    private static IEnumerable<int> Lengths(int all) => all - ShortestTail < MostTails
        ? Enumerable.Range(ShortestTail, all - ShortestTail + 1)
        : Enumerable.Range(0, MostTails)
            .Select(i => (int)Math.Round(ShortestTail * Math.Pow((double)all / ShortestTail, i / (MostTails - 1.0)))).Distinct();

    // The largest difference between the share of numbers above x and (x/x_min)^(1 − α), before and after each step; null where not below
    // what is known already.
    private static double? Furthest(double[] logs, int count, double from, double rate, double least)
    {
        var furthest = 0.0;
        for (var i = 0; i < count; i++)
        {
            var above = Math.Exp(-rate * (logs[i] - from));
            furthest = Math.Max(furthest, Math.Max(Math.Abs(above - ((double)i / count)), Math.Abs(above - ((i + 1.0) / count))));
            if (furthest >= least)
            {
                return null;
            }
        }

        return furthest;
    }
}
