using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>What operators with heads of attention share.</summary>
internal static class Heads
{
    // What no score comes near, and whose sums stay finite in every type.
    private const double Closed = -1e37;
    private const double LeastOpen = -1e36;

    /// <summary>Batch × tokens × (heads · size) as batch × heads × tokens × size.</summary>
    /// <exception cref="OccamException">The numbers don't come out.</exception>
    public static Tensor Split(Node node, Tensor x, long heads) =>
        x.Dimensions == 3 && heads > 0 && x.Shape[2] % heads == 0
            ? x.Reshape(x.Shape[0], x.Shape[1], heads, x.Shape[2] / heads).Permute(0, 2, 1, 3)
            : throw new OccamException($"{node} splits {string.Join("×", x.Shape)} into {heads} heads: it doesn't come out");

    /// <summary>Batch × heads × tokens × size as batch × tokens × (heads · size).</summary>
    public static Tensor Join(Tensor x) =>
        x.Permute(0, 2, 1, 3).Reshape(x.Shape[0], x.Shape[2], x.Shape[1] * x.Shape[3]);

    /// <summary>Keys or values, each head repeated for the heads of queries that share it.</summary>
    /// <exception cref="OccamException">The queries' heads are no multiple.</exception>
    public static Tensor Shared(Node node, Tensor x, long heads)
    {
        var own = x.Shape[1];
        return own == heads ? x
            : own > 0 && heads % own == 0
                ? x.Unsqueeze(2).Expand(x.Shape[0], own, heads / own, x.Shape[2], x.Shape[3]).Flatten(1, 2)
            : throw new OccamException($"{node} has {heads} heads of queries for {own} of keys: expected a multiple");
    }

    /// <summary>The scores c Q Kᵀ, and t tanh(score/t) of them where t &gt; 0.</summary>
    public static (Tensor Raw, Tensor Capped) Scores(Node node, Tensor queries, Tensor keys, double scale, double cap)
    {
        Limits.CheckElements(node, queries.Shape[0], queries.Shape[1], queries.Shape[2], keys.Shape[2]);
        var raw = (queries * scale).MatMul(keys.Transpose(-2, -1));
        return (raw, cap > 0 ? (raw * (1 / cap)).Tanh() * cap : raw);
    }

    /// <summary>
    /// What is added to the scores so that only some keys count: 0 where a token sees a key, and a large negative number elsewhere.
    /// </summary>
    /// <param name="like">A tensor of the type and device.</param>
    /// <param name="tokens">How many tokens ask.</param>
    /// <param name="keys">How many keys there are.</param>
    /// <param name="offset">Keys before those of the first token.</param>
    /// <param name="left">How many keys before its own a token sees, or null for all.</param>
    /// <param name="right">How many keys after its own a token sees, or null for all.</param>
    public static Tensor Window(Tensor like, long tokens, long keys, long offset, long? left, long? right)
    {
        var seen = Tensor.Ones([tokens, keys], like.ScalarType, like.Device);
        seen = right is { } after ? seen.LowerTriangle(Math.Clamp(offset + after, -tokens, keys)) : seen;
        seen = left is { } before ? seen.UpperTriangle(Math.Clamp(offset - before, -tokens, keys)) : seen;
        return (seen - 1) * -Closed;
    }

    /// <summary>A mask in the form of what is added: of truth values, or of numbers, in which −∞ closes a key.</summary>
    public static Tensor Added(Tensor mask, Tensor like)
    {
        if (!mask.IsFloatingPoint)
        {
            return (mask.To(like.Device).To(ScalarType.Bool).To(like.ScalarType) - 1) * -Closed;
        }

        var closed = Tensor.Full([], Closed, like.ScalarType, like.Device);
        var infinite = mask.IsFinite().Not();
        return closed.Where(infinite, mask.Clamp(LeastOpen, null));
    }

    /// <summary>The scores as a mask leaves them: −∞ where a key isn't seen.</summary>
    public static Tensor WithMask(Tensor scores, Tensor added)
    {
        var masked = scores + added;
        return masked.Where(masked.GreaterThan(2 * LeastOpen), Tensor.Full([], double.NegativeInfinity, masked.ScalarType, masked.Device));
    }

    /// <summary>The weights of the keys; of a token that sees none, zeros.</summary>
    public static Tensor Weights(Tensor scores, Tensor? added)
    {
        if (added is null)
        {
            return scores.Softmax(3);
        }

        var open = added.AMax([-1], keep: true).GreaterThan(2 * LeastOpen).To(scores.ScalarType);
        return (scores + added).Softmax(3) * open;
    }
}
