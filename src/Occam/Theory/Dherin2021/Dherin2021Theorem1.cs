using System.Collections.Immutable;
using Occam.Measures.Transfer;
using Occam.Theory.Parts;

namespace Occam.Theory.Dherin2021;

/// <summary>
/// Dherin et al. 2021, Theorem 1 (eq. 7): ‖∇_x f‖² Σ_i (1 + ‖h_i‖²)/A_i² ≤ ‖∇_θ f‖², at each example and for each output alone. It
/// rests on the identity ‖∇_θ f‖² = Σ_i (1 + ‖h_i‖²) ‖δ_i‖², which is checked against gradients that were written out.
/// </summary>
public sealed class Dherin2021Theorem1() : TransferTheorem(
    "gor-theorem-1",
    "Transfer from parameters to inputs",
    "Dherin et al. 2021, Theorem 1, eq. 7",
    "‖∇_x f‖² Σ_i (1 + ‖h_i‖²) / A_i² ≤ ‖∇_θ f‖²")
{
    private protected override ImmutableArray<Inequality> Inequalities(TheoryContext context, TransferQuantities found) =>
    [
        ParameterGradients.Identity(context, found),
        Tightest("‖∇_x f‖² Σ (1 + ‖h‖²) / A² ≤ ‖∇_θ f‖²", OutputsAndExamples(found).Select(at => (
            found.SquaredGradients[at.Output, at.Example] * Enumerable.Range(0, found.Layers.Length).Sum(
                i => found.SquaredTransfer(i, at.Example)),
            SquaredParameterGradient(found, at.Output, at.Example)))),
    ];

    private protected override ImmutableArray<KeyValuePair<string, double>> Details(TheoryContext context, TransferQuantities found) =>
    [
        .. found.Layers.Select((layer, i) => KeyValuePair.Create(
            $"A.{layer.Node.Name}", Enumerable.Range(0, context.Data.Count).Average(n => found.Amplification(i, n)))),
    ];
}
