using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The values of images between their elements, in operators that have derivatives of every order.</summary>
internal static class Sampling
{
    /// <summary>Images at places, interpolated along each dimension.</summary>
    /// <param name="node">The node, for messages.</param>
    /// <param name="x">batch × channels × space.</param>
    /// <param name="places">For each dimension of space, batch × places, counted in elements from the first one's middle.</param>
    /// <param name="mode">nearest, linear or cubic.</param>
    /// <param name="resolve">What stands for an index beyond the image: an index within, by the index and the size. Null for zeros.</param>
    /// <returns>batch × channels × places.</returns>
    /// <exception cref="OccamException">The result would be too large.</exception>
    public static Tensor At(Node node, Tensor x, Tensor[] places, string mode, Func<Tensor, long, Tensor>? resolve)
    {
        var (space, count) = (x.Shape[2..], places[0].Shape[1]);
        Limits.CheckElements(node, [.. x.Shape[..2], count]);
        var flat = x.Reshape([.. x.Shape[..2], -1]);
        (Tensor Index, Tensor? Weight)[] corners = [(Tensor.Zeros(places[0].Shape, ScalarType.Int64, x.Device), null)];
        for (var i = 0; i < space.Length; i++)
        {
            var (size, along) = (space[i], Taps(places[i], mode, space[i], resolve));
            corners =
            [
                .. corners.SelectMany(corner => along.Select(tap => (
                    (corner.Index * Tensor.FromArray([size]).To(x.Device)) + tap.Index,
                    corner.Weight is null ? tap.Weight : tap.Weight is null ? corner.Weight : corner.Weight * tap.Weight))),
            ];
        }

        Tensor? sum = null;
        foreach (var (index, weight) in corners)
        {
            var values = flat.Gather(2, index.Unsqueeze(1).Expand([.. x.Shape[..2], count]));
            var part = weight is null ? values : values * weight.Unsqueeze(1);
            sum = sum is null ? part : sum + part;
        }

        return sum!;
    }

    // Elements near a place along one dimension, and what each counts.
    private static IEnumerable<(Tensor Index, Tensor? Weight)> Taps(
        Tensor place, string mode, long size, Func<Tensor, long, Tensor>? resolve)
    {
        var whole = (mode == "nearest" ? place.Round() : place.Floor()).Detach();
        var rest = place - whole;
        (int Offset, Tensor? Weight)[] taps = mode switch
        {
            "nearest" => [(0, null)],
            "linear" => [(0, -rest + 1), (1, rest)],
            _ => [(-1, Far(rest + 1)), (0, Near(rest)), (1, Near(-rest + 1)), (2, Far(-rest + 2))],
        };
        foreach (var (offset, weight) in taps)
        {
            var index = whole + offset;
            var within = resolve is null
                ? index.GreaterThan(-0.5).And(index.GreaterThan(size - 0.5).Not()).To(place.ScalarType)
                : null;
            var clamped = (resolve?.Invoke(index, size) ?? index).Clamp(0, size - 1).To(ScalarType.Int64);
            yield return (clamped, within is null ? weight : weight is null ? within : weight * within);
        }
    }

    // Keys' cubic convolution with a = −3/4, at distances up to 1 and from 1 to 2.
    private static Tensor Near(Tensor d) => ((((d * 1.25) - 2.25) * d) * d) + 1;

    private static Tensor Far(Tensor d) => ((((((d - 5) * d) + 8) * d) - 4)) * -0.75;
}
