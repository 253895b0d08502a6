using Occam.Data;
using Occam.Derivatives;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Trajectories;

namespace Occam.Theory.Parts;

/// <summary>What Lemma 1, Lemma 5 and Theorem 1 of Loukas et al. 2021 have in common.</summary>
internal static class FirstLayerBounds
{
    /// <summary>Why the bound that divides by σ_n says nothing, or null when it says something.</summary>
    public static string? Vacuous(EntryLayer layer) =>
        layer.Smallest > 0 ? null
        : layer.Weight is { } W && W.Size(0) > W.Size(1)
            ? $"W₁ has more units ({W.Size(0)}) than inputs ({W.Size(1)}), so W₁ᵀ maps some vector to 0: no bound from above"
        : "W₁ is singular: no bound from above";

    /// <summary>The hypothesis about σ_n.</summary>
    public static Hypothesis SmallestSingularValue(EntryLayer layer) =>
        new("W₁ᵀ maps no vector to 0 (for the bound from above)", layer.Smallest > 0,
            $"σ₁ = {layer.Largest:G6}, smallest ‖W₁ᵀv‖ = {layer.Smallest:G6}");

    /// <summary>That the stored b_1 moved in a recorded training as the closed form says; nothing where no window is complete.</summary>
    /// <param name="name">What stands on the two sides.</param>
    /// <param name="run">A training to which the bounds apply.</param>
    public static IEnumerable<Inequality> StoredSteps(string name, RecordedRun run) =>
        run.Windows.IsEmpty
            ? []
            : [Inequality.AtMost(name, run.Windows.Max(window => window.Disagreement), TrajectoryWindow.StoredPrecision)];

    /// <summary>
    /// The largest relative difference between ‖∂f/∂b_1‖ and ‖b_1' − b_1‖/(α ε) for a step of plain SGD from the network as
    /// it is, over some examples; null where the data have no targets to step towards.
    /// </summary>
    public static double? DifferenceQuotient(TheoryContext context)
    {
        const double LearningRate = 0.125;
        const int Examples = 64;
        if (Targets(context.Data) is not { } targets)
        {
            return null;
        }

        Loss loss = context.HasSigmoid ? new BinaryCrossEntropy() : new HalfSquaredError();
        var (layer, worst) = (FirstLayerGradients.Of(context).Layer, 0.0);
        for (var i = 0; i < Math.Min(Examples, context.Data.Count); i++)
        {
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.EnableGrad();
            var z = layer.Output(context.Measures.Examples(i, 1)).Detach().RequireGrad();
            var logit = layer.Rest(z).Reshape(1, 1);
            loss.Slope([logit.Item()], [targets[i]], new double[1], out var epsilon);
            if (!logit.RequiresGrad || epsilon == 0)
            {
                continue;
            }

            var step = Autograd.Grad(loss.Mean(logit, Tensor.Full([1, 1], targets[i], ScalarType.Float64)), z)
                .MultiplyInPlace(LearningRate)
                .Norm()
                .Item();
            var expected = FirstLayerGradients.Of(context).BiasSteps[i];
            worst = Math.Max(worst, Math.Abs((step / (LearningRate * epsilon)) - expected) / Math.Max(expected, double.Epsilon));
        }

        return worst;
    }

    // A number an example, whatever it is called.
    private static double[]? Targets(DataSet data) =>
        data.Targets is { } targets && data.TargetSize == 1 ? targets
            : data.Labels is { } labels ? Array.ConvertAll(labels, label => (double)Math.Min(label, 1))
            : null;
}
