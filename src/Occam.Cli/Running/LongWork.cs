using System.Runtime.ExceptionServices;
using Occam.Lab.Measuring;

namespace Occam.Cli.Running;

/// <summary>Work that may take a while: done on a thread of its own, with its progress shown in a terminal.</summary>
public static class LongWork
{
    private const int StackBytes = 64 << 20;
    private static readonly TimeSpan ProgressDelay = TimeSpan.FromSeconds(2);

    /// <summary>Runs the work and waits for it.</summary>
    /// <param name="session">Where progress is shown.</param>
    /// <param name="work">The work, which reports its progress.</param>
    /// <returns>What the work returns.</returns>
    /// <exception cref="OperationCanceledException">The user interrupted.</exception>
    public static T Run<T>(Session session, Func<WorkProgress, T> work)
    {
        var progress = new WorkProgress();
        var done = Start(() => work(progress));
        if (!((IAsyncResult)done).AsyncWaitHandle.WaitOne(ProgressDelay))
        {
            if (session.ErrorIsTerminal)
            {
                ProgressDisplay.Show(session, progress, done);
            }
            else
            {
                ProgressLines.Show(session, progress, done);
            }
        }

        return done.GetAwaiter().GetResult();
    }

    /// <summary>Starts the work; the caller shows its progress.</summary>
    public static Task<T> Start<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>();
        // One thread for all of it: libtorch keeps its modes and thread counts by thread.
        new Thread(() => Complete(completion, work), StackBytes) { IsBackground = true, Name = "work" }.Start();
        return completion.Task;
    }

    private static void Complete<T>(TaskCompletionSource<T> completion, Func<T> work)
    {
        try
        {
            completion.SetResult(work());
        }
        catch (Exception e)
        {
            completion.SetException(ExceptionDispatchInfo.Capture(e).SourceException);
        }
    }
}
