using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// Max-pooling with small windows as maxima of strided slices, one spatial dimension after the other: the same numbers as
/// libtorch's max-pooling, which on a CPU takes each window by itself and some ten times as long. Which of several equal
/// numbers was the maximum doesn't come out of it, so derivatives don't go this way.
/// </summary>
internal static class MaximaOfSlices
{
    private const long LargestWindow = 3;

    /// <summary>Whether the pooling can be done so.</summary>
    public static bool Serve(Tensor x, Window window) =>
        x.Device == Device.Cpu && !x.RequiresGrad && !ForwardAutogradScope.IsOpen
        && !window.Ceiling && window.Size.All(size => size <= LargestWindow)
        && window.Before.Concat(window.After).All(pad => pad == 0) && window.Dilation.All(dilation => dilation == 1)
        && window.Size.Zip(x.Shape.Skip(2)).All(pair => pair.First <= pair.Second);

    /// <summary>The largest number of each window.</summary>
    public static Tensor Of(Tensor x, Window window)
    {
        for (var i = 0; i < window.Dimensions; i++)
        {
            var (dimension, stride) = (i + 2, window.Stride[i]);
            var reach = ((x.Size(dimension) - window.Size[i]) / stride * stride) + 1;
            var whole = x;
            x = Enumerable.Range(0, (int)window.Size[i])
                .Select(offset => whole.Slice(dimension, offset, offset + reach, stride))
                .Aggregate((largest, next) => largest.Maximum(next));
        }

        return x;
    }
}
