using System.Diagnostics;
using Occam.Torch;

namespace Occam.Bench;

/// <summary>What this machine can do: the fastest of some runs of libtorch's products of matrices and convolutions in float32.</summary>
internal static class MachinePeak
{
    private const int Runs = 5;

    /// <summary>GFLOP/s of a product of 2048 × 2048 matrices, and of a 3×3 convolution, 64 channels, 32 images of 32×32.</summary>
    public static (double Product, double Convolution) Measure()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        using var generator = new Generator(0);
        var (a, b) = (Tensor.Randn([2048, 2048], generator), Tensor.Randn([2048, 2048], generator));
        var (x, w) = (Tensor.Randn([32, 64, 32, 32], generator), Tensor.Randn([64, 64, 3, 3], generator));
        return (
            2 * Math.Pow(2048, 3) / Fastest(() => a.MatMul(b)) / 1e9,
            2.0 * 32 * 64 * 32 * 32 * 64 * 9 / Fastest(() => x.Convolution(w, null, [1, 1], [1, 1], [1, 1], 1)) / 1e9);
    }

    private static double Fastest(Func<Tensor> compute)
    {
        compute().Dispose();
        return Enumerable.Range(0, Runs).Min(_ =>
        {
            var clock = Stopwatch.StartNew();
            compute().Dispose();
            return clock.Elapsed.TotalSeconds;
        });
    }
}
