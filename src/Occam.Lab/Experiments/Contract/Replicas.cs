using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// Computations that know nothing of each other, side by side on the cores. Each computes the same bits alone, however
/// many run beside it.
/// </summary>
public static class Replicas
{
    /// <summary>Runs all; they begin in their order.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="width">How many run at a time.</param>
    /// <param name="cancellation">Stops all.</param>
    /// <param name="progress">Told the share of all that is done.</param>
    /// <param name="run">Computes one.</param>
    /// <returns>What each returned, in their order.</returns>
    /// <exception cref="OperationCanceledException">They were cancelled.</exception>
    public static ImmutableArray<T> Run<T>(
        int count, int width, CancellationToken cancellation, Action<double> progress, Func<Replica, T> run)
    {
        var results = new T[count];
        var shares = new double[count];
        var told = new Lock();

        void Report(int index, double share)
        {
            lock (told)
            {
                shares[index] = Math.Clamp(share, 0, 1);
                progress(shares.Average());
            }
        }

        // A worker's own setting doesn't reach a BLAS with threads of its own.
        var threads = Libtorch.Threads;
        Libtorch.Threads = 1;
        try
        {
            Workers.Run(count, width, cancellation, (index, stop) =>
            {
                results[index] = run(new Replica(index, stop, share => Report(index, share)));
                Report(index, 1);
            });
        }
        finally
        {
            Libtorch.Threads = threads;
        }

        return [.. results];
    }
}
