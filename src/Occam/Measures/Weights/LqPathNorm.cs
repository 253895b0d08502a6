using Occam.Networks;

namespace Occam.Measures.Weights;

/// <summary>
/// The ℓ_q path norm, (Σ over paths of Π |W|^q)^(1/q), for any q (Gonon et al. 2024): for q = 1
/// <c>l1-path-norm</c>, and for q = 2 the root of <c>l2-path-norm</c>. Exact, in one pass in float64 out of which powers of two are taken
/// where numbers leave the range of a double: <c>ln</c> is there for networks of any depth.
/// <para>
/// Conventions: those of <see cref="PathNorm"/>. A path may run through any number of a max-pooling's window; the coefficients 1/n
/// of a mean are weights, and raised to q as they are; batch normalization is folded first. With biases, paths begin
/// at biases too, as Gonon et al. have it; without them, at inputs alone.
/// </para>
/// </summary>
/// <param name="Q">q, from 1 to 64.</param>
/// <param name="Biases">Whether paths begin at biases, too.</param>
public sealed record LqPathNorm(double Q = 2, bool Biases = true) : Measure(
    "lq-path-norm", "ℓq path norm", "Gonon et al. 2024",
    "$(Σ_p ∏_{i∈p} |w_i|^q)^{1/q}$ over the paths $p$ from inputs and biases", MeasureNeeds.Graph)
{
    // Beyond, powers of the weights themselves leave the range of a double, and the norm is that of the largest path to some digits.
    private const double LargestQ = 64;

    /// <inheritdoc/>
    public override string Meaning => "How much all paths from input to output let through together, each by its weights to the power q.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    public override string? Problem() => Unless(Q is >= 1 and <= LargestQ, $"q = {Q}", $"a number from 1 to {LargestQ}");

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        if (context.OneExample is not { } example)
        {
            return Blank with { NotApplicable = PathNorm.NoSize };
        }

        if (HeldOnPaths.First(context.Subject.Folded!) is var (held, at))
        {
            return Blank with { NotApplicable = PathNorm.Changes(held, at) };
        }

        var network = HeldOnPaths.Stored(context, context.Subject.Folded!);
        var sum = PathSum.Of(network, example, Q, null, context.Options.Cancellation, Biases);
        if (sum.Untreated is { } node)
        {
            return Blank with
            {
                NotApplicable = $"sums over paths, which mean nothing at {node}",
                Skipped = [new SkippedNode(node.Name, "no sum over paths passes through it")],
            };
        }

        var ln = sum.Ln / Q;
        var value = Math.Exp(ln);
        return Blank with
        {
            Value = value,
            Details = double.IsFinite(ln) ? [new("ln", ln)] : [],
            Notes =
            [
                .. PathNorm.CurvedNotes(network),
                .. double.IsFinite(value) && (value > 0 || !double.IsFinite(ln))
                    ? (string[])[] : ["the value leaves the range of a double: ln is its natural logarithm"],
            ],
        };
    }
}
