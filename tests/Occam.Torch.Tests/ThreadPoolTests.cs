using Xunit;

namespace Occam.Torch.Tests;

/// <summary>Threads of the program, for each of which libtorch would make a pool of its own anew.</summary>
public sealed class ThreadPoolTests
{
    // A name of a thread is that of those that it begins.
    private const string Name = "asks-first";

    [Fact]
    public void A_thread_that_asks_for_the_number_of_threads_begins_none()
    {
        var (before, named) = (Libtorch.Threads, 0);
        Libtorch.Threads = 2;
        try
        {
            void Ask()
            {
                Libtorch.SetThreadsHere(1);
                named = Directory.GetDirectories("/proc/self/task").Count(task => NameOf(task) == Name);
            }

            var thread = new Thread(Ask) { Name = Name };
            thread.Start();
            thread.Join();
        }
        finally
        {
            Libtorch.Threads = before;
        }

        Assert.Equal(1, named);
    }

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return "";
        }
    }
}
