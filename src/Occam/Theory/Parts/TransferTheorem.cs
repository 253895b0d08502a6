using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Measures.Transfer;

namespace Occam.Theory.Parts;

/// <summary>
/// What the transfers from gradients by the parameters to gradients by the input share: layers z_i = W_i h_i(x) + b_i that the
/// output sees the input through, each with parameters of its own. Weight sharing, as in convolutions, breaks the identity
/// that they rest on, and there they are not applicable.
/// </summary>
public abstract class TransferTheorem(string id, string title, string source, string statement)
    : Theorem(id, title, source, statement, TheoremNeeds.Derivative | TheoremNeeds.WeightDerivative)
{
    /// <inheritdoc/>
    public sealed override bool IsOfBatches => true;

    /// <inheritdoc/>
    protected sealed override TheoremResult Verify(TheoryContext context)
    {
        var network = context.Network;
        var found = TransferQuantities.Of(context.Measures, slopes: true);
        var tied = ParameterUse.OfAll(network) is null;
        TransferLayer? shared = found.Layers.FirstOrDefault(layer => !layer.IsDense);
        TransferLayer? around = found.Layers.FirstOrDefault(layer => !layer.IsBottleneck);
        ImmutableArray<Hypothesis> hypotheses =
        [
            new("layers are dense", shared is null
                && found.Skipped.IsEmpty
                && !found.Layers.IsEmpty, found.NoLayers is { } none ? none
                : shared is not null ? $"{shared.Node} applies its weight at several places, or scaled"
                : found.Skipped is [var skipped, ..] ? $"'{skipped.Node}' {skipped.Why}"
                : $"{found.Layers.Length} are"),
            new("each layer is all that the output sees of the input", around is null, around is null
                ? "no way leads around any"
                : $"a way leads around {around.Node}"),
            new("every parameter enters at one place", !tied, tied
                ? "some enters at several, or by way of what is computed from it"
                : "each does"),
        ];
        return hypotheses.FirstOrDefault(hypothesis => hypothesis.Holds is false) is { } broken
            ? Blank with { Hypotheses = hypotheses, NotApplicable = $"{broken.Name}: {broken.Finding}" }
            : Blank with
            {
                Hypotheses = hypotheses,
                Inequalities = Inequalities(context, found),
                Details = Details(context, found),
                Notes = ["of each inequality, the example and output where it is tightest"],
            };
    }

    /// <summary>The inequalities where the hypotheses hold.</summary>
    private protected abstract ImmutableArray<Inequality> Inequalities(TheoryContext context, TransferQuantities found);

    /// <summary>Numbers beside them.</summary>
    private protected virtual ImmutableArray<KeyValuePair<string, double>> Details(TheoryContext context, TransferQuantities found) => [];

    /// <summary>Σ_i (1 + ‖h_i‖²) ‖δ_i^j‖² = ‖∇_θ f^j‖², without what other parameters than the layers' add.</summary>
    private protected static double SquaredParameterGradient(TransferQuantities found, int output, int example) =>
        Enumerable
            .Range(0, found.Layers.Length)
            .Sum(i => ((found.Layers[i].HasBias ? 1 : 0) + found.SquaredInputs[i][example]) * found.SquaredSlopes[i][output, example]);

    /// <summary>An inequality where its left side is the largest part of the right one.</summary>
    private protected static Inequality Tightest(string name, IEnumerable<(double Left, double Right)> sides)
    {
        // Left of zero over right of zero says nothing, and is the last to be chosen.
        var (left, right) = sides.MaxBy(pair => pair.Left == 0 ? 0 : pair.Left / pair.Right);
        return Inequality.AtMost(name, left, right);
    }

    /// <summary>All pairs of an output and an example.</summary>
    private protected static IEnumerable<(int Output, int Example)> OutputsAndExamples(TransferQuantities found) =>
        from j in Enumerable.Range(0, found.SquaredGradients.GetLength(0))
        from n in Enumerable.Range(0, found.SquaredGradients.GetLength(1))
        select (j, n);
}
