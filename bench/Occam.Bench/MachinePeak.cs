using System.Diagnostics;
using Occam.Torch;

namespace Occam.Bench;

/// <summary>What this machine can do by libtorch: the fastest of some runs, in GFLOP/s.</summary>
/// <param name="Product">A product of 2048 × 2048 matrices in float32.</param>
/// <param name="Convolution">Direct 3×3 convolutions, transposed as in a pass back to the input, in float32: the fastest of ResNet-18's
/// shapes.</param>
/// <param name="ShortConvolution">The same in bfloat16.</param>
internal sealed record MachinePeak(double Product, double Convolution, double ShortConvolution)
{
    private const int Runs = 5;
    private const long Images = 64;

    // Channels, and the images' sides.
    private static readonly (long Channels, long Side)[] s_shapes = [(64, 32), (128, 16), (256, 8), (512, 4)];

    /// <summary>Measures it, in a few seconds.</summary>
    public static MachinePeak Measure()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(0);
        var (a, b) = (Tensor.Randn([2048, 2048], generator), Tensor.Randn([2048, 2048], generator));
        return new MachinePeak(
            2 * Math.Pow(2048, 3) / Fastest(() => a.MatMul(b)) / 1e9, Convolutions(ScalarType.Float32, generator),
            Convolutions(ScalarType.BFloat16, generator));
    }

    // Transposed, for they are libtorch's alone: convolutions as they are may be taken by Winograd's algorithm.
    private static double Convolutions(ScalarType type, Generator generator) => s_shapes.Max(shape =>
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var (channels, side) = shape;
        var x = Tensor.Randn([Images, channels, side, side], generator).To(type).ChannelsLast();
        var w = Tensor.Randn([channels, channels, 3, 3], generator).To(type).ChannelsLast();
        return 2.0 * Images * channels * channels * 9 * side * side / 1e9
            / Fastest(() => x.ConvolutionTransposed(w, null, [1, 1], [1, 1], [1, 1], [0, 0], 1));
    });

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
