using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// ONNX Runtime's causal attention whose keys and values have fewer heads than the queries: batch × tokens × (heads · size), packed into
/// one tensor or in three, turned by position where <c>do_rotary</c> is set. With a cache, which holds keys that are turned already, the
/// tokens stand behind those of it that count, as <c>seqlens_k</c> says for each text. With a sink (<c>smooth_softmax</c>,
/// <c>head_sink</c>) the weights of the keys sum to less than 1.
/// </summary>
internal sealed class GroupQueryAttention : Operator
{
    private const int PastKeys = 3;
    private const int PastValues = 4;
    private const int Lengths = 5;
    private const int TotalLength = 6;
    private const int Cosines = 7;
    private const int Positions = 9;
    private const int Added = 10;
    private const int Sink = 11;
    private static readonly MicrosoftRotaryEmbedding s_rotation = new();

    public override string Domain => Domains.Microsoft;

    public override string Type => "GroupQueryAttention";

    public override Linearity Linearity => Linearity.Curved;

    public override bool Trains(int input) => input is < PastKeys or Sink;

    public override Tensor[] Run(in NodeCall call)
    {
        var (node, attributes) = (call.Node, call.Attributes);
        var (queries, keys, values) = Operands(call);
        var (tokens, heads) = (queries.Shape[2], queries.Shape[1]);
        var before = Before(call, queries.Shape[0], tokens);
        if (attributes.Int("do_rotary", 0) != 0)
        {
            (queries, keys) = (Turned(call, queries, before), Turned(call, keys, before));
        }

        var length = Math.Max(call.Optional(PastKeys)?.Shape[2] ?? 0, before.Max() + tokens);
        (keys, values) = (Continued(call, PastKeys, keys, before, length), Continued(call, PastValues, values, before, length));
        var scale = attributes.Float("scale", 0) is var given && given == 0 ? 1 / Math.Sqrt(queries.Size(-1)) : given;
        var (_, scores) = Heads.Scores(node, queries, Heads.Shared(node, keys, heads), scale, attributes.Float("softcap", 0));
        scores = call.Optional(Added) is { } bias ? scores + bias : scores;
        long? left = attributes.Int("local_window_size", -1) is > 0 and var width ? width - 1 : null;
        var like = queries;
        var seen = before.AsSpan().ContainsAnyExcept(before[0])
            ? Tensor.Stack([.. before.Select(count => Heads.Window(like, tokens, length, count, left, 0))], 0).Unsqueeze(1)
            : Heads.Window(queries, tokens, length, before[0], left, 0);
        return [Heads.Join(Weights(call, scores, seen).MatMul(Heads.Shared(node, values, heads))), keys, values];
    }

    protected override double? Bound(LipschitzCall call) => null;

    private static (Tensor Queries, Tensor Keys, Tensor Values) Operands(in NodeCall call)
    {
        var (heads, shared) = (call.Attributes.Int("num_heads", 0), call.Attributes.Int("kv_num_heads", 0));
        if (call.Optional(1) is { } key)
        {
            return (Heads.Split(call.Node, call[0], heads), Heads.Split(call.Node, key, shared), Heads.Split(call.Node, call[2], shared));
        }

        var all = Heads.Split(call.Node, call[0], heads + (2 * shared));
        return (all.Narrow(1, 0, heads), all.Narrow(1, heads, shared), all.Narrow(1, heads + shared, shared));
    }

    // How many tokens of its cache each text continues. A first prompt continues none, however large the memory for its cache is.
    private static long[] Before(in NodeCall call, long texts, long tokens)
    {
        if (call.Optional(PastKeys)?.Shape[2] is not (> 0 and var room) || call.Optional(TotalLength)?.ItemInt64() == tokens)
        {
            return new long[texts];
        }

        if (call.Optional(Lengths)?.ToArray<long>() is not { } last)
        {
            return [.. Enumerable.Repeat(room, (int)texts)];
        }

        long[] before = [.. last.Select(index => index + 1 - tokens)];
        return before.Length == texts && before.All(count => count >= 0 && count <= room) ? before
            : throw new OccamException($"{call.Node} continues {texts} texts by {tokens} tokens from a cache of {room}, and the indices of "
                + $"their last tokens (seqlens_k) are {string.Join(", ", last.Take(8))}: expected one for each text, from {tokens - 1} to "
                + $"{tokens - 1 + room}");
    }

    // Keys or values behind those of the cache that count, and zeros behind them.
    private static Tensor Continued(in NodeCall call, int past, Tensor added, long[] before, long length)
    {
        if (call.Optional(past) is not { } cache)
        {
            return added;
        }

        var (node, tokens) = (call.Node, added.Shape[2]);
        if (cache.Dimensions != 4 || cache.Shape[0] != added.Shape[0] || cache.Shape[1] != added.Shape[1]
            || cache.Shape[3] != added.Shape[3] || cache.Shape[2] < before.Max())
        {
            throw new OccamException($"{node} continues a cache of {string.Join("×", cache.Shape)} by {string.Join("×", added.Shape)}: "
                + "expected texts × heads × tokens × size, the same but for the tokens");
        }

        return Tensor.Cat(
            [
                .. before.Select((count, i) =>
                {
                    var (old, behind) = (cache.Narrow(0, i, 1), length - count - tokens);
                    long[] rest = [1, added.Shape[1], behind, added.Shape[3]];
                    return Tensor.Cat(
                        [old.Narrow(2, 0, count), added.Narrow(0, i, 1), Tensor.Zeros(rest, added.ScalarType, added.Device)], 2);
                }),
            ],
            0);
    }

    // With a sink, a score of its own for each head stands among those of the keys, and is no key's.
    private static Tensor Weights(in NodeCall call, Tensor scores, Tensor seen)
    {
        var sink = call.Optional(Sink);
        if (sink is null && call.Attributes.Int("smooth_softmax", 0) <= 0)
        {
            return Heads.Weights(scores, seen);
        }

        long[] shape = [.. scores.Shape[..3], 1];
        var own = sink?.Reshape(1, -1, 1, 1).Expand(shape) ?? Tensor.Zeros(shape, scores.ScalarType, scores.Device);
        return Tensor.Cat([scores + seen, own], 3).Softmax(3).Narrow(3, 0, scores.Shape[3]);
    }

    private static Tensor Turned(in NodeCall call, Tensor x, long[] before)
    {
        var tokens = x.Shape[2];
        var positions = call.Optional(Positions) ?? (before.AsSpan().ContainsAnyExcept(0)
            ? Tensor.FromArray(
                [.. before.SelectMany(count => Enumerable.Range(0, (int)tokens).Select(i => count + i))], before.Length, tokens)
            : Tensor.FromArray([0L], 1));
        var turn = call with
        {
            Node = call.Node with
            {
                Attributes = Attributes.Of(("interleaved", call.Attributes.Int("rotary_interleaved", 0))),
                Inputs = ["x", "positions", "cosines", "sines"],
            },
            Inputs = [x, positions, call[Cosines], call[Cosines + 1]],
        };
        return s_rotation.Run(turn)[0];
    }
}
