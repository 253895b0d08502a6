using Occam.Torch;

namespace Occam.Networks;

/// <summary>A continuous piecewise-affine function of each element.</summary>
/// <param name="Breaks">Where its pieces meet, ascending.</param>
/// <param name="Slopes">The slope of each piece, one more than there are breaks: a number, or what is broadcast over the elements.</param>
internal sealed record AffinePieces(double[] Breaks, Tensor[] Slopes)
{
    /// <summary>With a number for each slope.</summary>
    public AffinePieces(double[] breaks, params double[] slopes)
        : this(breaks, Array.ConvertAll(slopes, slope => Tensor.Full([], slope, ScalarType.Float64)))
    {
    }

    /// <summary>The least and the largest of all slopes.</summary>
    public Interval Range => new(
        Slopes.Min(slope => slope.Flatten().AMin([0]).Item()), Slopes.Max(slope => slope.Flatten().AMax([0]).Item()));
}
