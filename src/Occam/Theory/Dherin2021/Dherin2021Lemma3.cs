using System.Collections.Immutable;
using Occam.Measures.Transfer;
using Occam.Theory.Parts;

namespace Occam.Theory.Dherin2021;

/// <summary>
/// Dherin et al. 2021, Lemma 3 (eq. 10): ‖∇_x f‖² (‖h_i‖ / (‖w_i‖ ‖h_i′‖))² ≤ ‖∇_{w_i} f‖² for every layer i, at each example and for each
/// output alone.
/// </summary>
public sealed class Dherin2021Lemma3() : TransferTheorem(
    "gor-lemma-3",
    "Transfer from a layer's weights",
    "Dherin et al. 2021, Lemma 3, eq. 10",
    "‖∇_x f‖² (‖h_i‖ / A_i)² ≤ ‖∇_{w_i} f‖²")
{
    private protected override ImmutableArray<Inequality> Inequalities(TheoryContext context, TransferQuantities found) =>
    [
        .. found.Layers.Select((layer, i) => Tightest(
            $"‖∇_x f‖² (‖h‖ / A)² ≤ ‖∇_w f‖², {layer.Node.Name}",
            OutputsAndExamples(found).Select(at => (
                found.SquaredGradients[at.Output, at.Example] * found.SquaredInputs[i][at.Example] / Math.Pow(
                    found.Amplification(i, at.Example), 2),
                found.SquaredInputs[i][at.Example] * found.SquaredSlopes[i][at.Output, at.Example])))),
    ];
}
