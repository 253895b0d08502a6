using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// How one dimension is resampled: each index of the output is a weighted sum of as many elements of the input, its taps.
/// </summary>
/// <param name="Indices">By tap, for each index of the output the index of the input.</param>
/// <param name="Weights">By tap, for each index of the output the weight.</param>
internal sealed record Interpolation(long[][] Indices, double[][] Weights)
{
    /// <summary>Interpolation between the nearest elements.</summary>
    /// <param name="places">Where in the input each index of the output lies.</param>
    /// <param name="size">The input's size.</param>
    /// <param name="filter">The weight of an element at a distance.</param>
    /// <param name="reach">The distance from which on the weight is 0.</param>
    /// <param name="excludeOutside">Whether elements beyond the input count nothing; otherwise they are those at its edge.</param>
    public static Interpolation Of(double[] places, long size, Func<double, double> filter, double reach, bool excludeOutside)
    {
        var half = (long)Math.Ceiling(reach);
        var taps = (int)(2 * half);
        var (indices, weights) = (new long[taps][], new double[taps][]);
        for (var tap = 0; tap < taps; tap++)
        {
            (indices[tap], weights[tap]) = (new long[places.Length], new double[places.Length]);
        }

        for (var at = 0; at < places.Length; at++)
        {
            var (first, sum) = ((long)Math.Floor(places[at]) - half + 1, 0.0);
            for (var tap = 0; tap < taps; tap++)
            {
                var index = first + tap;
                var weight = excludeOutside && (index < 0 || index >= size) ? 0 : filter(places[at] - index);
                sum += weight;
                indices[tap][at] = Math.Clamp(index, 0, size - 1);

                // An element has one weight, also at the edge, where several taps meet it.
                var same = tap > 0 && indices[tap - 1][at] == indices[tap][at];
                weights[tap][at] = weight + (same ? weights[tap - 1][at] : 0);
                weights[Math.Max(0, tap - 1)][at] = same ? 0 : weights[Math.Max(0, tap - 1)][at];
            }

            for (var tap = 0; tap < taps && sum != 0; tap++)
            {
                weights[tap][at] /= sum;
            }
        }

        return new Interpolation(indices, weights);
    }

    /// <summary>Straight lines: 1 − |d|.</summary>
    public static double Linear(double distance) => Math.Max(0, 1 - Math.Abs(distance));

    /// <summary>Keys' cubic convolution with the slope a at distance 1.</summary>
    public static double Cubic(double distance, double a)
    {
        var d = Math.Abs(distance);
        return d <= 1 ? ((((a + 2) * d) - (a + 3)) * d * d) + 1
            : d < 2 ? (((((d - 5) * d) + 8) * d) - 4) * a
            : 0;
    }

    /// <summary>Each tap by itself.</summary>
    public IEnumerable<Interpolation> Single() => Indices.Zip(Weights, (indices, weights) => new Interpolation([indices], [weights]));

    /// <summary>The input resampled along a dimension, its weights to the given power in magnitude.</summary>
    public Tensor Apply(Tensor x, int dimension, Func<Tensor, Tensor> raise)
    {
        Tensor? sum = null;
        for (var tap = 0; tap < Indices.Length; tap++)
        {
            if (!Weights[tap].AsSpan().ContainsAnyExcept(0))
            {
                continue;
            }

            var weights = raise(Tensor.FromArray(Weights[tap], Weights[tap].Length).To(x.ScalarType).To(x.Device));
            var part = x.IndexSelect(dimension, Tensor.FromArray(Indices[tap], Indices[tap].Length).To(x.Device))
                * weights.Reshape([-1, .. Enumerable.Repeat(1L, x.Dimensions - dimension - 1)]);
            sum = sum is null ? part : sum + part;
        }

        return sum ?? Tensor.Zeros([.. x.Shape.Select((size, i) => i == dimension ? Indices[0].Length : size)], x.ScalarType, x.Device);
    }
}
