using Occam.Lab.Experiments.Contract;
using Occam.Torch;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

public sealed class ReplicasTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    public void Results_come_in_order_and_are_the_same_however_many_run_side_by_side(int width)
    {
        double[] Run(int beside) => [.. Replicas.Run(8, beside, CancellationToken.None, _ => { }, replica =>
        {
            using var generator = new Generator((ulong)replica.Index);
            var matrix = Tensor.Randn([60, 60], generator);
            return matrix.MatMul(matrix).Sum().ToArray<float>()[0];
        })];

        Assert.Equal(Run(1), Run(width));
    }

    [Fact]
    public void Progress_reaches_the_whole_and_counts_every_replica()
    {
        var told = new List<double>();
        Replicas.Run(4, 2, CancellationToken.None, told.Add, replica =>
        {
            replica.Report(0.5);
            return 0;
        });

        Assert.Equal(told.Order(), told);
        Assert.Equal(8, told.Count);
        Assert.Equal(1, told[^1]);
    }

    [Fact]
    public void The_first_failure_stops_the_others_and_is_the_one_that_is_told()
    {
        var error = Assert.Throws<OccamException>(() => Replicas.Run<int>(2, 2, CancellationToken.None, _ => { }, replica =>
        {
            if (replica.Index == 0)
            {
                throw new OccamException("the first");
            }

            replica.Cancellation.WaitHandle.WaitOne();
            throw new OccamException("the second");
        }));

        Assert.Equal("the first", error.Message);
    }

    [Fact]
    public void Cancelled_replicas_do_not_begin()
    {
        using var source = new CancellationTokenSource();
        var begun = 0;
        Assert.Throws<OperationCanceledException>(() => Replicas.Run(5, 1, source.Token, _ => { }, _ =>
        {
            source.Cancel();
            return ++begun;
        }));

        Assert.Equal(1, begun);
    }

    [Fact]
    public void The_number_of_threads_is_afterwards_what_it_was()
    {
        var before = Libtorch.Threads;
        Assert.All(Replicas.Run(2, 2, CancellationToken.None, _ => { }, _ => Libtorch.Threads), threads => Assert.Equal(1, threads));
        Assert.Equal(before, Libtorch.Threads);
    }
}
