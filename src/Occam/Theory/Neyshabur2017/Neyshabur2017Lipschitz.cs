using Occam.Theory.Parts;
using Occam.Torch;

namespace Occam.Theory.Neyshabur2017;

/// <summary>
/// §2.3 of Neyshabur et al. 2017 on dense ReLU layers: in ℓ∞ the Lipschitz constant of an output is at most its ℓ1 path norm, which is at
/// most Π‖W_i‖_{1,∞}; in ℓ2 that of all outputs is at most Π‖W_i‖_2. The left sides are slopes, lower bounds of the constants: of the
/// gradients at the examples, ‖∇f_j‖_1 and σ_max(∇f), and between neighbouring examples. Biases don't matter.
/// </summary>
public sealed class Neyshabur2017Lipschitz() : Theorem(
    "eg-lipschitz",
    "Lipschitz constants under products of norms",
    "Neyshabur et al. 2017, §2.3",
    "C_ℓ∞ ≤ ℓ1 path norm ≤ Π‖W_i‖_{1,∞}, C_ℓ2 ≤ Π‖W_i‖_2")
{
    // A gradient of each output at each, and each beside the next.
    private const int Examples = 256;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        if (LayerChain.Of(context, out var why) is not { } chain)
        {
            return Blank with { NotApplicable = why };
        }

        using var grad = Libtorch.NoGrad();
        var count = Math.Min(Examples, context.Data.Count);
        var x = context.Measures.Examples(0, count);
        var J = context.Measures.Jacobian.Matrix(x);
        var paths = Rescaling.Paths(chain.Weights, 1);
        var slopes = J.Abs().Sum([2]).AMax([0]).ToArray<double>();
        var closest = Enumerable.Range(0, slopes.Length).MaxBy(j => slopes[j] / paths[j]);
        var product = Rescaling.Product(chain.Weights, 1);
        var spectral = context.Measures.WeightLayers.All.Aggregate(1.0, (norm, layer) => norm * layer.Spectral);
        var sigma = Enumerable.Range(0, count).Max(i => J.Select(0, i).SingularValues().AMax([0]).Item());
        return Blank with
        {
            Inequalities =
            [
                Inequality.AtMost($"‖∇f_{closest + 1}(x)‖₁ ≤ ℓ1 path norm of the output", slopes[closest], paths[closest]),
                Inequality.AtMost("ℓ1 path norm of an output ≤ Π‖W_i‖_{1,∞}", paths.Max(), product),
                Inequality.AtMost("σ_max(∇f(x)) ≤ Π‖W_i‖₂", sigma, spectral),
                .. count > 1 ? Between(context, x, count, paths.Max(), spectral) : [],
            ],
            Details = [new("lipschitz.infinity", product), new("lipschitz.two", spectral), new("pathNorm", paths.Max())],
            Notes = [$"slopes at the first {count} of {Counted.Of(context.Data.Count, "example")}, and between each and the next"],
        };
    }

    private static Inequality[] Between(TheoryContext context, Tensor x, int count, double infinity, double two)
    {
        var f = context.Network.Forward(x);
        var steps = (x.Narrow(0, 1, count - 1) - x.Narrow(0, 0, count - 1)).Flatten(1);
        var changes = f.Narrow(0, 1, count - 1) - f.Narrow(0, 0, count - 1);
        double Largest(Tensor change, Tensor step) =>
            change.ToArray<double>().Zip(step.ToArray<double>(), (c, s) => s > 0 ? c / s : 0).Max();
        return
        [
            Inequality.AtMost(
                "|f(x) − f(y)|_∞/|x − y|_∞ ≤ ℓ1 path norm of an output", Largest(changes.Abs().AMax([1]), steps.Abs().AMax([1])), infinity),
            Inequality.AtMost("‖f(x) − f(y)‖/‖x − y‖ ≤ Π‖W_i‖₂", Largest(changes.Norm([1]), steps.Norm([1])), two),
        ];
    }
}
