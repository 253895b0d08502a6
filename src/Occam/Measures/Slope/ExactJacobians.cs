using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Torch;

namespace Occam.Measures.Slope;

/// <summary>
/// What the measures of one run take from the exact Jacobians: one pass over the data serves all of them, where it is known which
/// are to come (<see cref="MeasureContext.Plan"/>).
/// </summary>
/// <param name="SquaredNorms">‖J(x)‖_F² by example.</param>
/// <param name="Largest">σ_max(J(x)) by example; null where it wasn't asked for.</param>
/// <param name="ProbabilityNorms">‖S J(x)‖_F², S the probabilities' Jacobian by the logits; null where there are many.</param>
/// <param name="ProbabilityLargest">σ_max(S J(x)).</param>
internal sealed record ExactJacobians(
    double[] SquaredNorms, double[]? Largest, double[]? ProbabilityNorms, double[]? ProbabilityLargest)
{
    /// <summary>The squared norms; with what else is planned, if anything of it needs the same Jacobians.</summary>
    public static double[] NormsOf(MeasureContext context) => NeedsStretches(context)
        ? WithStretches(context).SquaredNorms
        : context.Shared(default(Alone), () => new ExactJacobians(Norms(context), null, null, null)).SquaredNorms;

    /// <summary>All of it.</summary>
    public static ExactJacobians WithStretches(MeasureContext context) => context.Shared(default(Whole), () => Compute(context));

    /// <summary>How they were computed, where that isn't the plain way.</summary>
    public static ImmutableArray<string> Notes(MeasureContext context)
    {
        var (passes, outputs) = (context.Jacobian.ReversePasses, context.Outputs);
        return context.Jacobian.ByRows && passes < outputs
            ? [$"by {Counted.Of(passes, "pass", "passes")} from the features before the last layer, which makes "
                + $"{Numbers.Format(outputs)} outputs of them"]
            : [];
    }

    private static bool NeedsStretches(MeasureContext context) => !LocalLipschitz.IsIterated(context)
        && (context.Planned.Any(measure => measure is LocalLipschitz or LipschitzLower)
            || (context.Options.Layers && Probabilities.AreFew(context)));

    private static double[] Norms(MeasureContext context)
    {
        Forecast.Tell(context);
        return context.ByExample("squared-norms", batch => [batch.Jacobian.SquaredNorms(batch.Inputs, batch.Progress)])[0];
    }

    private static ExactJacobians Compute(MeasureContext context)
    {
        Forecast.Tell(context);
        var few = Probabilities.AreFew(context);
        var found = context.ByExample(
            "jacobians", batch => few ? OfProbabilities(context, batch) : OfLogits(batch), LocalLipschitz.ExamplesAtOnce(context));
        return new ExactJacobians(found[0], found[1], few ? found[2] : null, few ? found[3] : null);
    }

    private static double[][] OfLogits(ExampleBatch batch)
    {
        if (batch.Jacobian.ByRows)
        {
            var gram = batch.Jacobian.ReducedGram(batch.Inputs, batch.Progress);
            return [Traces(gram), LocalLipschitz.Roots(gram)];
        }

        // More outputs than inputs: the smaller side is the other one.
        var matrices = batch.Jacobian.Reduced(batch.Inputs, batch.Progress);
        return [SumOfSquares.ByExample(matrices), LocalLipschitz.LargestSingularValues(matrices)];
    }

    // S J = (S Q) M, where J = Q M.
    private static double[][] OfProbabilities(MeasureContext context, ExampleBatch batch)
    {
        var gram = batch.Jacobian.ReducedGram(batch.Inputs, batch.Progress);
        var S = Probabilities.Jacobian(context, batch);
        S = batch.Jacobian.Basis is { } q ? S.MatMul(q) : S;
        var moved = S.BatchMatMul(gram).BatchMatMul(S.Transpose(1, 2));
        return [Traces(gram), LocalLipschitz.Roots(gram), Traces(moved), LocalLipschitz.Roots(moved)];
    }

    private static double[] Traces(Tensor matrices) => matrices.Diagonal(1, 2).Sum([1]).ToArray<double>();

    private readonly record struct Alone;

    private readonly record struct Whole;
}
