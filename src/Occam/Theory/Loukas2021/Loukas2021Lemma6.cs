using Occam.Derivatives;
using Occam.Networks;
using Occam.Theory.Parts;
using Occam.Torch;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Lemma 6 (Appendix C.2) of Loukas et al. 2021: the first layer's Lipschitz constant is at most (ϑ + β)/(1 − δ) for
/// δ &lt; 1, where ϑ ≥ ‖ΔW_2‖/‖Δb_1‖ + ‖b_1‖ at every step, β ≥ ‖W_1(t) − W_1(t′)‖, and every unit vector is within δ of a
/// training point. Checked on one epoch at the weights as they are, so that β = 0 and the ratio of steps is that of gradients.
/// <para>
/// What the proof uses is ‖ΔW_2‖ = ‖f_1(x)‖ ‖Δb_2‖, the bias of the second layer; the statement has b_1. Both are reported.
/// δ is exact to 1e-4 in one and two dimensions and beyond that the largest distance among random unit vectors, an estimate
/// from below. The left side is the largest ‖S_1(x) W_1‖ found at training points and unit vectors.
/// </para>
/// </summary>
public sealed class Loukas2021Lemma6() : Theorem(
    "bth-lemma-6",
    "Lipschitz constant of the first layer",
    "Loukas et al. 2021, Lemma 6",
    "λ of the first layer ≤ (ϑ + β)/(1 − δ), δ < 1 the distance of unit vectors to the data",
    TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer)
{
    private const int Directions = 20_000;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var network = context.Network;
        if (HiddenActivations.Problem(network) is { } refusal)
        {
            return Blank with { NotApplicable = refusal };
        }

        var first = FirstWeights.Of(network)!;
        var own = network.Parameters.FirstOrDefault(parameter => parameter.Value.Dimensions == 2 && parameter.Name != first.Weight);
        if (own is null || HiddenActivations.Of(network).Layers == 0)
        {
            return Blank with { NotApplicable = "is about a second dense layer, and there is none" };
        }

        var units = UnitVectors((int)context.Measures.Inputs, context.Measures.Options.Seed);
        var (delta, exact) = (Distance(context, units), context.Measures.Inputs <= 2);
        var finding = $"δ {(exact ? "=" : "≥")} {delta:G4}{(exact ? "" : $" ({Directions:N0} random unit vectors)")}";
        var hypothesis =
            new Hypothesis("every unit vector is within δ < 1 of a training point", delta < 1 ? exact ? true : null : false, finding);
        if (delta >= 1)
        {
            return Blank with { NotApplicable = $"the data are too far from some unit vectors: {finding}", Hypotheses = [hypothesis] };
        }

        var (byFirst, bySecond) = Ratios(context, first.Bias, own);
        var norm = network.Constant(first.Bias)!.Norm().Item();
        var lipschitz = FirstLayerNorm(context, units);

        // A δ that random directions gave is too small, and with it the right side: what then fails refutes nothing.
        Inequality Proved(Inequality inequality) => exact ? inequality : inequality.AsSuggested();
        return Blank with
        {
            Inequalities =
            [
                Proved(Inequality.AtMost(
                    "λ of the first layer ≤ (ϑ + β)/(1 − δ), ϑ with ‖Δb₁‖ as stated", lipschitz, (byFirst + norm) / (1 - delta))),
                bySecond is { } ratio
                    ? Proved(Inequality.AtMost(
                        "λ of the first layer ≤ (ϑ + β)/(1 − δ), ϑ with ‖Δb₂‖ as proved", lipschitz, (ratio + norm) / (1 - delta)))
                    : Inequality.NotApplicable("ϑ with ‖Δb₂‖ as proved", "the second layer has no bias"),
            ],
            Hypotheses =
            [
                hypothesis, new("W₁ and the activations stay (β, Assumption 1)", true, "β = 0: one epoch at the weights as they are"),
            ],
            Details =
            [
                new("delta", delta), new("ratio.b1", byFirst), new("ratio.b2", bySecond ?? double.NaN), new("bias.norm", norm),
                new("sigma.largest", first.Largest),
            ],
        };
    }

    // The largest ‖∂f/∂W_2‖ over ‖∂f/∂b_1‖, and over ‖∂f/∂b_2‖, among training points with a gradient.
    private static (double ByFirst, double? BySecond) Ratios(TheoryContext context, string firstBias, Parameter weight)
    {
        var network = context.Network;
        var node = weight.Node;
        var second = Enumerable.Range(0, node.Inputs.Length).Where(i => network.Operators[node].IsBias(i)).Select(i => node.Inputs[i])
            .FirstOrDefault(name => name.Length > 0 && network.Parameters.Any(parameter => parameter.Name == name));
        var (byFirst, bySecond) = (0.0, 0.0);
        for (var i = 0; i < context.Data.Count; i++)
        {
            context.Measures.Options.Cancellation.ThrowIfCancellationRequested();
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.EnableGrad();
            string[] names = [weight.Name, firstBias, .. second is null ? Array.Empty<string>() : [second]];
            var leaves = names.Select(name => network.Constant(name)!.Detach().RequireGrad()).ToArray();
            var given = names.Zip(leaves).ToDictionary(pair => pair.First, pair => pair.Second);
            given[network.Graph.Input.Name] = context.Measures.Examples(i, 1);
            var f = network.Run(given, [network.Output])[network.Output].Sum();
            if (!f.RequiresGrad)
            {
                continue;
            }

            double[] norms = [.. Autograd.Grad([f], leaves).Select(gradient => gradient?.Norm().Item() ?? 0)];
            byFirst = norms[1] > 0 ? Math.Max(byFirst, norms[0] / norms[1]) : byFirst;
            bySecond = second is not null && norms[2] > 0 ? Math.Max(bySecond, norms[0] / norms[2]) : bySecond;
        }

        return (byFirst, second is null ? null : bySecond);
    }

    private static double FirstLayerNorm(TheoryContext context, Tensor units)
    {
        const int Patterns = 2000;
        using var grad = Libtorch.NoGrad();
        var layer = FirstLayerGradients.Of(context).Layer;
        var data = context.Measures.Batches().SelectMany(batch => RowsOn(layer.Output(batch.Inputs)));
        var around = RowsOn(layer.Output(units.Reshape([units.Size(0), .. context.Measures.ExampleShape])));
        var largest = 0.0;
        foreach (var on in data.Concat(around).DistinctBy(row => string.Concat(row.Select(unit => unit ? '1' : '0'))).Take(Patterns))
        {
            using var scope = Libtorch.NewDisposeScope();
            var S = Tensor.FromArray(Array.ConvertAll(on, unit => unit ? 1.0 : 0), on.Length, 1);
            largest = Math.Max(largest, layer.Weight is { } W ? (S * W).SingularValues().AMax([0]).Item() : on.Contains(true) ? 1 : 0);
        }

        return largest;
    }

    private static IEnumerable<bool[]> RowsOn(Tensor z) =>
        z.GreaterThan(0).Contiguous().ToArray<bool>().Chunk((int)(z.Elements / z.Size(0)));

    private static Tensor UnitVectors(int dimensions, int seed)
    {
        if (dimensions == 1)
        {
            return Tensor.FromArray([-1.0, 1], 2, 1);
        }

        if (dimensions == 2)
        {
            return Tensor.FromArray([.. Enumerable
                .Range(0, Directions)
                .SelectMany(i => new[] { Math.Cos(i * 2 * Math.PI / Directions), Math.Sin(i * 2 * Math.PI / Directions) })], Directions, 2);
        }

        using var generator = new Generator((ulong)seed);
        return InputJacobian.RandomUnit([Directions, dimensions], Tensor.Zeros([1], ScalarType.Float64), generator);
    }

    // Distances to the data change by no more than the arc to the next direction does.
    private static double Distance(TheoryContext context, Tensor units)
    {
        using var grad = Libtorch.NoGrad();
        var nearest = new double[units.Size(0)];
        Array.Fill(nearest, double.PositiveInfinity);
        foreach (var (x, _) in context.Measures.Batches())
        {
            var flat = x.Flatten(1);
            var squares = (flat.Square().Sum([1]).Unsqueeze(0) - (units.MatMul(flat.T()) * 2)).AMin([1]).ToArray<double>();
            for (var i = 0; i < nearest.Length; i++)
            {
                nearest[i] = Math.Min(nearest[i], squares[i] + 1);
            }
        }

        var farthest = Math.Sqrt(Math.Max(0, nearest.Max()));
        return units.Size(1) == 2 ? farthest + (Math.PI / Directions) : farthest;
    }
}
