using System.Collections.Immutable;
using Occam.Data;
using Occam.Theory.Parts;
using Occam.Torch;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Theorem 3 of Loukas et al. 2021: a classifier trained with ½-dropout and BCE that is (τ, φ)-steady generalizes to within
/// √((4 ln 2 · N(X; ℓ2, r) + 2 ln(1/δ))/N), r = min |1 − 2f(x_i)|/(c φ log Σ n_l), c = (1+γ) β/(μ(1 − μ) p_min).
/// <para>
/// Natural logarithms, δ = 0.05, the o(1) in c left out. φ is the least of the last tenth of the steps. N(X; ℓ2, r) is not
/// known: in its place a greedy cover of the training data, a packing of them, and the manifold formula each give a number
/// of their own, of which none bounds the set's from above. The left side is the difference between the shares of errors on
/// the training data and on test data.
/// </para>
/// </summary>
public sealed class Loukas2021Theorem3() : Theorem(
    "bth-theorem-3",
    "Steady learners with dropout generalize",
    "Loukas et al. 2021, Theorem 3",
    "|er_emp − er_exp| ≤ √((4 ln2 · N(X; ℓ2, r) + 2 ln(1/δ))/N) with ½-dropout",
    TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer | TheoremNeeds.Run)
{
    private const double Confidence = 0.05;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var run = context.Run!;
        if (HiddenActivations.Problem(context.Network) is { } refusal)
        {
            return Blank with { NotApplicable = refusal };
        }

        var assumption = ConsistentLearning.Of(context);
        var activeShares = ActiveShares(assumption);
        var covered = PathsCovered(context, assumption);
        var drops = DropsHalf(context);
        ImmutableArray<Hypothesis> hypotheses =
        [
            new("½-dropout", drops, drops
                ? run.Settings.DropoutAfterForward ? "after the forward pass, as in the paper" : "in the forward pass, the usual one"
                : "not every hidden layer of the network is followed by a dropout of ½"),
            new("a sigmoid and BCE", context.HasSigmoid, run.Settings.Loss.Id),
            new("plain SGD, an example a step", run.BoundsNotApplicable is null, run.BoundsNotApplicable ?? "as recorded"),
            .. assumption.Hypotheses(context),
            new("(b) every path that is on somewhere is on at a training point", covered == false
                ? false
                : null, covered is null ? "no test data to look at"
                    : covered.Value ? "at the test data, which are not all"
                    : "not at the test data"),
            new("every unit is on somewhere: p_min > 0", activeShares.Min() > 0, $"p_min = {activeShares.Min():G4}"),
        ];
        if (hypotheses.FirstOrDefault(hypothesis => hypothesis.Holds == false) is { } broken)
        {
            return Blank with { NotApplicable = $"{broken.Name}: {broken.Finding}", Hypotheses = hypotheses };
        }

        var phi = run.Last.Max(window => window.Longest);
        var c = (1 + assumption.Gamma) * assumption.Beta / (assumption.Mu * (1 - assumption.Mu) * activeShares.Min());
        var steady = c * phi * Math.Log(activeShares.Length) / 4;
        var radius = FirstLayerGradients.Of(context).Outputs.Min(f => Math.Abs(1 - (2 * f))) / (4 * steady);
        var numbers = new CoveringNumbers(Inputs(context.Data));
        var count = context.Data.Count;
        double Bound(double balls) => Math.Sqrt(((4 * Math.Log(2) * balls) + (2 * Math.Log(1 / Confidence))) / count);
        var gap = context.Test is { } test ? Math.Abs(Errors(context, context.Data) - Errors(context, test)) : double.NaN;
        Inequality Side(string what, double balls) => Inequality.AtMost(
            $"|error on training data − on test data| ≤ bound, N by {what}", gap, Bound(balls),
            vacuous: Bound(balls) >= 1 ? "shares of errors never differ by more than 1" : null);
        return Blank with
        {
            Inequalities =
            [
                Side("a greedy cover of the training data", numbers.GreedyCover(radius)),
                Side("a packing of the training data", numbers.Packing(radius)),
                Side("the manifold formula", numbers.Manifold(radius)),
            ],
            Hypotheses = hypotheses,
            Details =
            [
                new("lipschitz.steady", steady), new("lipschitz.maximum", FirstLayerGradients.Of(context).Lipschitz.Max()),
                new("radius", radius), new("c", c), new("phi", phi), new("p.minimum", activeShares.Min()),
                new("cover.greedy", numbers.GreedyCover(radius)), new("cover.packing", numbers.Packing(radius)),
                new("cover.manifold", numbers.Manifold(radius)), new("intrinsicDimension", numbers.IntrinsicDimension),
            ],
            Notes = ["the covering number of the input domain isn't known: the three in its place are the sample's from above, from "
                + "below, and an estimate"],
        };
    }

    // After every hidden layer, each by half.
    private static bool DropsHalf(TheoryContext context)
    {
        var layers = HiddenActivations.Of(context.Network).Layers;
        return context.Run!.Snapshots.Append(context.Network).Any(network =>
        {
            double[] dropped =
                [.. network.ActiveNodes.Select(node => network.Operators[node].DropProbability(node, network.Constant)).OfType<double>()];
            return dropped.Length == layers && dropped.All(share => share == 0.5);
        });
    }

    // The share of training points at which each hidden unit is on.
    private static double[] ActiveShares(ConsistentLearning assumption) =>
    [
        .. Enumerable.Range(0, assumption.Patterns[0].Length).SelectMany(layer => Enumerable.Range(0, assumption.Patterns[0][layer].Length)
            .Select(unit => assumption.Patterns.Count(pattern => pattern[layer][unit]) / (double)assumption.Patterns.Count)),
    ];

    private static bool? PathsCovered(TheoryContext context, ConsistentLearning assumption)
    {
        if (context.Test is not { } test)
        {
            return null;
        }

        var layers = HiddenActivations
            .Of(context.Network)
            .At(Tensor.FromArray(Inputs(test).SelectMany(x => x).ToArray(), [test.Count, .. context.Measures.ExampleShape]));
        bool IsCovered(int i)
        {
            // The units that are on at the example, met one layer after the other by the training points that have them on, too.
            var rows = new HashSet<RowBits> { RowBits.All(assumption.Patterns.Count) };
            for (var layer = 0; layer < layers.Length; layer++)
            {
                var width = layers[layer].Length / test.Count;
                RowBits[] on = [.. Enumerable.Range(0, width)
                    .Where(unit => layers[layer][(i * width) + unit])
                    .Select(unit => RowBits.Of(assumption.Patterns.Count, point => assumption.Patterns[point][layer][unit]))
                    .Distinct()];
                rows = [.. rows.SelectMany(row => on.Select(row.And))];
            }

            return rows.All(row => !row.IsZero);
        }

        return Enumerable.Range(0, test.Count).All(IsCovered);
    }

    private static double Errors(TheoryContext context, DataSet data)
    {
        using var grad = Libtorch.NoGrad();
        var labels = data.RequireLabels(2);
        var logits = context.Network
            .Forward(Tensor.FromArray(Inputs(data).SelectMany(x => x).ToArray(), [data.Count, .. context.Measures.ExampleShape]))
            .ToArray<double>();
        return logits.Where((logit, i) => logit > 0 != labels[i] > 0).Count() / (double)data.Count;
    }

    private static double[][] Inputs(DataSet data)
    {
        var all = new double[(long)data.Count * data.ExampleSize];
        data.CopyInputs(Enumerable.Range(0, data.Count).ToArray(), all);
        return [.. all.Chunk(data.ExampleSize)];
    }
}
