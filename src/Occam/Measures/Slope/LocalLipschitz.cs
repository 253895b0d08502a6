using MathNet.Numerics.Statistics;
using Occam.Measures.Transfer;
using Occam.Torch;

namespace Occam.Measures.Slope;

/// <summary>
/// The local Lipschitz constants σ_max(J(x)) over the data (Loukas et al. 2021, §3.2): the largest singular value
/// of the Jacobian of the logits, ‖∇f(x)‖ for one output. The value is the mean; maximum, median, 95th percentile
/// beside it.
/// <para>
/// The same on the probabilities (softmax, or sigmoid for one output or where the network ended in one), as in
/// Loukas et al.'s Task 2: the Jacobian S J with S the activation's own Jacobian. Evaluation mode, exact: from
/// the eigenvalues of J Jᵀ (or Jᵀ J, whichever is smaller) in float64.
/// <para>
/// Where both sides of J have many numbers (<see cref="MeasureOptions.MostExactRows"/>; or some dozens and an estimate is asked
/// for), σ_max comes from the Lanczos process on products with JᵀJ: what some unit vector reaches, and so not above σ_max, with
/// the residual, which bounds what is missing from a random start.
/// </para>
/// </para>
/// </summary>
public sealed record LocalLipschitz() : Measure(
    "local-lipschitz", "Local Lipschitz constant, mean", "Loukas et al. 2021, §3.2",
    "$σ_max(J(x))$ over the data: mean, maximum, quantiles", MeasureNeeds.Data | MeasureNeeds.Derivative, inDefaultSet: true)
{
    // Elements of the Jacobians that are held at once.
    private const long JacobianBudget = 32L << 20;

    // Numbers of a Krylov basis that are held at once, for all examples of a batch.
    private const long BasisBudget = 64L << 20;
    private const int LikelySteps = 40;

    // With an estimate asked for: from here on the iteration takes fewer passes than there are rows.
    private const long WorthIterating = 64;

    /// <summary>σ_max(J(x)) of every example, computed once a run.</summary>
    internal static double[] OfLogits(MeasureContext context) => Constants(context).Logits;

    /// <summary>How many examples' Jacobians are computed at once, limited by memory.</summary>
    internal static int ExamplesAtOnce(MeasureContext context) =>
        (int)Math.Clamp(JacobianBudget / Math.Max(1, context.Inputs * context.Passes), 1, context.BatchSize);

    /// <summary>σ_max of each matrix of a batch, in float64.</summary>
    internal static double[] LargestSingularValues(Tensor matrices)
    {
        using var scope = Libtorch.NewDisposeScope();
        var wide = matrices.To(ScalarType.Float64);
        var gram = wide.Size(1) <= wide.Size(2) ? wide.BatchMatMul(wide.Transpose(1, 2)) : wide.Transpose(1, 2).BatchMatMul(wide);
        return Roots(gram);
    }

    /// <inheritdoc/>
    public override string Meaning =>
        "How much the outputs change with the input at each example, in the direction in which they change most.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var (logits, probabilities, upper) = Constants(context);
        List<KeyValuePair<string, double>> details = [.. Quantiles("", logits)];
        if (probabilities is not null)
        {
            details.Add(new("probabilities.mean", probabilities.Mean()));
            details.AddRange(Quantiles("probabilities.", probabilities));
        }

        if (upper is not null)
        {
            details.Add(new("residual", logits.Zip(upper, (low, high) => high > 0 ? 1 - (low / high) : 0).Max()));
        }

        return Blank with
        {
            Quantity = upper is null ? logits.Mean()
                : Uncertain.Iterated(logits.Mean(), upper.Mean() - logits.Mean()) with { Side = BoundSide.Lower },
            Details = [.. details],
            PerExample = [.. logits],
            IsMeanOfExamples = true,
            Notes = upper is null
                ? context.CutWays
                : [
                    .. context.CutWays,
                    "by the Lanczos process on products with JᵀJ: lower bounds, the largest σ_max being missed by less than the part "
                        + "“residual” of it, from a random start",
                ],
        };
    }

    private static IEnumerable<KeyValuePair<string, double>> Quantiles(string prefix, double[] values) =>
    [
        new(prefix + "maximum", values.Max()),
        new(prefix + "median", Statistics.QuantileCustom(values, 0.5, QuantileDefinition.R7)),
        new(prefix + "p95", Statistics.QuantileCustom(values, 0.95, QuantileDefinition.R7)),
    ];

    private static (double[] Logits, double[]? Probabilities, double[]? Upper) Constants(MeasureContext context) =>
        context.Shared(default(LargestStretches), () => IsIterated(context)
            ? Iterate(context)
            : Exact(context));

    /// <summary>Whether σ_max comes from products with J and its transpose, and J itself is too large to be computed.</summary>
    internal static bool IsIterated(MeasureContext context) => !context.Options.Exact && (context.HasManyRows
        || (context.Options.Directions is not null && context.Passes > WorthIterating));

    private static (double[] Logits, double[]? Probabilities, double[]? Upper) Iterate(MeasureContext context)
    {
        var size = BasisBudget / (Math.Min(context.Inputs, context.Outputs) * LikelySteps);
        var found = context.ByExample(
            "largest-stretches-by-products",
            batch =>
            {
                using var grad = Libtorch.EnableGrad();
                var x = batch.Inputs.Detach().RequireGrad();
                var (lower, upper) = BatchedOperatorNorm.Of(x, batch.Function.Forward(x), context.Options.Seed, () => batch.Progress(0));
                return [lower, upper];
            },
            (int)Math.Clamp(size, 1, context.BatchSize));
        return (found[0], null, found[1]);
    }

    private static (double[] Logits, double[]? Probabilities, double[]? Upper) Exact(MeasureContext context)
    {
        var exact = ExactJacobians.WithStretches(context);
        return (Finite(exact.Largest!), exact.ProbabilityLargest, null);
    }

    /// <summary>The values, if none of them is NaN.</summary>
    /// <exception cref="OccamException">One is: the derivative isn't finite.</exception>
    internal static double[] Finite(double[] stretches) => !stretches.Any(double.IsNaN) ? stretches
        : throw new OccamException("the derivative by the input is not finite at an example: the network's output isn't there, or it is "
            + "infinitely steep (occam run shows the outputs)");

    /// <summary>The square root of the largest eigenvalue of each matrix of a batch; NaN of all where one is not finite.</summary>
    internal static double[] Roots(Tensor gram)
    {
        if (!double.IsFinite(gram.Norm().Item()))
        {
            return [.. Enumerable.Repeat(double.NaN, (int)gram.Size(0))];
        }

        var eigenvalues = gram.EigenvaluesSymmetric();
        return eigenvalues.Select(1, eigenvalues.Size(1) - 1).Clamp(0, null).Sqrt().ToArray<double>();
    }

    private readonly record struct LargestStretches;
}
