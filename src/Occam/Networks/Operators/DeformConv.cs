using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// A convolution each of whose taps looks beside its place, by an offset of its own at every output, and counts by a mask: over images of
/// two dimensions.
/// </summary>
internal sealed class DeformConv : Operator
{
    private const int Weight = 1;
    private const int Shifts = 2;
    private const int Bias = 3;
    private const int Mask = 4;

    public override string Type => "DeformConv";

    public override int LeastInputs => 3;

    public override Linearity Linearity => Linearity.Curved;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) =>
        dependent[Shifts] || dependent.Count(true) > 1 ? Linearity.Curved : Linearity.Affine;

    public override bool TakesFilled(int input, Tensor filled) => input is Weight or Bias;

    public override Offset OffsetAt(int input) => input == Bias ? Offset.Shift : Offset.None;

    public override Tensor[] Run(in NodeCall call)
    {
        var (node, x, weight, shifts) = (call.Node, call[0], call[Weight], call[Shifts]);
        var window = Window.Of(call, ConvolutionRules.WindowSize(call));
        var (groups, fields) = (call.Attributes.Int("group", 1), call.Attributes.Int("offset_group", 1));
        var taps = Axes.Product(window.Size);
        long[] output = [.. x.Shape.Skip(2).Select((size, i) => window.Places(i, size))];
        if (window.Dimensions != 2 || groups < 1 || fields < 1 || x.Shape[1] % groups != 0 || x.Shape[1] % fields != 0
            || !shifts.Shape.AsSpan().SequenceEqual([x.Shape[0], fields * taps * 2, .. output]))
        {
            throw new OccamException($"{node} has offsets {string.Join("×", shifts.Shape)} for {fields} groups of {taps} taps at "
                + $"{string.Join("×", output)} places: expected batch × groups · taps · 2 × places, over two dimensions of space");
        }

        var count = Axes.Product(output);
        Limits.CheckElements(node, [.. x.Shape[..2], taps, count]);
        var moved = shifts.Reshape(x.Shape[0], fields, taps, 2, count);
        var masks = call.Optional(Mask)?.Reshape(x.Shape[0], fields, 1, taps * count);
        var width = x.Shape[1] / fields;
        var seen = new Tensor[fields];
        for (var field = 0; field < fields; field++)
        {
            Tensor[] places =
            [
                .. Enumerable.Range(0, 2).Select(i => (moved.Select(1, field).Select(2, i) + Ground(window, i, output, x)).Flatten(1)),
            ];
            var sampled = Sampling.At(node, x.Narrow(1, field * width, width), places, "linear", null);
            seen[field] = masks is null ? sampled : sampled * masks.Select(1, field);
        }

        var columns = Tensor.Cat(seen, 1).Reshape(x.Shape[0], groups, -1, count);
        var product = weight.Reshape(groups, weight.Shape[0] / groups, -1).MatMul(columns).Reshape([x.Shape[0], -1, .. output]);
        return [call.Optional(Bias) is { } bias ? product + bias.Reshape(-1, 1, 1) : product];
    }

    protected override double? Bound(LipschitzCall call)
    {
        if (call.InputBounds[Shifts] > 0 || call.Varying > 1)
        {
            return null;
        }

        return call.Largest * call.LinearNorm();
    }

    // Where each tap would look at each place without an offset: taps × places.
    private static Tensor Ground(Window window, int dimension, long[] output, Tensor x)
    {
        var (taps, places) = (Axes.Product(window.Size), Axes.Product(output));
        var ground = new double[taps * places];
        for (var at = 0L; at < ground.Length; at++)
        {
            var (tap, place) = (at / places, at % places);
            var (inTap, inPlace) = dimension == 0 ? (tap / window.Size[1], place / output[1]) : (tap % window.Size[1], place % output[1]);
            ground[at] = (inPlace * window.Stride[dimension]) + (inTap * window.Dilation[dimension]) - window.Before[dimension];
        }

        return Tensor.FromArray(ground, taps, places).To(x.ScalarType).To(x.Device);
    }
}
