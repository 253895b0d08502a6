using Occam.Data;

namespace Occam.Lab.Measuring;

/// <summary>What the inputs of a data set are like, after normalization.</summary>
/// <param name="Minimum">The least input.</param>
/// <param name="Maximum">The greatest input.</param>
/// <param name="Mean">The mean of all inputs.</param>
/// <param name="StandardDeviation">Their standard deviation around it.</param>
public sealed record InputStatistics(double Minimum, double Maximum, double Mean, double StandardDeviation)
{
    private const int InputsAtOnce = 1 << 20;

    /// <summary>Computes the statistics of all inputs.</summary>
    /// <exception cref="OperationCanceledException">The user interrupted.</exception>
    public static InputStatistics Of(DataSet data, WorkProgress progress, CancellationToken cancellation)
    {
        var size = data.ExampleSize;
        var atOnce = Math.Max(1, InputsAtOnce / size);
        var buffer = new double[Math.Min(atOnce, data.Count) * size];
        var (minimum, maximum, mean, squares, count) = (double.PositiveInfinity, double.NegativeInfinity, 0.0, 0.0, 0L);
        for (var start = 0; start < data.Count; start += atOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] examples = [.. Enumerable.Range(start, Math.Min(atOnce, data.Count - start))];
            data.CopyInputs(examples, buffer);

            // Welford's recurrence, which large means don't spoil.
            foreach (var x in buffer.AsSpan(0, examples.Length * size))
            {
                minimum = Math.Min(minimum, x);
                maximum = Math.Max(maximum, x);
                var deviation = x - mean;
                mean += deviation / ++count;
                squares += deviation * (x - mean);
            }

            progress.Report((double)(start + examples.Length) / data.Count);
        }

        return new InputStatistics(minimum, maximum, mean, Math.Sqrt(squares / count));
    }
}
