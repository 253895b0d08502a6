using System.Runtime.ExceptionServices;
using Occam.Torch;

namespace Occam;

/// <summary>
/// Independent pieces of work side by side, each on one thread and in a scope that frees its tensors: small operators
/// gain more by it than from threads of their own, and don't wait for them on a busy machine.
/// </summary>
internal static class Workers
{
    private const int StackBytes = 16 << 20;

    /// <summary>Runs the pieces 0 … count − 1; they begin in their order, and after a failure no other begins.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="width">How many run at a time.</param>
    /// <param name="cancellation">Stops all.</param>
    /// <param name="piece">Does one, given a token that is set when the work is cancelled, or when another piece fails.</param>
    /// <exception cref="OperationCanceledException">The work was cancelled. What a piece throws first is thrown, too.</exception>
    public static void Run(int count, int width, CancellationToken cancellation, Action<int, CancellationToken> piece)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var begun = -1;
        ExceptionDispatchInfo? failure = null;

        void Work()
        {
            try
            {
                Libtorch.SetThreadsHere(1);
                for (var i = Interlocked.Increment(ref begun); i < count; i = Interlocked.Increment(ref begun))
                {
                    stop.Token.ThrowIfCancellationRequested();
                    using var scope = Libtorch.NewDisposeScope();
                    piece(i, stop.Token);
                }
            }
            catch (Exception e)
            {
                // The first is the cause; the others are told to stop by it.
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                stop.Cancel();
            }
        }

        // Threads of their own, for those of the pool would keep the setting.
        Thread[] workers =
        [
            .. Enumerable.Range(0, Math.Clamp(width, 1, Math.Max(1, count)))
                .Select(i => new Thread(Work, StackBytes) { IsBackground = true, Name = $"worker {i}" }),
        ];
        foreach (var worker in workers)
        {
            worker.Start();
        }

        foreach (var worker in workers)
        {
            worker.Join();
        }

        cancellation.ThrowIfCancellationRequested();
        failure?.Throw();
    }
}
