using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// ONNX's scaled dot-product attention, softmax(c Q Kᵀ + M) V by heads: of queries, keys and values batch × heads × tokens × size, or
/// batch × tokens × (heads · size). Keys may have fewer heads, which several of the queries' share. With a cache, keys and values that
/// are given stand behind those of before. A token that sees no key gets zeros.
/// </summary>
internal sealed class Attention : Operator
{
    private const int Mask = 3;
    private const int PastKeys = 4;
    private const int PastValues = 5;
    private const int Lengths = 6;

    public override string Type => "Attention";

    public override int LeastInputs => 3;

    public override Linearity Linearity => Linearity.Curved;

    // Masks aren't weights.
    public override bool Trains(int input) => input < Mask;

    public override Tensor[] Run(in NodeCall call)
    {
        var (node, attributes) = (call.Node, call.Attributes);
        var flat = call[0].Dimensions == 3;
        var queries = Split(node, call[0], "q_num_heads");
        var (keys, values) = (Split(node, call[1], "kv_num_heads"), Split(node, call[2], "kv_num_heads"));
        var past = 0L;
        if (call.Optional(PastKeys) is { } pastKeys)
        {
            past = pastKeys.Shape[2];
            (keys, values) = (Tensor.Cat([pastKeys, keys], 2), Tensor.Cat([call[PastValues], values], 2));
        }

        var heads = queries.Shape[1];
        var (raw, capped) = Heads.Scores(
            node, queries, Heads.Shared(node, keys, heads), attributes.Float("scale", 1 / Math.Sqrt(queries.Size(-1))),
            attributes.Float("softcap", 0));
        var added = Added(call, queries, keys.Shape[2], past);
        var weights = Heads.Weights(capped, added);
        var output = weights.MatMul(Heads.Shared(node, values, heads));
        Tensor[] outputs = [flat ? Heads.Join(output) : output, keys, values];
        if (node.Outputs.Length <= outputs.Length)
        {
            return outputs;
        }

        return [.. outputs, attributes.Int("qk_matmul_output_mode", 0) switch
        {
            0 => raw,
            1 => capped,
            2 => added is null ? capped : Heads.WithMask(capped, added),
            _ => weights,
        }];
    }

    public override string WhyUnbounded => AttentionBound.WhyNone;

    // A mask only shifts scores.
    public override bool BoundReads(int input) => input != Mask;

    public override bool SizesRead(int input) => input != Mask;

    // A query's output is a mean of values, head by head.
    public override ImmutableArray<ValueSize?> OutputSizes(SizeCall call)
    {
        var node = call.Call.Node;
        if (node.HasInput(PastKeys) || call.Sizes[2] is not { } size)
        {
            return [];
        }

        var flat = call.Call[0].Dimensions == 3;
        var queries = Split(node, call.Call[0], "q_num_heads");
        var values = size.Moved(Split(node, size.Elements, "kv_num_heads"), x => Split(node, x, "kv_num_heads"));
        var largest = Heads.Shared(node, values.Elements.AMax([2], keep: true), queries.Shape[1])
            .Expand([.. queries.Shape[..3], values.Elements.Size(-1)]);
        var output = new ValueSize(largest).WithGroups(3, values.LargestNorm(-1));
        return [flat ? output.Moved(Heads.Join(largest), Heads.Join) : output];
    }

    protected override double? Bound(LipschitzCall call)
    {
        var node = call.Call.Node;
        var dependsOnMore = call.InputBounds.Skip(Mask).Any(bound => bound > 0);
        if (node.HasInput(PastKeys) || dependsOnMore || node.Outputs.Skip(1).Any(name => name.Length > 0))
        {
            return null;
        }

        var queries = Split(node, call.Call[0], "q_num_heads");
        AttentionBound.Part Part(int input, string heads)
        {
            var radius = call.Size(input) is { } size
                ? size.Moved(Split(node, size.Elements, heads), x => Split(node, x, heads)).LargestNorm(-1)
                : double.PositiveInfinity;
            return new(call.InputBounds[input], radius, (double)queries.Shape[1] / Split(node, call.Call[input], heads).Shape[1]);
        }

        return AttentionBound.Of(
            node.Attributes.Float("scale", 1 / Math.Sqrt(queries.Size(-1))), queries.Shape[2], Part(0, "q_num_heads"),
            Part(1, "kv_num_heads"), Part(2, "kv_num_heads"));
    }

    private static Tensor Split(Node node, Tensor x, string heads) =>
        x.Dimensions == 4 ? x : Heads.Split(node, x, node.Attributes.Int(heads, 0));

    // The mask, the padding of a cache that is kept outside, and the window of keys that a token sees.
    private static Tensor? Added(in NodeCall call, Tensor queries, long keys, long past)
    {
        var attributes = call.Attributes;
        var added = call.Optional(Mask) is { } mask ? Whole(Heads.Added(mask, queries), keys) : null;
        var lengths = call.Optional(Lengths)?.ToArray<long>();
        var causal = attributes.Int("is_causal", 0) != 0;
        long? left = attributes.Int("left_window_size", -1) is >= 0 and var before ? before : null;
        long? right = attributes.Int("right_window_size", -1) is >= 0 and var after ? after : null;
        right = causal ? 0 : right;
        if (left is not null || right is not null)
        {
            var tokens = queries.Shape[2];
            Plus(lengths is null
                ? Heads.Window(queries, tokens, keys, past, left, right)
                : Tensor.Stack([.. lengths.Select(length => Heads.Window(queries, tokens, keys, length - tokens, left, right))], 0)
                    .Unsqueeze(1));
        }

        if (lengths is not null)
        {
            Plus(Tensor.Stack([.. lengths.Select(length => Heads.Window(queries, 1, keys, length - 1, null, 0))], 0).Unsqueeze(1));
        }

        return added;

        void Plus(Tensor more) => added = added is null ? more : added + more;
    }

    // A mask may end before the keys do: what is behind it is not seen.
    private static Tensor Whole(Tensor mask, long keys)
    {
        var missing = keys - mask.Size(-1);
        return missing <= 0 || mask.Size(-1) == 1 ? mask
            : Tensor.Cat([mask, Heads.Added(Tensor.Zeros([.. mask.Shape[..^1], missing], ScalarType.Bool), mask)], -1);
    }
}

/// <summary>
/// ONNX Runtime's attention of several heads, softmax(c Q Kᵀ + M) V: of queries, keys and values batch × tokens × (heads · size), packed
/// into one tensor or into two, or keys and values by head. A mask that closes keys adds <c>mask_filter_value</c>.
/// </summary>
internal sealed class MultiHeadAttention : Operator
{
    private const int Bias = 3;
    private const int KeyMask = 4;
    private const int Added = 5;
    private const int PastKeys = 6;
    private const int PastValues = 7;

    public override string Domain => Domains.Microsoft;

    public override string Type => "MultiHeadAttention";

    public override Linearity Linearity => Linearity.Curved;

    public override bool Trains(int input) => input is <= Bias or Added;

    public override Tensor[] Run(in NodeCall call)
    {
        var (node, attributes) = (call.Node, call.Attributes);
        var (queries, keys, values) = Operands(call, attributes.Int("num_heads", 0));
        var past = 0L;
        if (call.Optional(PastKeys) is { } pastKeys)
        {
            past = pastKeys.Shape[2];
            (keys, values) = (Tensor.Cat([pastKeys, keys], 2), Tensor.Cat([call[PastValues], values], 2));
        }

        if (call.Inputs.Length > PastValues + 1 && call.Inputs[(PastValues + 1)..].Any(input => input is not null))
        {
            throw new OccamException($"{node} shares the memory of its cache, which is for generating text: Occam runs it without");
        }

        var scale = attributes.Float("scale", 0) is var given && given == 0 ? 1 / Math.Sqrt(queries.Size(-1)) : given;
        var (scores, _) = Heads.Scores(node, queries, keys, scale, 0);
        if (call.Optional(KeyMask) is { } mask)
        {
            var filter = attributes.Float("mask_filter_value", -10000);
            scores += Closing(node, mask, queries, keys.Shape[2], filter);
        }

        scores = call.Optional(Added) is { } bias ? scores + bias : scores;
        var window = attributes.Int("unidirectional", 0) != 0
            ? Heads.Window(queries, queries.Shape[2], keys.Shape[2], past, null, 0)
            : null;
        var weights = Heads.Weights(scores, window);
        return [Heads.Join(weights.MatMul(values)), keys, values, scores];
    }

    public override string WhyUnbounded => AttentionBound.WhyNone;

    // Masks only shift scores.
    public override bool BoundReads(int input) => input is not (KeyMask or Added);

    public override bool SizesRead(int input) => BoundReads(input);

    public override ImmutableArray<ValueSize?> OutputSizes(SizeCall call)
    {
        if (!IsPlain(call.Call) || call.Dependent.Skip(Bias).Contains(true) || Shifted(call.Call, 2, call.Sizes[2]) is not { } values)
        {
            return [];
        }

        var (tokens, each) = (call.Call[0].Shape[1], values.Elements);
        var largest = each.AMax([2], keep: true).Expand(each.Shape[0], each.Shape[1], tokens, each.Shape[3]);
        return [new ValueSize(largest).WithGroups(3, values.LargestNorm(-1)).Moved(Heads.Join(largest), Heads.Join)];
    }

    protected override double? Bound(LipschitzCall call)
    {
        if (!IsPlain(call.Call) || call.InputBounds.Skip(Bias).Any(bound => bound > 0)
            || call.Call.Node.Outputs.Skip(1).Any(name => name.Length > 0))
        {
            return null;
        }

        AttentionBound.Part Part(int input) => new(
            call.InputBounds[input], Shifted(call.Call, input, call.Size(input))?.LargestNorm(-1) ?? double.PositiveInfinity);
        var (attributes, query) = (call.Call.Attributes, call.Call[0]);
        var scale = attributes.Float("scale", 0) is var given && given == 0
            ? 1 / Math.Sqrt((double)query.Shape[2] / attributes.Int("num_heads", 1))
            : given;
        return AttentionBound.Of(scale, query.Shape[1], Part(0), Part(1), Part(2));
    }

    // Queries, keys and values on their own, and no cache.
    private static bool IsPlain(in NodeCall call) =>
        call[0].Dimensions == 3 && call.Optional(1) is { Dimensions: 3 or 4 } && call.Optional(2) is { Dimensions: 3 or 4 }
        && call.Optional(PastKeys) is null;

    // By head, with their part of the bias added.
    private static ValueSize? Shifted(in NodeCall call, int input, ValueSize? size)
    {
        if (size is null || size.Elements.Dimensions == 4)
        {
            return size;
        }

        if (call.Optional(Bias) is { } bias)
        {
            var width = size.Elements.Size(-1);
            var shift = ValueSize.OfConstant(bias.Narrow(0, input == 2 ? bias.Elements - width : input * call[0].Size(-1), width));
            size = ValueSize.Sum(size.Elements + shift.Elements, size, shift);
        }

        var (node, heads) = (call.Node, call.Attributes.Int("num_heads", 0));
        return size.Moved(Heads.Split(node, size.Elements, heads), x => Heads.Split(node, x, heads));
    }

    private static (Tensor Queries, Tensor Keys, Tensor Values) Operands(in NodeCall call, long heads)
    {
        var node = call.Node;
        if (call[0].Dimensions == 5)
        {
            var packed = call[0].Permute(3, 0, 2, 1, 4);
            return (packed.Select(0, 0), packed.Select(0, 1), packed.Select(0, 2));
        }

        var query = call[0];
        var (key, value) = (call.Optional(1), call.Optional(2));
        var (bias, width) = (call.Optional(Bias), query.Size(-1));
        var queries = Heads.Split(node, bias is null ? query : query + bias.Narrow(0, 0, width), heads);
        if (key is { Dimensions: 5 })
        {
            var packed = key.Permute(3, 0, 2, 1, 4);
            return (queries, packed.Select(0, 0), packed.Select(0, 1));
        }

        if (key is null || value is null)
        {
            throw new OccamException($"{node} has queries of {query.Dimensions} dimensions and no keys and values: expected both");
        }

        Tensor ByHead(Tensor x, long start) => x.Dimensions == 4 ? x
            : Heads.Split(node, bias is null ? x : x + bias.Narrow(0, start, x.Size(-1)), heads);
        return (queries, ByHead(key, width), ByHead(value, 2 * width));
    }

    // Numbers or truth values for each key, or where each example's keys end (and begin).
    private static Tensor Closing(Node node, Tensor mask, Tensor queries, long keys, double filter)
    {
        var examples = queries.Shape[0];
        if (mask.Dimensions == 1 && (mask.Elements == examples || mask.Elements == 2 * examples))
        {
            var ends = mask.ToArray<long>();
            var rows = Enumerable.Range(0, (int)examples).Select(i => Enumerable.Range(0, (int)keys)
                .Select(key => key < ends[i] && (ends.Length == examples || key >= ends[examples + i]) ? 0 : filter).ToArray());
            return Tensor.FromArray([.. rows.SelectMany(row => row)], examples, 1, 1, keys).To(queries.ScalarType).To(queries.Device);
        }

        var shaped = mask.Dimensions switch
        {
            2 => mask.Unsqueeze(1).Unsqueeze(1),
            3 => mask.Unsqueeze(1),
            _ => throw new OccamException($"{node} has a mask of shape {string.Join("×", mask.Shape)}: expected a number for each example, "
                + "or one for each of its keys"),
        };
        return (shaped.To(queries.Device).GreaterThan(0).To(queries.ScalarType) - 1) * -filter;
    }
}
