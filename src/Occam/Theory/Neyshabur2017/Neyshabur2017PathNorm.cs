using Occam.Measures.Weights;
using Occam.Theory.Parts;
using Occam.Torch;

namespace Occam.Theory.Neyshabur2017;

/// <summary>
/// §2.2 of Neyshabur et al. 2017 on dense ReLU layers: the ℓ_p path norm (Σ over paths Π|W|^p)^{1/p} is the least Π‖W_i‖_{p,∞} over all
/// node-wise rescalings, p = 1 and 2. So it is of one output. Of several, the least product is the largest of the outputs' path norms, and
/// the path norm of all of them lies between that and k^{1/p} times it. The least is attained where the weights into each hidden unit have
/// norm 1; that no rescaling is below it is tried on random ones. The path norm of the network as it is comes from the measures, the others
/// from the rescaled matrices. Biases aren't on paths.
/// </summary>
public sealed class Neyshabur2017PathNorm() : Theorem(
    "eg-path-norm",
    "Path norm, the least of rescaled norms",
    "Neyshabur et al. 2017, §2.2",
    "min over node-wise rescalings of Π‖W_i‖_{p,∞} = (Σ over paths Π|W|^p)^{1/p}")
{
    private const int Rescalings = 20;
    private const double LogSpread = 1;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        if (LayerChain.Of(context, out var why) is not { } chain)
        {
            return Blank with { NotApplicable = why };
        }

        using var grad = Libtorch.NoGrad();
        using var generator = new Generator(context.Measures.Options.RandomSeed);
        var rescaled = Enumerable.Range(0, Rescalings).Select(_ => Rescaling.By(
            chain.Weights,
            [
                .. chain.Weights.SkipLast(1).Select(W =>
                    (Tensor.Randn([W.Size(0)], generator, ScalarType.Float64) * LogSpread).Exp()),
            ])).ToArray();
        return Blank with
        {
            Inequalities =
            [
                .. new[] { 1.0, 2.0 }.SelectMany(p =>
                {
                    var least = Rescaling.Paths(chain.Weights, p).Max();
                    var all = Math.Pow(
                        PathSum.Of(
                            context.Measures.FoldedInFloat64, context.Measures.OneExample!, p, null, context.Measures.Options.Cancellation)
                            .Value,
                        1 / p);
                    var after = Math.Pow(Rescaling.Paths(rescaled[0], p).Sum(path => Math.Pow(path, p)), 1 / p);
                    var outputs = chain.Units[^1];
                    return new[]
                    {
                        Inequality.Equal($"ℓ{p} path norm of one output = Π‖W_i‖ balanced", least, Balanced(chain, p)),
                        Inequality.AtMost($"ℓ{p} path norm of one output ≤ Π‖W_i‖ as it is", least, Rescaling.Product(chain.Weights, p)),
                        Inequality.AtMost(
                            $"ℓ{p} path norm of one output ≤ Π‖W_i‖ rescaled at random", least,
                            rescaled.Min(weights => Rescaling.Product(weights, p))),
                        Inequality.Equal($"ℓ{p} path norm rescaled = as it is", after, all).AsArithmetic(),
                        outputs == 1
                            ? Inequality.Equal($"ℓ{p} path norm = min Π‖W_i‖", all, least)
                            : Inequality.AtMost($"ℓ{p} path norm ≤ k^(1/{p}) min Π‖W_i‖", all, Math.Pow(outputs, 1 / p) * least),
                    };
                }),
                chain.HasBiases
                    ? Inequality.NotApplicable("f rescaled = f", "is checked of layers without biases, and these have some")
                    : Change(chain, rescaled[0]),
            ],
            Notes =
            [
                $"random rescalings by e^N(0, 1), {Rescalings} of them (seed {context.Measures.Options.Seed})",
                .. chain.Units[^1] > 1
                    ? ["the paper's equation is one of a single output: see the last inequality of each p"]
                    : Array.Empty<string>(),
            ],
        };
    }

    private static double Balanced(LayerChain chain, double p) => Rescaling.Product(Rescaling.Balanced(chain.Weights, p), p);

    private static Inequality Change(LayerChain chain, IReadOnlyList<Tensor> rescaled)
    {
        const int Examples = 64;
        const double Rounding = 1e-9;
        var x = chain.Examples(Examples);
        var f = chain.Layers(x)[^1];
        return Inequality.AtMost(
            "f rescaled = f, largest change", (LayerChain.Layers(rescaled, x)[^1] - f).Norm().Item(), Rounding * f.Norm().Item());
    }
}
