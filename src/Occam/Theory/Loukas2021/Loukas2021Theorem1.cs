using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Theory.Parts;
using Occam.Training.Trajectories;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Theorem 1 of Loukas et al. 2021: Σ λ_t/σ_1 ≤ Σ ‖b_1(t+1) − b_1(t)‖/(α_t ε_t) ≤ Σ λ_t/σ_n over a set T of steps of plain
/// SGD. On a recorded training T is all of its steps (and each window by itself); on a network alone it is one epoch at
/// the weights as they are, that is at a vanishing learning rate.
/// <para>
/// σ_n is the smallest ‖W_1ᵀv‖ over unit v in R^{n_1}: 0 with more units than inputs, and then the upper bound is infinite.
/// Where the data span less than the input space the upper bound is also reported with min ‖W_1 x‖ over unit x of that
/// span, as the paper suggests; when it follows and when it may fail, <see cref="DataSpan"/> says.
/// </para>
/// </summary>
public sealed class Loukas2021Theorem1() : Theorem(
    "bth-theorem-1",
    "Length of the trajectory of the first bias",
    "Loukas et al. 2021, Theorem 1",
    "Σ λ_t/σ₁ ≤ Σ ‖b₁(t+1) − b₁(t)‖/(α_t ε_t) ≤ Σ λ_t/σ_n",
    TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer)
{
    // What single precision in training may take from both sides.
    private const double TrainingRounding = 1e-4;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var (found, layer) = (FirstLayerGradients.Of(context), FirstLayerGradients.Of(context).Layer);
        var (lipschitz, length) = (found.Lipschitz.Sum(), found.BiasSteps.Sum());
        List<Inequality> inequalities =
        [
            Inequality.AtMost("one epoch: Σ λ/σ₁ ≤ length", lipschitz / layer.Largest, length),
            Inequality.AtMost("one epoch: length ≤ Σ λ/σ_n", length, lipschitz / layer.Smallest, vacuous: FirstLayerBounds.Vacuous(layer)),
        ];
        List<string> notes = ["one epoch: a step on each example at the weights as they are, at a vanishing learning rate"];
        var span = DataSpan.Of(context.Network, context.Data) is { IsProper: true } proper ? proper : null;
        if (span is not null)
        {
            inequalities.Add(OnSpan("one epoch", span, length, lipschitz / span.Smallest));
            notes.Add(span.Remark);
        }

        List<Hypothesis> hypotheses = [FirstLayerBounds.SmallestSingularValue(layer)];
        if (context.Run is { } run)
        {
            AddRun(run, layer, span, inequalities, hypotheses);
        }

        return Blank with
        {
            Inequalities = [.. inequalities],
            Hypotheses = [.. hypotheses],
            Details =
            [
                new("lipschitz.sum", lipschitz), new("length", length), new("sigma.largest", layer.Largest),
                new("sigma.smallest", layer.Smallest),
            ],
            Notes = [.. notes],
        };
    }

    private static void AddRun(
        RecordedRun run, EntryLayer layer, DataSpan? span, List<Inequality> inequalities, List<Hypothesis> hypotheses)
    {
        hypotheses.Add(new("trained by plain SGD, an example a step, W₁ as it is", run.BoundsNotApplicable is null, run.BoundsNotApplicable
            ?? $"{run.Windows.Length} windows recorded"));
        if (run.BoundsNotApplicable is { } why)
        {
            inequalities.Add(Inequality.NotApplicable("training: Σ λ_t/σ₁ ≤ length ≤ Σ λ_t/σ_n", why));
            return;
        }

        var (lower, length, upper) = (
            Sum(run.Windows, window => window.Lower), Sum(run.Windows, window => window.Lengths[0]),
            Sum(run.Windows, window => window.Upper));
        inequalities.Add(Inequality.AtMost("training: Σ λ_t/σ₁ ≤ length", lower, length, TrainingRounding));
        inequalities.Add(
            Inequality.AtMost("training: length ≤ Σ λ_t/σ_n", length, upper, TrainingRounding, FirstLayerBounds.Vacuous(layer)));
        if (span is not null)
        {
            inequalities.Add(OnSpan("training", span, length, lower * layer.Largest / span.Smallest, TrainingRounding));
        }

        if (run.Windows.Where(window => window.Lengths[0] > 0).MaxBy(window => window.Lower / window.Lengths[0]) is { } closest)
        {
            inequalities.Add(Inequality.AtMost(
                $"training, steps {closest.From} to {closest.To}, where it is closest: Σ λ_t/σ₁ ≤ length", closest.Lower,
                closest.Lengths[0], TrainingRounding));
        }

        // The length is summed from ∂f/∂b₁ in closed form; that the biases that were stored moved by it is another matter.
        inequalities.AddRange(
            FirstLayerBounds.StoredSteps("training: closed form against the steps of the stored b₁, relative difference", run));
        if (layer is { Largest: 1, Smallest: 1 })
        {
            inequalities.Add(Inequality.Equal("training: Σ λ_t = length (W₁ keeps lengths)", lower, length, TrainingRounding));
        }
    }

    private static Inequality OnSpan(string over, DataSpan span, double length, double bound, double tolerance = 1e-9)
    {
        var inequality = Inequality.AtMost(
            $"{over}: length ≤ Σ λ/min‖W₁x‖ over the data's {span.Dimension} dimensions", length, bound, tolerance, span.Vacuous);
        return span.Follows ? inequality : inequality.AsSuggested();
    }

    private static double Sum(ImmutableArray<TrajectoryWindow> windows, Func<TrajectoryWindow, double> of) => windows.Sum(of);
}
