using System.Globalization;
using System.Runtime.CompilerServices;
using Xunit;

namespace Occam.Torch.Tests;

/// <summary>What tensors take is counted, and what would be too much is refused before it is taken.</summary>
public sealed class MemoryBudgetTests
{
    private const long Large = 64 << 20;

    // What other tests left to the collector would be let go of in between.
    public MemoryBudgetTests()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Fact]
    public void What_a_tensor_takes_is_in_use_until_it_is_let_go()
    {
        var before = Libtorch.MemoryInUse;
        var tensor = Tensor.Zeros([Large / 4]);
        var view = tensor.Narrow(0, 0, 5);
        Assert.InRange(Libtorch.MemoryInUse - before, Large, Large + (1 << 16));

        tensor.Dispose();
        Assert.InRange(Libtorch.MemoryInUse - before, Large, Large + (1 << 16));

        view.Dispose();
        Assert.InRange(Libtorch.MemoryInUse - before, -(1 << 16), 1 << 16);
    }

    [Fact]
    public void An_array_that_a_tensor_shares_is_counted()
    {
        var before = Libtorch.MemoryInUse;
        var tensor = Tensor.FromArray(new float[Large / 4], Large / 4);
        Assert.InRange(Libtorch.MemoryInUse - before, Large, Large + (1 << 16));

        tensor.Dispose();
        Assert.InRange(Libtorch.MemoryInUse - before, -(1 << 16), 1 << 16);
    }

    [Fact]
    public void The_peak_is_the_most_that_was_in_use()
    {
        using var held = Tensor.Zeros([Large / 4]);
        Libtorch.ResetPeakMemory();
        var before = Libtorch.MemoryInUse;
        Assert.Equal(before, Libtorch.PeakMemory);

        Tensor.Zeros([Large / 2]).Dispose();
        Tensor.Zeros([Large / 4]).Dispose();

        Assert.InRange(Libtorch.PeakMemory - before, 2 * Large, (2 * Large) + (1 << 16));
        Assert.InRange(Libtorch.MemoryInUse - before, -(1 << 16), 1 << 16);
    }

    [Fact]
    public void More_than_the_budget_is_refused_and_less_is_not()
    {
        var usual = Libtorch.MemoryBudget;
        try
        {
            Libtorch.MemoryBudget = Libtorch.MemoryInUse + (2 * Large);
            using var one = Tensor.Zeros([Large / 4]);
            var refusal = Assert.Throws<TorchMemoryException>(() => Tensor.Zeros([Large / 2]));
            Assert.Equal(2 * Large, refusal.Wanted);
            Assert.Equal(Libtorch.MemoryBudget, refusal.Limit);
            Assert.InRange(refusal.InUse, Large, Libtorch.MemoryBudget);
            Assert.False(refusal.IsCeiling);
            Assert.Throws<TorchMemoryException>(() => Tensor.FromArray(new double[Large / 4], Large / 4));

            // Inside an operator, too: what a product gives is its own to take.
            using var row = Tensor.Ones([1, 1 << 15]);
            Assert.Throws<TorchMemoryException>(() => row.T().MatMul(row));
            using var fits = Tensor.Zeros([Large / 8]);
        }
        finally
        {
            Libtorch.MemoryBudget = usual;
        }
    }

    [Fact]
    public void A_derivative_above_the_budget_is_refused()
    {
        var usual = Libtorch.MemoryBudget;
        using var scope = Libtorch.NewDisposeScope();
        var x = Tensor.Ones([Large / 4]).RequireGrad();
        var y = x.Sum();
        try
        {
            Libtorch.MemoryBudget = Libtorch.MemoryInUse + (Large / 2);
            Assert.Throws<TorchMemoryException>(() => Autograd.Grad(y, x).Contiguous() * 2);
        }
        finally
        {
            Libtorch.MemoryBudget = usual;
        }
    }

    [Fact]
    public void Tensors_that_nobody_holds_make_room()
    {
        var usual = Libtorch.MemoryBudget;
        try
        {
            Libtorch.MemoryBudget = Libtorch.MemoryInUse + (4 * Large);
            for (var i = 0; i < 16; i++)
            {
                Forget();
            }
        }
        finally
        {
            Libtorch.MemoryBudget = usual;
        }

        static void Forget() => Tensor.Zeros([Large / 4]);
    }

    [Fact]
    public void The_heap_and_tensors_share_a_limit()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var limit = GC.GetGCMemoryInfo().TotalCommittedBytes + Libtorch.MemoryInUse + (6 * Large);
        try
        {
            Assert.SkipUnless(ManagedMemory.SetLimit(limit) && ManagedMemory.Shared > 0, "The heap has a cap of its own here.");
            byte[]?[] arrays = [null];
            Fill();
            using var one = Tensor.Zeros([Large / 2]);
            var refusal = Assert.Throws<TorchMemoryException>(() => Tensor.Zeros([Large / 2]));
            Assert.Equal((2 * Large, limit, false), (refusal.Wanted, refusal.Limit, refusal.IsCeiling));
            Assert.InRange(refusal.InUse, 5 * Large, limit);

            arrays[0] = null;
            var two = Tensor.Zeros([Large / 2]);
            Assert.Throws<OutOfMemoryException>(Fill);

            two.Dispose();
            Fill();

            // An array that tensors share is counted once.
            using var shared = Tensor.FromArray(new float[Large / 8], Large / 8);
            using var little = Tensor.Zeros([Large / 64]);
            Assert.Throws<TorchMemoryException>(() => Tensor.Zeros([Large / 4]));

            // On a frame of its own, which holds nothing of it afterwards.
            [MethodImpl(MethodImplOptions.NoInlining)]
            void Fill() => arrays[0] = new byte[3 * Large];
        }
        finally
        {
            Assert.True(ManagedMemory.SetLimit(ManagedMemory.OfMachine));
        }
    }

    [Fact]
    public void A_ceiling_holds_for_its_thread_and_its_time()
    {
        using (new MemoryCeiling(2 * Large))
        {
            using var one = Tensor.Zeros([Large / 4]);
            var refusal = Assert.Throws<TorchMemoryException>(() => Tensor.Zeros([Large / 2]));
            Assert.Equal((2 * Large, 2 * Large, true), (refusal.Wanted, refusal.Limit, refusal.IsCeiling));

            var elsewhere = new Thread(() => Tensor.Zeros([Large]).Dispose());
            elsewhere.Start();
            elsewhere.Join();

            // What was let go may be taken again.
            one.Dispose();
            for (var i = 0; i < 5; i++)
            {
                Tensor.Zeros([3 * Large / 8]).Dispose();
            }
        }

        Tensor.Zeros([Large]).Dispose();
    }

    [Fact]
    public void The_usual_budget_is_a_share_of_what_is_free()
    {
        // Not what the garbage collector calls available: tensors lower that.
        var machine = 1024 * long.Parse(
            File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        Assert.InRange(Libtorch.MemoryBudget, 1L << 20, machine);
        Assert.InRange(FreeMemory.Bytes, 1L << 20, machine);
    }

    [Theory]
    [InlineData(5, "5 bytes")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(4_000_000_000, "3.73 GiB")]
    [InlineData(long.MaxValue, "8 EiB")]
    public void Sizes_have_three_digits(long bytes, string text) => Assert.Equal(text, TorchMemoryException.Size(bytes));

    [Fact]
    public void The_kernel_tells_what_is_available() =>
        Assert.Equal(2048L * 1024, FreeMemory.OfMachine(["MemTotal:       4096 kB", "MemFree: 1 kB", "MemAvailable:   2048 kB"]));

    [Fact]
    public void A_control_group_leaves_what_it_and_those_above_it_have_left()
    {
        var root = Directory.CreateTempSubdirectory("occam-cgroup-");
        try
        {
            void Group(string path, params (string Name, string Content)[] files)
            {
                var folder = root.CreateSubdirectory(path);
                foreach (var (name, content) in files)
                {
                    File.WriteAllText(Path.Combine(folder.FullName, name), content);
                }
            }

            Group("a", ("memory.max", "5000\n"), ("memory.current", "4000\n"), ("memory.stat", "anon 1\ninactive_file 500\n"));
            Group("a/b", ("memory.max", "3000\n"), ("memory.current", "100\n"));
            Group("c", ("memory.max", "max\n"), ("memory.current", "100\n"));
            Group(
                "memory/old", ("memory.limit_in_bytes", "700\n"), ("memory.usage_in_bytes", "600\n"),
                ("memory.stat", "total_inactive_file 50\n"));

            Assert.Equal(1500, FreeMemory.OfControlGroups(["0::/a/b"], root.FullName));
            Assert.Equal(1500, FreeMemory.OfControlGroups(["0::/a"], root.FullName));
            Assert.Null(FreeMemory.OfControlGroups(["0::/c"], root.FullName));
            Assert.Equal(150, FreeMemory.OfControlGroups(["12:cpu:/a", "4:memory:/old", "0::/c"], root.FullName));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
