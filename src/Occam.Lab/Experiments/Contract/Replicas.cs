using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Occam.Torch;

namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// Computations that know nothing of each other, side by side on the cores. Each has a thread, one thread of
/// libtorch's, and a scope that frees its tensors, however many run beside it, so that it computes the same bits alone.
/// </summary>
public static class Replicas
{
    private const int StackBytes = 16 << 20;

    /// <summary>Runs all; they begin in their order.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="width">How many run at a time.</param>
    /// <param name="cancellation">Stops all.</param>
    /// <param name="progress">Told the share of all that is done.</param>
    /// <param name="run">Computes one.</param>
    /// <returns>What each returned, in their order.</returns>
    /// <exception cref="OperationCanceledException">They were cancelled.</exception>
    public static ImmutableArray<T> Run<T>(int count, int width, CancellationToken cancellation, Action<double> progress, Func<Replica, T> run)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var results = new T[count];
        var shares = new double[count];
        var told = new Lock();
        var begun = -1;
        Exception? failure = null;

        void Report(int index, double share)
        {
            lock (told)
            {
                shares[index] = Math.Clamp(share, 0, 1);
                progress(shares.Average());
            }
        }

        void Work()
        {
            // The number of threads is kept by thread, and partly by the process.
            Libtorch.Threads = 1;
            try
            {
                for (var index = Interlocked.Increment(ref begun); index < count; index = Interlocked.Increment(ref begun))
                {
                    stop.Token.ThrowIfCancellationRequested();
                    using var scope = Libtorch.NewDisposeScope();
                    var own = index;
                    results[index] = run(new Replica(index, stop.Token, share => Report(own, share)));
                    Report(index, 1);
                }
            }
            catch (Exception e)
            {
                // The first is the cause; the others are told to stop by it.
                Interlocked.CompareExchange(ref failure, e, null);
                stop.Cancel();
            }
        }

        var threads = Libtorch.Threads;
        Thread[] workers = [.. Enumerable.Range(0, Math.Clamp(width, 1, Math.Max(1, count))).Select(i => new Thread(Work, StackBytes) { IsBackground = true, Name = $"replicas {i}" })];
        foreach (var worker in workers)
        {
            worker.Start();
        }

        foreach (var worker in workers)
        {
            worker.Join();
        }

        Libtorch.Threads = threads;
        cancellation.ThrowIfCancellationRequested();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return [.. results];
    }
}
