using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// ‖∂L_i/∂θ‖² of each example i of a batch without the gradients of the examples one by one: what operators need to
/// answer <see cref="Operator.SquaredGradientByExample"/>.
/// </summary>
internal static class ExampleGradients
{
    private const long ElementBudget = 2L << 20;

    /// <summary>
    /// ‖A_i B_iᵀ‖_F² for A batch × p × n and B batch × q × n, in chunks of examples that fit in memory: from the product,
    /// or as Σ (AᵀA ∘ BᵀB) where n is small beside p and q.
    /// </summary>
    public static Tensor OfProduct(Tensor A, Tensor B)
    {
        if (A.Size(2) == 1)
        {
            // ‖a bᵀ‖² = ‖a‖² ‖b‖².
            return SquaresOf(A) * SquaresOf(B);
        }

        var (p, q, n) = (A.Size(1), B.Size(1), A.Size(2));
        var byGram = IsGramCheaper(p, q, n);
        var chunk = Math.Max(1, ElementBudget / (byGram ? n * n : p * q));
        var parts = new List<Tensor>();
        for (var start = 0L; start < A.Size(0); start += chunk)
        {
            var count = Math.Min(chunk, A.Size(0) - start);
            using var scope = Libtorch.NewDisposeScope();
            var (a, b) = (A.Narrow(0, start, count), B.Narrow(0, start, count));
            var squares = byGram
                ? (Wide(a.Transpose(1, 2).BatchMatMul(a)) * Wide(b.Transpose(1, 2).BatchMatMul(b))).Sum([1, 2]).Clamp(0, null)
                : SquaresOf(a.BatchMatMul(b.Transpose(1, 2)));
            parts.Add(squares.MoveToOuterDisposeScope());
        }

        return Tensor.Cat([.. parts], 0);
    }

    /// <summary>
    /// What becomes of some examples' whole gradients at a time, put together: of a node's parameter that takes them
    /// (<see cref="Operator.TakesGradientByExample"/>).
    /// </summary>
    public static Tensor InParts(Operator op, in NodeCall call, int input, Tensor cotangent, Func<Tensor, Tensor> ofPart)
    {
        var (examples, parts) = (cotangent.Size(0), new List<Tensor>());

        // Cotangents of several passes stand side by side, with a gradient each.
        var passes = Math.Max(1, cotangent.Elements / Math.Max(1, examples) / Math.Max(1, call[input].Size(0)));
        var chunk = Math.Max(1, ElementBudget / Math.Max(1, call[input].Elements * passes));
        for (var start = 0L; start < examples; start += chunk)
        {
            using var scope = Libtorch.NewDisposeScope();
            var count = Math.Min(chunk, examples - start);
            var some = call with { Inputs = [call[0].Narrow(0, start, count), .. call.Inputs[1..]] };
            parts.Add(ofPart(op.GradientByExample(some, input, cotangent.Narrow(0, start, count))!).MoveToOuterDisposeScope());
        }

        return Tensor.Cat([.. parts], 0);
    }

    /// <summary>Whether <see cref="OfProduct"/> of p × n and q × n is cheaper from n × n matrices than from the product.</summary>
    public static bool IsGramCheaper(long p, long q, long n) => n * (p + q) < p * q;

    /// <summary>
    /// The squares of a gradient (batch × anything) that is summed over what a parameter of the given shape is
    /// broadcast over; null where the parameter isn't broadcast over the examples.
    /// </summary>
    public static Tensor? OfBroadcast(Tensor gradient, params long[] shape)
    {
        var missing = gradient.Dimensions - shape.Length;
        if (gradient.Dimensions < 2 || missing < 0 || (missing == 0 && shape[0] != 1))
        {
            return null;
        }

        long[] repeated = [.. Enumerable.Range(1, gradient.Dimensions - 1)
            .Where(i => i < missing || (shape[i - missing] == 1 && gradient.Size(i) != 1))
            .Select(i => (long)i)];
        return SquaresOf(repeated.Length > 0 ? gradient.Sum(repeated, keep: true) : gradient);
    }

    /// <summary>A parameter by channel against a gradient of batch × channels × space.</summary>
    public static Tensor? OfChannels(Tensor gradient) =>
        OfBroadcast(gradient, [gradient.Size(1), .. Enumerable.Repeat(1L, gradient.Dimensions - 2)]);

    /// <summary>The sum of squares of each example's part.</summary>
    public static Tensor SquaresOf(Tensor tensor) => Wide(tensor).Flatten(1).Square().Sum([1]);

    private static Tensor Wide(Tensor tensor) => tensor.ScalarType == ScalarType.BFloat16 ? tensor.To(ScalarType.Float32) : tensor;
}
