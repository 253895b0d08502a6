using System.Runtime.ExceptionServices;
using Occam.Torch;

namespace Occam;

/// <summary>
/// Independent pieces of work side by side, as many as one operator may use threads, each on one thread: small operators
/// gain more by it than from threads of their own, and don't wait for them on a busy machine.
/// </summary>
internal static class Workers
{
    /// <summary>Runs the pieces 0 … count − 1. What a piece throws first is thrown.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void Run(int count, CancellationToken cancellation, Action<int> piece)
    {
        var next = -1;
        ExceptionDispatchInfo? failure = null;
        void Work()
        {
            try
            {
                Libtorch.SetThreadsHere(1);
                while (failure is null && Interlocked.Increment(ref next) is var i && i < count)
                {
                    cancellation.ThrowIfCancellationRequested();
                    using var scope = Libtorch.NewDisposeScope();
                    piece(i);
                }
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
            }
        }

        // Threads of their own, for those of the pool would keep the setting.
        Thread[] workers = [.. Enumerable.Range(0, Math.Min(Libtorch.Threads, count)).Select(_ => new Thread(Work) { IsBackground = true })];
        foreach (var worker in workers)
        {
            worker.Start();
        }

        foreach (var worker in workers)
        {
            worker.Join();
        }

        failure?.Throw();
    }
}
