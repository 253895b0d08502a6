using System.Collections.Immutable;
using Occam.Data;
using Occam.Torch;

namespace Occam.Lab.Auditing;

/// <summary>
/// Pairs of examples whose inputs are nearly the same, over all pairs: by products of the centered inputs in single precision, and those
/// that may be near enough once more in double precision.
/// </summary>
internal static class DuplicateSearch
{
    /// <summary>How near counts, in the data's spread, where nothing else is asked for.</summary>
    public const double UsualReach = 0.1;

    private const int Rows = 1024;
    private const int MostPairs = 100_000;
    private const long MostNumbers = 1L << 28;

    // Of the squared distance in single precision, in squared spreads.
    private const double Rounding = 1e-4;

    /// <summary>Finds the pairs, the nearest first.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="reach">How near counts, in the data's spread; 0 for equal inputs alone.</param>
    /// <param name="progress">Receives the share that is done.</param>
    /// <param name="cancellation">Stops between two blocks.</param>
    /// <exception cref="OccamException">There are too many numbers, or too many pairs.</exception>
    public static ImmutableArray<DuplicatePair> Of(
        DataSet data, double reach, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        var (count, size) = (data.Count, data.ExampleSize);
        if ((long)count * size > MostNumbers)
        {
            throw new OccamException($"duplicates among {count} examples of {size} numbers would take more memory than there is: look "
                + "among fewer, with --limit");
        }

        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var numbers = new float[count * size];
        data.CopyInputs([.. Enumerable.Range(0, count)], numbers);
        var x = Tensor.FromArray(numbers, count, size);
        x = x - x.To(ScalarType.Float64).Mean([0]).To(ScalarType.Float32);
        var squares = x.To(ScalarType.Float64).Square().Sum([1]);
        var spread = Math.Sqrt(squares.Mean().Item());
        if (spread == 0)
        {
            spread = 1;
        }

        x = x / spread;
        var lengths = (squares / (spread * spread)).To(ScalarType.Float32);
        var threshold = (reach * reach) + Rounding;
        List<DuplicatePair> found = [];
        for (var start = 0; start < count; start += Rows)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = Libtorch.NewDisposeScope();
            var taken = Math.Min(Rows, count - start);
            var (own, others) = (x.Narrow(0, start, taken), x.Narrow(0, start, count - start));
            var distances = lengths.Narrow(0, start, taken).Unsqueeze(1) + lengths.Narrow(0, start, count - start).Unsqueeze(0)
                - (own.MatMul(others.T()) * 2);
            var near = distances.ToArray<float>();
            for (var i = 0; i < taken; i++)
            {
                for (var j = i + 1; j < count - start; j++)
                {
                    if (near[(i * (count - start)) + j] <= threshold
                        && Distance(numbers, size, start + i, start + j) / spread is var distance && distance <= reach)
                    {
                        found.Add(new DuplicatePair(start + i, start + j, distance, SameAnswer(data, start + i, start + j)));
                    }
                }
            }

            if (found.Count > MostPairs)
            {
                throw new OccamException($"more than {MostPairs} pairs of examples are within {reach} of the data's spread: look for "
                    + "nearer ones, as with --duplicates 0.01");
            }

            progress?.Invoke((double)(start + taken) / count);
        }

        return [.. found.OrderBy(pair => pair.Distance).ThenBy(pair => pair.First).ThenBy(pair => pair.Second)];
    }

    private static double Distance(float[] numbers, int size, int first, int second)
    {
        var sum = 0.0;
        for (var k = 0; k < size; k++)
        {
            var difference = (double)numbers[(first * size) + k] - numbers[(second * size) + k];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    private static bool? SameAnswer(DataSet data, int first, int second)
    {
        if (data.Labels is { } labels)
        {
            return labels[first] == labels[second];
        }

        var size = data.TargetSize;
        return data.Targets is { } targets
            ? targets.AsSpan(first * size, size).SequenceEqual(targets.AsSpan(second * size, size))
            : null;
    }
}
