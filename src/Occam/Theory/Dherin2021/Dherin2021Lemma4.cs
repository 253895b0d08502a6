using System.Collections.Immutable;
using Occam.Measures.Transfer;
using Occam.Theory.Parts;

namespace Occam.Theory.Dherin2021;

/// <summary>
/// Dherin et al. 2021, Lemma 4 (eq. 15): ‖∇_x f‖² (1 / (‖w_i‖ ‖h_i′‖))² ≤ ‖∇_{b_i} f‖² for every layer i with biases, at each example and
/// for each output alone.
/// </summary>
public sealed class Dherin2021Lemma4() : TransferTheorem(
    "gor-lemma-4",
    "Transfer from a layer's biases",
    "Dherin et al. 2021, Lemma 4, eq. 15",
    "‖∇_x f‖² / A_i² ≤ ‖∇_{b_i} f‖²")
{
    private protected override ImmutableArray<Inequality> Inequalities(TheoryContext context, TransferQuantities found) =>
    [
        .. found.Layers.Select((layer, i) => layer.HasBias
            ? Tightest(
                $"‖∇_x f‖² / A² ≤ ‖∇_b f‖², {layer.Node.Name}",
                OutputsAndExamples(found).Select(at => (
                    found.SquaredGradients[at.Output, at.Example] / Math.Pow(found.Amplification(i, at.Example), 2),
                    found.SquaredSlopes[i][at.Output, at.Example])))
            : Inequality.NotApplicable($"‖∇_x f‖² / A² ≤ ‖∇_b f‖², {layer.Node.Name}", "the layer has no biases")),
    ];
}
