using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// Pairs of numbers of each head turned by an angle that depends on the token's position (Su et al. 2021): numbers that stand
/// half a head apart, or beside each other where <c>interleaved</c> is set. What lies behind <c>rotary_embedding_dim</c> stays.
/// </summary>
internal abstract class Rotation : Operator
{
    private const int Input = 0;

    public sealed override string Type => "RotaryEmbedding";

    public override int LeastInputs => 3;

    public sealed override Linearity Linearity => Linearity.Multilinear;

    // Cosines and sines are stored, and no weights.
    public sealed override bool Trains(int input) => input == Input;

    /// <summary>Where the cosines and sines stand among the inputs, and the positions.</summary>
    protected abstract (int Cosines, int Sines, int Positions) Places { get; }

    /// <summary>How many numbers a head has, where the input is batch × tokens × all heads.</summary>
    protected abstract long HeadSize(in NodeCall call);

    /// <summary>The rows of a table for each token: batch (or 1) × tokens × pairs.</summary>
    protected abstract Tensor Rows(in NodeCall call, Tensor table, long tokens);

    public sealed override Tensor[] Run(in NodeCall call) => [Turn(call, call[Places.Cosines], call[Places.Sines], -1)];

    public sealed override Tensor[]? Paths(PathCall call)
    {
        var places = Places;
        return call.Sources > 1 || !call.OnPath[Input] ? null
            : [Turn(call.Call, call.Raise(call.Call[places.Cosines]), call.Raise(call.Call[places.Sines]), 1)];
    }

    // Each pair by itself grows by √(cos² + sin²); where positions vary, any row of the table may count.
    protected sealed override double? Bound(LipschitzCall call)
    {
        var places = Places;
        if (call.InputBounds.AsSpan(1).ContainsAnyExcept(0))
        {
            return null;
        }

        using var grad = Libtorch.NoGrad();
        using var scope = Libtorch.NewDisposeScope();
        var node = call.Call;
        var squares = node[places.Cosines].To(ScalarType.Float64).Square() + node[places.Sines].To(ScalarType.Float64).Square();
        var tokens = node[Input].Dimensions == 4 ? node[Input].Shape[2] : node[Input].Shape[1];
        var met = node.Varies(places.Positions) ? squares : Rows(node, squares, tokens);
        var turned = Math.Sqrt(Broadcasting.LargestMagnitude(met));
        var size = node[Input].Dimensions == 4 ? node[Input].Shape[3] : HeadSize(node);
        return call.InputBounds[Input] * (2 * met.Size(-1) < size ? Math.Max(1, turned) : turned);
    }

    private Tensor Turn(in NodeCall call, Tensor cosines, Tensor sines, double sign)
    {
        var (x, node) = (call[Input], call.Node);
        if (x.Dimensions is not (3 or 4))
        {
            throw new OccamException($"{node} turns an input of {x.Dimensions} dimensions: expected batch × tokens × numbers, or "
                + "batch × heads × tokens × numbers");
        }

        var byHead = x.Dimensions == 4 ? x : Heads.Split(node, x, x.Shape[2] / Math.Max(1, HeadSize(call)));
        var tokens = byHead.Shape[2];
        var (cos, sin) = (Rows(call, cosines, tokens).Unsqueeze(1), Rows(call, sines, tokens).Unsqueeze(1));
        var pairs = cos.Size(-1);
        if (sin.Size(-1) != pairs || 2 * pairs > byHead.Size(-1))
        {
            throw new OccamException($"{node} has {pairs} cosines and {sin.Size(-1)} sines for heads of {byHead.Size(-1)} numbers: "
                + "expected one for each pair");
        }

        var (turning, staying) = (byHead.Narrow(3, 0, 2 * pairs), byHead.Narrow(3, 2 * pairs, byHead.Size(-1) - (2 * pairs)));
        Tensor turned;
        if (call.Attributes.Int("interleaved", 0) != 0)
        {
            var (first, second) = (turning.Slice(3, 0, 2 * pairs, 2), turning.Slice(3, 1, 2 * pairs, 2));
            turned = Tensor.Stack([(first * cos) + (second * sin * sign), (first * sin) + (second * cos)], 4).Flatten(3);
        }
        else
        {
            var (first, second) = (turning.Narrow(3, 0, pairs), turning.Narrow(3, pairs, pairs));
            turned = Tensor.Cat([(first * cos) + (second * sin * sign), (first * sin) + (second * cos)], 3);
        }

        var whole = staying.Size(-1) == 0 ? turned : Tensor.Cat([turned, staying], 3);
        return x.Dimensions == 4 ? whole : Heads.Join(whole);
    }

    /// <summary>The rows that positions (batch × tokens) name.</summary>
    protected static Tensor Named(Tensor table, Tensor positions) =>
        table.IndexSelect(0, positions.Reshape(-1).To(ScalarType.Int64).To(table.Device)).Reshape([.. positions.Shape, table.Size(-1)]);
}

/// <summary>ONNX's rotary embedding: without positions, cosines and sines are batch × tokens × pairs.</summary>
internal sealed class RotaryEmbedding : Rotation
{
    protected override (int Cosines, int Sines, int Positions) Places => (1, 2, 3);

    protected override long HeadSize(in NodeCall call) =>
        call.Attributes.Int("num_heads", 0) is > 0 and var heads ? call[0].Size(-1) / heads
            : throw new OccamException($"{call.Node} turns batch × tokens × numbers without saying in how many heads (num_heads)");

    protected override Tensor Rows(in NodeCall call, Tensor table, long tokens) =>
        call.Optional(3) is { } positions ? Named(table, positions) : table;
}

/// <summary>ONNX Runtime's: positions come second, for each token or as the first one's.</summary>
internal sealed class MicrosoftRotaryEmbedding : Rotation
{
    public override string Domain => Domains.Microsoft;

    public override int LeastInputs => 4;

    protected override (int Cosines, int Sines, int Positions) Places => (2, 3, 1);

    protected override long HeadSize(in NodeCall call) =>
        call.Attributes.Int("num_heads", 0) is > 0 and var heads ? call[0].Size(-1) / heads : 2 * call[2].Size(-1);

    protected override Tensor Rows(in NodeCall call, Tensor table, long tokens)
    {
        var positions = call[1];
        return positions.Elements == 1
            ? table.Narrow(0, positions.ItemInt64(), tokens).Unsqueeze(0)
            : Named(table, positions);
    }
}
