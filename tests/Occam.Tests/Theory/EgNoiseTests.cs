using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using Occam.Data;
using Occam.Theory;
using Occam.Theory.Parts;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Theory;

/// <summary>What noise on the weights does, by Lemmas 1 to 3 and eq. 7 of Neyshabur et al. 2017, against other answers.</summary>
public sealed class EgNoiseTests
{
    private const double Size = 0.1;
    private const int Draws = 500;
    private static readonly double[] s_x = [0.6, 0, 0.8];

    // Three layers, each of more than one unit: C_δ is 0 of one.
    private static readonly PlainChain s_plain = new(Chains.RandomWeights(5, 3, 6, 5, 2));

    private static readonly Lazy<(Uncertain Linear, Uncertain Whole, Uncertain Loss, Uncertain[] Flips, Uncertain[] Errors)> s_noise =
        new(() => Noise(s_plain, s_x, label: 1));

    [Fact]
    public void Noise_does_what_it_does_in_plain_loops_with_other_random_numbers()
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = Context(DataSet.FromArrays("one", [3], s_x, [1]));
        var chain = LayerChain.Of(context, out _)!;
        var noise = PerturbedChain.Of(context, chain, ChainConditions.Of(context, chain)).Single(one => one.Size == Size);
        var plain = s_noise.Value;
        AssertNear(plain.Linear, noise.Linear[0]);
        AssertNear(plain.Whole, noise.Whole[0]);
        AssertNear(plain.Loss, noise.Losses[0]);
        Assert.All(plain.Flips.Zip(noise.Flips), pair => AssertNear(pair.First, pair.Second[0]));
        Assert.All(plain.Errors.Zip(noise.Errors), pair => AssertNear(pair.First, pair.Second[0]));
    }

    [Fact]
    public void The_constants_of_Lemma_2_are_the_left_sides_over_the_right_ones()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = TheoremCatalogue.Find("eg-lemma-2").Check(Context(Points([3], s_x)));
        Assert.All(result.Inequalities, inequality => Assert.Equal(InequalityVerdict.NotApplicable, inequality.Verdict));

        var plain = s_noise.Value;
        var (mu, C2, C3) = (s_plain.Mu(s_x), s_plain.C2(s_x), s_plain.C3(s_x));
        var values = PlainChain.PreActivations(s_plain.Weights, s_x);
        double Below(int k) => k == 1 ? 1 : PlainChain.Norm(values[k - 2].Select(z => Math.Max(z, 0)));
        double Here(int k) => k == 3 ? PlainChain.Norm(values[2]) : Below(k + 1);
        double Spread(int k) => (1 + (0.05 / 3)) * Math.Sqrt(2 * Math.Log(s_plain.Units(k)));
        double Sigma(int k) =>
            Size * PlainChain.Norm(s_plain.Weights[k - 1]) / Math.Sqrt(s_plain.Units(k) * s_plain.Units(k - 1));
        var flips = Enumerable.Range(1, 2).Max(k =>
            plain.Flips[k - 1].Value / (C2 * s_plain.Units(k) * Spread(k) * Sigma(k) * Below(k)));
        var errors = Enumerable.Range(1, 3).Max(k =>
        {
            double first = 1, second = 1;
            for (var i = 1; i <= k; i++)
            {
                var gamma = Sigma(i) * Math.Sqrt(s_plain.Units(i) * s_plain.Units(i - 1))
                    / (mu * mu * PlainChain.Norm(s_plain.Weights[i - 1]));
                first *= 1 + (gamma * C2 * C3);
                second *= 1 + (gamma * Spread(i) * C2);
            }

            return plain.Errors[k - 1].Value / (first * (second - 1) * Here(k));
        });
        AssertClose(flips, result.Detail("noise=1e-1.flips.constant"), 0.15);
        AssertClose(errors, result.Detail("noise=1e-1.error.constant"), 0.15);
        AssertClose(plain.Errors[^1].Value, result.Detail("noise=1e-1.error"), 0.15);
    }

    [Fact]
    public void Units_near_zero_flip_as_often_as_the_normal_distribution_says()
    {
        // 60 units whose pre-activation is c at a unit x under noise of N(0, σ²) flip with probability Φ(−|c|/σ).
        using var scope = Libtorch.NewDisposeScope();
        var (first, second) = (new double[60, 2], new double[2, 60]);
        for (var unit = 0; unit < 60; unit++)
        {
            (first[unit, 0], first[unit, 1]) = (unit % 2 == 0 ? 0.06 : -0.06, 1);
            (second[0, unit], second[1, unit]) = (1, -1);
        }

        var result = TheoremCatalogue.Find("eg-lemma-2").Check(new TheoryContext(
            Chains.Of(first, second), Points([2], 1, 0))
        { Options = new(Draws: 400) });
        var sigma = Size * Math.Sqrt((0.06 * 0.06 + 1) / 2);
        AssertClose(Normal.CDF(0, 1, -0.06 / sigma), result.Detail("noise=1e-1.flippedShare"), 0.05);
    }

    [Fact]
    public void The_combined_bound_and_equation_7_have_the_sides_of_their_formulas()
    {
        using var scope = Libtorch.NewDisposeScope();
        var data = DataSet.FromArrays("one", [3], s_x, [1]);
        var combined = TheoremCatalogue.Find("eg-expected-sharpness").Check(Context(data)).Inequalities;
        var plain = s_noise.Value;
        var (mu, C2, C3) = (s_plain.Mu(s_x), s_plain.C2(s_x), s_plain.C3(s_x));
        double linear = 1, first = 1, second = 1;
        for (var i = 1; i <= 3; i++)
        {
            var gamma = Size / (mu * mu);
            linear *= 1 + gamma;
            first *= 1 + (gamma * C2 * C3);
            second *= 1 + (gamma * (1 + (0.05 / 3)) * Math.Sqrt(2 * Math.Log(s_plain.Units(i))) * C2);
        }

        var right = (linear - 1 + (first * (second - 1))) * PlainChain.Norm(s_plain.Outputs(s_x));
        Assert.Equal(6, combined.Length);
        Assert.All(combined, inequality => Assert.False(inequality.IsProved));
        AssertClose(right, combined[4].Right, 1e-9);
        AssertClose(Math.Sqrt(2) * right, combined[5].Right, 1e-9);
        AssertClose(plain.Loss.Value, combined[5].Left, 0.15);

        var parts = TheoremCatalogue.Find("eg-equation-7").Check(Context(data)).Inequalities;
        Assert.All(parts, inequality => Assert.Equal(InequalityVerdict.Holds, inequality.Verdict));
        AssertClose(combined[5].Left, parts[4].Left, 1e-12);
        AssertClose(Math.Sqrt(2) * combined[4].Left, parts[4].Right, 1e-12);
        AssertClose(plain.Linear.Value + plain.Errors[^1].Value, parts[5].Right, 0.1);
    }

    [Fact]
    public void One_layer_has_no_activations_to_flip()
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = new TheoryContext(Chains.Of(new double[,] { { 3, -1 }, { 0, 2 } }), Gaussian(4, 2, 2)) { Options = new(Draws: 20) };
        var parts = TheoremCatalogue.Find("eg-equation-7").Check(context).Inequalities;
        Assert.All(parts.Where((_, i) => i % 2 == 1), inequality => AssertClose(inequality.Right, inequality.Left, 1e-12));
    }

    [Fact]
    public void Noise_between_an_identity_and_a_unit_vector_has_the_mean_of_a_chi_variable()
    {
        // A = I, ‖x‖ = 1: ‖νx‖ is a χ variable of two degrees of freedom, √(π/2) in the mean, below √2; its square has the mean 2.
        var result = TheoremCatalogue.Find("eg-lemma-3").Check(new TheoryContext(
            Chains.Of(new double[,] { { 3, -1, 1 }, { 0, 2, 5 } }), Points([3], 2, -1, 5))
        { Options = new(Draws: 2000) });
        Assert.Equal([InequalityVerdict.Holds, InequalityVerdict.Holds], result.Inequalities.Select(inequality => inequality.Verdict));
        AssertClose(Math.Sqrt(Math.PI / 2), result.Inequalities[0].Left, 0.05);
        AssertClose(Math.Sqrt(2), result.Inequalities[0].Right, 1e-12);
        AssertClose(2, result.Inequalities[1].Right, 1e-12);

        // And of deeper networks the products of what is above and below, here by whole matrices.
        var layers = s_plain.Layers(s_x);
        var deep = TheoremCatalogue.Find("eg-lemma-3").Check(Context(Points([3], s_x)));
        var below = PlainChain.PreActivations(s_plain.Weights, s_x)[1].Select(z => Math.Max(z, 0));
        AssertClose(Math.Sqrt(2) * PlainChain.Norm(below), deep.Detail("layer=3.right"), 1e-9);
        AssertClose(Product(DropColumns(layers[2..])), deep.Detail("layer=1.right"), 1e-9);
        double Product(double[][,] matrices) => PlainChain.Norm(matrices.Aggregate((below, above) => PlainChain.Times(above, below)));
        double[][,] DropColumns(double[][,] matrices)
        {
            var active = s_plain.Active(s_x)[0];
            var lowest = (double[,])matrices[0].Clone();
            for (var j = 0; j < lowest.GetLength(0); j++)
            {
                for (var i = 0; i < lowest.GetLength(1); i++)
                {
                    lowest[j, i] *= active[i] ? 1 : 0;
                }
            }

            return [lowest, .. matrices[1..]];
        }
    }

    private static TheoryContext Context(DataSet data) => new(Chains.Of(s_plain.Weights), data) { Options = new(Draws: Draws) };

    private static void AssertNear(Uncertain expected, Uncertain actual) => Assert.InRange(
        actual.Value - expected.Value,
        -5 * Math.Sqrt(Math.Pow(actual.StandardError, 2) + Math.Pow(expected.StandardError, 2)),
        5 * Math.Sqrt(Math.Pow(actual.StandardError, 2) + Math.Pow(expected.StandardError, 2)));

    private static (Uncertain Linear, Uncertain Whole, Uncertain Loss, Uncertain[] Flips, Uncertain[] Errors) Noise(
        PlainChain chain, double[] x, int label)
    {
        var random = new SeededRandom(77);
        var active = chain.Active(x);
        var own = PlainChain.PreActivations(chain.Weights, x);
        double[] Values(double[][] z, int layer, bool[]? on) =>
            layer == chain.Depth - 1 ? z[layer] : [.. z[layer].Select((value, j) => on?[j] ?? value > 0 ? value : 0)];
        double Distance(double[] left, double[] right) => PlainChain.Norm(left.Zip(right, (a, b) => a - b));
        double Loss(double[] logits) => Math.Log(logits.Sum(Math.Exp)) - logits[label];
        RunningStatistics[] All() => [.. Enumerable.Range(0, chain.Depth).Select(_ => new RunningStatistics())];
        RunningStatistics linear = new(), whole = new(), loss = new();
        RunningStatistics[] flips = All(), errors = All();
        for (var draw = 0; draw < 3000; draw++)
        {
            var noisy = chain.Noisy(random, Size);
            var (fixedOnes, free) = (PlainChain.PreActivations(noisy, x, active), PlainChain.PreActivations(noisy, x));
            linear.Push(Distance(fixedOnes[^1], own[^1]));
            whole.Push(Distance(free[^1], own[^1]));
            loss.Push(Math.Abs(Loss(free[^1]) - Loss(own[^1])));
            for (var k = 0; k < chain.Depth; k++)
            {
                flips[k].Push(free[k].Zip(own[k], (a, b) => a > 0 == b > 0 ? 0 : 1).Sum());
                errors[k].Push(Distance(Values(free, k, null), Values(fixedOnes, k, active[k])));
            }
        }

        return (
            Uncertain.Mean(linear), Uncertain.Mean(whole), Uncertain.Mean(loss), [.. flips[..^1].Select(Uncertain.Mean)],
            [.. errors.Select(Uncertain.Mean)]);
    }
}
