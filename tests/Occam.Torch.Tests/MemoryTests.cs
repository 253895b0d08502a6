using System.Diagnostics;
using Xunit;

namespace Occam.Torch.Tests;

public sealed class MemoryTests
{
    [Fact]
    public void Ten_thousand_training_steps_do_not_grow_the_process()
    {
        const int steps = 10_000;
        Libtorch.Threads = 1;
        using var outer = Libtorch.NewDisposeScope();
        using var generator = new Generator(1);
        var x = Tensor.Randn([64, 32], generator);
        var y = Tensor.Randn([64, 1], generator);
        var W1 = Tensor.Randn([64, 32], generator).MultiplyInPlace(0.1).RequireGrad();
        var W2 = Tensor.Randn([1, 64], generator).MultiplyInPlace(0.1).RequireGrad();

        void Step()
        {
            using var scope = Libtorch.NewDisposeScope();
            var loss = (x.Linear(W1, null).Relu().Linear(W2, null) - y).Square().Mean();
            var gradients = Autograd.Grad([loss], [W1, W2]);
            using var off = Libtorch.NoGrad();
            W1.AddInPlace(gradients[0]!, -0.01);
            W2.AddInPlace(gradients[1]!, -0.01);
        }

        for (var step = 0; step < steps / 10; step++)
        {
            Step();
        }

        var before = ResidentBytes();
        var live = outer.Count;
        for (var step = 0; step < steps; step++)
        {
            Step();
        }

        // Each step makes about 150 kB of tensors: a single one forgotten a step would show as 80 MB and more.
        Assert.Equal(live, outer.Count);
        Assert.InRange(ResidentBytes() - before, long.MinValue, 16L << 20);
    }

    // A generator's state takes 5 kB: what the native side forgot would show as 100 MB.
    [Fact]
    public void Twenty_thousand_generators_do_not_grow_the_process()
    {
        static void Make(int count)
        {
            for (var seed = 0; seed < count; seed++)
            {
                using var scope = Libtorch.NewDisposeScope();
                using var generator = new Generator((ulong)seed);
                _ = Tensor.Randn([2], generator);
            }
        }

        Make(1000);
        var before = ResidentBytes();
        Make(20_000);
        Assert.InRange(ResidentBytes() - before, long.MinValue, 16L << 20);
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
