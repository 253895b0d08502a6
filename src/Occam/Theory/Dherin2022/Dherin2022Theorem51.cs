using System.Collections.Immutable;
using Occam.Measures.Transfer;
using Occam.Theory.Parts;

namespace Occam.Theory.Dherin2022;

/// <summary>
/// Dherin et al. 2022, Theorem 5.1 (eq. 9): ‖∇_x f‖_F² ≤ ‖∇_θ f‖_F² / Σ_i T_i² with T_i of eq. 10, at each example. It holds without
/// the factor 1/√min(d, k) of T_i too, which is stronger; both are checked, and the identity that they rest on. Beside them the means
/// over the data of T_i², of ‖∇_θ f‖_F² and of ‖∇_x f‖_F².
/// </summary>
public sealed class Dherin2022Theorem51() : TransferTheorem(
    "gc-theorem-5-1",
    "Transfer to geometric complexity",
    "Dherin et al. 2022, Theorem 5.1, eq. 9–10",
    "‖∇_x f‖_F² ≤ ‖∇_θ f‖_F² / Σ_i T_i²")
{
    private protected override ImmutableArray<Inequality> Inequalities(TheoryContext context, TransferQuantities found)
    {
        var dimensions = (double)Math.Min(context.Measures.Inputs, context.Measures.Outputs);
        var outputs = Enumerable.Range(0, (int)context.Measures.Outputs);
        IEnumerable<(double, double)> SidesWith(double factor) => Enumerable.Range(0, context.Data.Count).Select(n => (
            outputs.Sum(j => found.SquaredGradients[j, n]),
            outputs.Sum(j => SquaredParameterGradient(found, j, n))
                / (factor * Enumerable.Range(0, found.Layers.Length).Sum(i => found.SquaredTransfer(i, n)))));
        return
        [
            ParameterGradients.Identity(context, found),
            Tightest("‖∇_x f‖_F² ≤ ‖∇_θ f‖_F² / Σ T²", SidesWith(1 / dimensions)),
            Tightest("the same without 1/√min(d, k) in T", SidesWith(1)),
        ];
    }

    private protected override ImmutableArray<KeyValuePair<string, double>> Details(TheoryContext context, TransferQuantities found) =>
    [
        .. found.Layers.Select((layer, i) => KeyValuePair.Create($"T².{layer.Node.Name}", Enumerable.Range(0, context.Data.Count).Average(
            n => found.SquaredTransfer(i, n)) / Math.Min(context.Measures.Inputs, context.Measures.Outputs))),
        new("gradientByParameters", MeanOverExamples(context, (j, n) => SquaredParameterGradient(found, j, n))),
        new("gradientByInput", MeanOverExamples(context, (j, n) => found.SquaredGradients[j, n])),
    ];

    // Of the sum over the outputs: ‖·‖_F².
    private static double MeanOverExamples(TheoryContext context, Func<int, int, double> squared) => Enumerable
        .Range(0, context.Data.Count)
        .Average(n => Enumerable.Range(0, (int)context.Measures.Outputs).Sum(j => squared(j, n)));
}
