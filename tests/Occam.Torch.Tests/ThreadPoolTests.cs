using Xunit;

namespace Occam.Torch.Tests;

/// <summary>Threads of the program, of which libtorch would make a pool of its own anew for each.</summary>
public sealed class ThreadPoolTests
{
    [Fact]
    public void A_new_thread_that_computes_leaves_no_other_behind()
    {
        var before = Libtorch.Threads;
        Libtorch.Threads = 2;
        try
        {
            int Compute(int count)
            {
                using var scope = Libtorch.NewDisposeScope();
                _ = Tensor.Ones([count]).Sum().Item();
                return Directory.GetDirectories("/proc/self/task").Length;
            }

            var threads = 0;
            var first = Compute(8);
            for (var i = 0; i < 5; i++)
            {
                var thread = new Thread(() =>
                {
                    Libtorch.SetThreadsHere(1);
                    threads = Compute(8);
                });
                thread.Start();
                thread.Join();
            }

            // Itself, and what the runtime may have begun meanwhile.
            Assert.InRange(threads, 1, first + 4);
        }
        finally
        {
            Libtorch.Threads = before;
        }
    }
}
