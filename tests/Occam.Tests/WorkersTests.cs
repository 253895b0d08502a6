using Occam.Torch;
using Xunit;

namespace Occam.Tests;

public sealed class WorkersTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(5, 1)]
    [InlineData(9, 3)]
    [InlineData(2, 20)]
    public void Every_piece_is_done_once(int count, int width)
    {
        var done = new int[count];

        Workers.Run(count, width, CancellationToken.None, (i, _) => Interlocked.Increment(ref done[i]));

        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Fact]
    public void One_at_a_time_begins_in_order_and_nothing_begins_after_a_failure()
    {
        var begun = new List<int>();

        var error = Assert.Throws<OccamException>(() => Workers.Run(5, 1, CancellationToken.None, (i, _) =>
        {
            begun.Add(i);
            if (i == 2)
            {
                throw new OccamException("the third");
            }
        }));

        Assert.Equal("the third", error.Message);
        Assert.Equal([0, 1, 2], begun);
    }

    [Fact]
    public void A_failure_stops_those_beside_it_and_is_the_one_that_is_told()
    {
        var error = Assert.Throws<OccamException>(() => Workers.Run(2, 2, CancellationToken.None, (i, stop) =>
        {
            if (i == 0)
            {
                throw new OccamException("the first");
            }

            stop.WaitHandle.WaitOne();
            stop.ThrowIfCancellationRequested();
        }));

        Assert.Equal("the first", error.Message);
    }

    [Fact]
    public void Cancelling_wins_over_a_failure()
    {
        using var source = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => Workers.Run(2, 1, source.Token, (_, _) =>
        {
            source.Cancel();
            throw new OccamException("a failure that came of it");
        }));
    }

    [Fact]
    public void A_piece_has_one_thread_and_a_scope_and_the_caller_keeps_its_own()
    {
        var before = Libtorch.Threads;
        var tensors = new Tensor[3];

        Workers.Run(3, 3, CancellationToken.None, (i, _) =>
        {
            Assert.Equal(1, Libtorch.Threads);
            tensors[i] = Tensor.Zeros([2]);
        });

        Assert.Equal(before, Libtorch.Threads);
        Assert.All(tensors, tensor => Assert.ThrowsAny<ObjectDisposedException>(() => tensor.ToArray<float>()));
    }
}
