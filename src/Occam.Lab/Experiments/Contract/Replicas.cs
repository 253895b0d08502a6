using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// Independent computations that run in parallel on the cores. Each computes the same bits, however many run at the
/// same time.
/// </summary>
internal static class Replicas
{
    /// <summary>Runs all replicas; they start in the order of their indices.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="width">How many run at a time.</param>
    /// <param name="cancellation">Cancels all replicas.</param>
    /// <param name="progress">Receives the share of the total that is done.</param>
    /// <param name="run">Computes one replica.</param>
    /// <returns>The result of each, in the order of the indices.</returns>
    /// <exception cref="OperationCanceledException">They were cancelled.</exception>
    public static ImmutableArray<T> Run<T>(
        int count, int width, CancellationToken cancellation, Action<double> progress, Func<Replica, T> run)
    {
        var results = new T[count];
        var shares = new double[count];
        var reporting = new Lock();

        void Report(int index, double share)
        {
            lock (reporting)
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
