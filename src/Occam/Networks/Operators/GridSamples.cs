using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// Images at the places of a grid, batch × places … × coordinates from −1 to 1, the last dimension of space first; beyond them zeros,
/// the border or reflections.
/// </summary>
internal sealed class GridSample : Operator
{
    // By cubics, a value is made of 4 elements to the power of the dimensions.
    private const int MostDimensions = 5;

    public override string Type => "GridSample";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Curved;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) => dependent[1] ? Linearity.Curved : Linearity.Affine;

    public override bool IsStep(Node node, int input, int output) => input == 1 && node.Attributes.Text("mode", "linear") == "nearest";

    public override Tensor[] Run(in NodeCall call)
    {
        var (x, grid) = (call[0], call[1]);
        var space = x.Dimensions > 2 ? x.Shape[2..] : [];
        if (space.Length is 0 or > MostDimensions || grid.Dimensions != x.Dimensions || grid.Shape[^1] != space.Length
            || grid.Shape[0] != x.Shape[0] || space.Contains(0))
        {
            throw new OccamException($"{call.Node} samples {string.Join("×", x.Shape)} at a grid {string.Join("×", grid.Shape)}: expected "
                + $"batch × channels × 1 to {MostDimensions} dimensions of space, and batch × places × a coordinate for each of these");
        }

        var align = call.Attributes.Int("align_corners", 0) != 0;
        var flat = grid.Reshape(grid.Shape[0], -1, space.Length);
        Tensor[] places =
        [
            .. space.Select((size, i) => (flat.Select(2, space.Length - 1 - i) + 1) is var from && align
                ? from * ((size - 1) / 2.0)
                : (from * (size / 2.0)) - 0.5),
        ];
        var sampled = Sampling.At(call.Node, x, places, Mode(call), Beyond(call, align));
        return [sampled.Reshape([.. x.Shape[..2], .. grid.Shape[1..^1]])];
    }

    protected override double? Bound(LipschitzCall call) => call.InputBounds[1] > 0 ? null : call.InputBounds[0] * call.LinearNorm();

    private static string Mode(in NodeCall call) => call.Attributes.Text("mode", "linear") switch
    {
        "bilinear" or "linear" => "linear",
        "bicubic" or "cubic" => "cubic",
        "nearest" => "nearest",
        var other => throw new OccamException($"{call.Node} has mode '{other}': expected linear, nearest or cubic"),
    };

    private static Func<Tensor, long, Tensor>? Beyond(in NodeCall call, bool align) => call.Attributes.Text("padding_mode", "zeros") switch
    {
        "zeros" => null,
        "border" => (index, _) => index,
        "reflection" => (index, size) => Reflect(index, align ? 0 : -0.5, align ? size - 1 : size - 0.5),
        var other => throw new OccamException($"{call.Node} has padding_mode '{other}': expected zeros, border or reflection"),
    };

    // Back and forth between two walls.
    private static Tensor Reflect(Tensor at, double low, double high)
    {
        var span = high - low;
        if (span <= 0)
        {
            return Tensor.ZerosLike(at);
        }

        var turn = (at - low).Remainder(Tensor.Full([], 2 * span, at.ScalarType, at.Device));
        return turn.Minimum(-turn + (2 * span)) + low;
    }
}

/// <summary>The grid of places that an affine map of the output's own places gives, to sample an image at.</summary>
internal sealed class AffineGrid : Operator
{
    public override string Type => "AffineGrid";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Affine;

    public override bool IsStep(Node node, int input, int output) => input == 1;

    public override Tensor[] Run(in NodeCall call)
    {
        var (theta, size) = (call[0], call[1].ToArray<long>());
        var space = size.Length > 2 ? size[2..] : [];
        if (theta.Dimensions != 3 || theta.Shape[1] != space.Length || theta.Shape[2] != space.Length + 1)
        {
            throw new OccamException($"{call.Node} maps a grid of size {string.Join("×", size)} by {string.Join("×", theta.Shape)}: "
                + "expected batch × channels × space, and batch × dimensions of space × one more");
        }

        Limits.CheckElements(call.Node, [.. space, space.Length + 1]);
        var align = call.Attributes.Int("align_corners", 0) != 0;
        var columns = new Tensor[space.Length + 1];
        for (var i = 0; i < space.Length; i++)
        {
            var (length, after) = (space[i], space.Length - 1 - i);
            var steps = Tensor.Arange(0, length, 1, theta.ScalarType, theta.Device);
            var along = !align ? (((steps * 2) + 1) / length) - 1 : length > 1 ? (steps * (2.0 / (length - 1))) - 1 : steps;
            columns[after] = along.Reshape([-1, .. Enumerable.Repeat(1L, after)]).Expand(space).Reshape(-1);
        }

        columns[^1] = Tensor.OnesLike(columns[0]);
        var grid = Tensor.Stack(columns, 1).MatMul(theta.Transpose(1, 2));
        return [grid.Reshape([theta.Shape[0], .. space, space.Length])];
    }

    protected override double? Bound(LipschitzCall call) => call.InputBounds[0] * call.LinearNorm();
}
