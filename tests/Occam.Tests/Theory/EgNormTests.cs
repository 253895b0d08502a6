using Occam.Data;
using Occam.Theory;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Theory;

/// <summary>What Neyshabur et al. 2017, §2, say of norms, Lipschitz constants, robustness and sharpness, by hand.</summary>
public sealed class EgNormTests
{
    private static readonly double[,] s_first = { { 1, -2 }, { 3, 0 } }, s_second = { { 2, 1 } };

    [Fact]
    public void The_path_norm_of_one_output_is_the_least_product_of_rescaled_norms()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = Check("eg-path-norm", s_first, s_second);
        Assert.All(result.Inequalities, inequality => Assert.Equal(InequalityVerdict.Holds, inequality.Verdict));

        // Paths 2·1, 2·2, 1·3: 9 and √29. As it is, the norms are 3 · 3 and 3 · √5.
        AssertClose(9, Find(result, "ℓ1 path norm = min").Left, 1e-12);
        AssertClose(9, Find(result, "ℓ1 path norm = min").Right, 1e-12);
        AssertClose(9, Find(result, "ℓ1 path norm of one output ≤ Π‖W_i‖ as").Right, 1e-12);
        AssertClose(Math.Sqrt(29), Find(result, "ℓ2 path norm of one output = Π‖W_i‖ bal").Right, 1e-12);
        AssertClose(3 * Math.Sqrt(5), Find(result, "ℓ2 path norm of one output ≤ Π‖W_i‖ as").Right, 1e-12);

        // Brute force: only the ratio of the two units' α matters to the minimum over the first one's.
        double Product(double p, double a, double b) => Math.Max(a * Norm(p, 1, 2), b * Norm(p, 3, 0)) * Norm(p, 2 / a, 1 / b);
        foreach (var p in new[] { 1.0, 2.0 })
        {
            var least = Enumerable.Range(-4000, 8001).Min(i => Product(p, 1, Math.Exp(i / 1000.0)));
            AssertClose(least, Find(result, $"ℓ{p} path norm of one output = Π‖W_i‖ bal").Left, 1e-3);
        }
    }

    [Fact]
    public void Of_two_outputs_the_least_product_is_the_larger_path_norm()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = Check("eg-path-norm", s_first, new double[,] { { 2, 1 }, { 0, -1 } });
        Assert.All(result.Inequalities, inequality => Assert.Equal(InequalityVerdict.Holds, inequality.Verdict));
        AssertClose(9, Find(result, "ℓ1 path norm of one output = Π").Right, 1e-12);
        AssertClose(9 + 3, Find(result, "ℓ1 path norm ≤ k").Left, 1e-12);
        AssertClose(2 * 9, Find(result, "ℓ1 path norm ≤ k").Right, 1e-12);
        AssertClose(Math.Sqrt(29 + 9), Find(result, "ℓ2 path norm rescaled").Left, 1e-9);
    }

    [Fact]
    public void A_unit_without_weights_into_it_is_on_no_path()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = Check("eg-path-norm", new double[,] { { 1, -2 }, { 0, 0 } }, new double[,] { { 2, 100 } });
        Assert.All(result.Inequalities, inequality => Assert.Equal(InequalityVerdict.Holds, inequality.Verdict));
        AssertClose(6, Find(result, "ℓ1 path norm of one output = Π").Right, 1e-12);
    }

    [Fact]
    public void Slopes_are_below_the_products_of_norms_and_reach_them_where_nothing_is_lost()
    {
        // On x₁ > 0, x₂ < 0 both units are on: ∇f = (2·1 + 3, −4), whose ℓ1 norm is the path norm.
        using var scope = Libtorch.NewDisposeScope();
        var result = Check("eg-lipschitz", s_first, s_second, 1, -1, 2, -1.5, 2.5, -3);
        Assert.All(result.Inequalities, inequality => Assert.Equal(InequalityVerdict.Holds, inequality.Verdict));
        AssertClose(9, result.Inequalities[0].Left, 1e-12);
        AssertClose(9, result.Inequalities[0].Right, 1e-12);
        AssertClose(9, result.Detail("lipschitz.infinity"), 1e-12);
        AssertClose(Math.Sqrt(25 + 16), result.Inequalities[2].Left, 1e-9);
        AssertClose(LargestSingularValue(s_first) * Math.Sqrt(5), result.Inequalities[2].Right, 1e-6);

        // From (2, −1.5) to (2.5, −3): f from 14 − … by hand 5x₁ − 4x₂ changes by 2.5 + 6 over 1.5.
        AssertClose(Math.Max((5 + 2) / 1.0, (2.5 + 6) / 1.5), result.Inequalities[3].Left, 1e-9);
    }

    [Fact]
    public void Losses_in_a_cell_differ_by_no_more_than_epsilon()
    {
        // f = (x, 0): C = 1, the cells have the radius ε/(2√2). Two groups of one class 5 apart, and one example of the other.
        using var scope = Libtorch.NewDisposeScope();
        var data = DataSet.FromArrays("cells", [1], [0, 0.01, 0.02, 5, 5.03, 0], [0, 0, 0, 0, 0, 1]);
        var result = TheoremCatalogue.Find("eg-equation-3").Check(
            new TheoryContext(Affine(new double[,] { { 1 }, { 0 } }, 0, 0), data));
        Assert.Equal([3, 3, 3], new[] { "K.1e-1", "K.1e0", "K.1e1" }.Select(result.Detail));
        Assert.Equal(2, TheoremCatalogue.Find("eg-equation-3").Check(new TheoryContext(
            Affine(new double[,] { { 0.1 }, { 0 } }, 0, 0), data)).Detail("K.1e1"));
        Assert.All(result.Inequalities, inequality => Assert.Equal(InequalityVerdict.Holds, inequality.Verdict));

        // ln(1 + e^−x) between 0 and 0.02.
        AssertClose(Math.Log(2) - Math.Log(1 + Math.Exp(-0.02)), result.Inequalities[0].Left, 1e-9);
        var steep = TheoremCatalogue.Find("eg-equation-3").Check(
            new TheoryContext(Affine(new double[,] { { 1e6 }, { 0 } }, 0, 0), data));
        Assert.All(steep.Inequalities, inequality => Assert.Equal(InequalityVerdict.Vacuous, inequality.Verdict));
    }

    [Fact]
    public void Rescaling_leaves_the_function_and_multiplies_the_sharpness()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = TheoremCatalogue.Find("eg-sharpness-scale").Check(
            new TheoryContext(Chains.Random(3, 4, 10, 3), Gaussian(30, 3, 4)));
        Assert.All(result.Inequalities, inequality => Assert.Equal(InequalityVerdict.Holds, inequality.Verdict));
        Assert.True(result.Detail("sharpness") > 0);
        Assert.True(result.Detail("sharpness.1000") > 10 * result.Detail("sharpness"));
    }

    private static double Norm(double p, params double[] values) => Math.Pow(values.Sum(value => Math.Pow(Math.Abs(value), p)), 1 / p);

    private static Inequality Find(TheoremResult result, string start) =>
        result.Inequalities.Single(inequality => inequality.Name.StartsWith(start, StringComparison.Ordinal));

    private static TheoremResult Check(string id, double[,] first, double[,] second, params double[] x) =>
        TheoremCatalogue.Find(id).Check(new TheoryContext(Chains.Of(first, second), Points([2], x.Length > 0 ? x : [1, 2, -1, 0.5])));
}
