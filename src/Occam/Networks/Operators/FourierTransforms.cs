using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The discrete Fourier transform along an axis; complex numbers are pairs in a last dimension of 2, real ones of 1.</summary>
internal sealed class DFT : Operator
{
    private const int AxisIsInputSince = 20;

    public override string Type => "DFT";

    public override Linearity Linearity => Linearity.Affine;

    public override bool IsStep(Node node, int input, int output) => input > 0;

    public override Tensor[] Run(in NodeCall call)
    {
        var x = Complex.Of(call.Node, call[0]);
        var named = call.Opset >= AxisIsInputSince ? call.Optional(2)?.Reshape([]).ItemInt64() ?? -2 : call.Attributes.Int("axis", 1);
        var axis = Axes.Find(call.Node, named, x.Dimensions);
        var (oneSided, inverse) = (call.Attributes.Int("onesided", 0) != 0, call.Attributes.Int("inverse", 0) != 0);
        if (axis == x.Dimensions - 1 || (oneSided && (inverse || call[0].Shape[^1] != 1)))
        {
            throw new OccamException($"{call.Node} transforms axis {named} of {string.Join("×", call[0].Shape)}"
                + $"{(oneSided ? " on one side" : "")}: expected an axis before the last, and one side of real numbers only");
        }

        if (call.Optional(1)?.Reshape([]).ItemInt64() is { } length)
        {
            Limits.CheckElements(call.Node, [.. x.Shape.Select((size, i) => i == axis ? length : size)]);
            long[] pads =
            [
                .. Enumerable.Range(0, x.Dimensions).Reverse().SelectMany(i => new[] { 0, i == axis ? length - x.Shape[i] : 0 }),
            ];
            x = x.PadConstant(pads, 0);
        }

        var transformed = inverse ? x.InverseFourier(axis) : x.Fourier(axis);
        return [oneSided ? transformed.Narrow(axis, 0, (x.Shape[axis] / 2) + 1) : transformed];
    }

    protected override double? Bound(LipschitzCall call) => call.InputBounds[0] * call.LinearNorm();
}

/// <summary>
/// Fourier transforms of the frames of a signal, batch × steps × 1 or 2, each times a window: batch × frames × frequencies × 2.
/// </summary>
internal sealed class STFT : Operator
{
    public override string Type => "STFT";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Affine;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) =>
        dependent[0] && dependent.Length > 2 && dependent[2] ? Linearity.Curved : Linearity.Affine;

    public override bool IsStep(Node node, int input, int output) => input is 1 or 3;

    public override Tensor[] Run(in NodeCall call)
    {
        var (signal, step) = (call[0], call[1].Reshape([]).ItemInt64());
        var window = call.Optional(2);
        var length = call.Optional(3)?.Reshape([]).ItemInt64() ?? window?.Elements ?? 0;
        if (signal.Dimensions != 3 || length < 1 || length > signal.Shape[1] || step < 1
            || (window is not null && window.Elements != length))
        {
            throw new OccamException($"{call.Node} takes frames of {length} in steps of {step} from {string.Join("×", signal.Shape)}: "
                + "expected batch × steps × 1 or 2, and a window as long as a frame");
        }

        Limits.CheckElements(call.Node, signal.Shape[0], ((signal.Shape[1] - length) / step) + 1, length, 2);
        var frames = signal.UnfoldAlong(1, length, step).Transpose(2, 3);
        var transformed = Complex.Of(call.Node, window is null ? frames : frames * window.Reshape(-1, 1)).Fourier(2);
        var oneSided = call.Attributes.Int("onesided", 1) != 0 && signal.Shape[2] == 1;
        return [oneSided ? transformed.Narrow(2, 0, (length / 2) + 1) : transformed];
    }

    protected override double? Bound(LipschitzCall call) =>
        call.InputBounds[0] > 0 && call.InputBounds.Length > 2 && call.InputBounds[2] > 0 ? null : call.Largest * call.LinearNorm();
}

/// <summary>Complex numbers as pairs in a last dimension of 2.</summary>
internal static class Complex
{
    /// <exception cref="OccamException">The last dimension is neither 1 nor 2.</exception>
    public static Tensor Of(Node node, Tensor x) => x.Dimensions < 2 || x.Shape[^1] is not (1 or 2)
        ? throw new OccamException(
            $"{node} has an input {string.Join("×", x.Shape)}: expected a last dimension of 1 or 2, real numbers or pairs")
        : x.Shape[^1] == 2 ? x : Tensor.Cat([x, Tensor.ZerosLike(x)], x.Dimensions - 1);
}
