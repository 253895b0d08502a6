using Occam.Data;
using Occam.Networks.Loading;
using Occam.Theory;
using Occam.Theory.Loukas2021;
using Occam.Theory.Parts;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Theory.DropoutRecords;

namespace Occam.Tests.Theory;

/// <summary>Lemma 4 and Definition 2: margins, robustness and what follows for errors.</summary>
public sealed class RobustnessTests
{
    [Fact]
    public void A_linear_classifier_has_the_margin_and_the_bound_of_its_formula()
    {
        // f = σ(2x₁): at (±1, ·) the decision is 1 away; λ_f = ½, everywhere in the box and by the norm of the one layer, which is
        // rounded up by 1e-5.
        const double Rounded = 2e-5;
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Affine(new double[,] { { 2, 0 } }, 0), Labelled([1, 0, -1, 0, 1, 1, -1, 1], 1, 0, 1, 0));
        var test = Labelled([1, 0.5, -1, 0.5], 1, 1);
        var result = new Loukas2021Lemma4().Check(new TheoryContext(network, data, FinalActivation.Sigmoid, test: test));
        var reach = (1 / (1 + Math.Exp(-2))) - 0.5;
        Assert.Equal(4, result.Inequalities.Length);
        foreach (var bound in new[] { 0, 1 })
        {
            AssertClose(0.5, result.Detail($"lipschitz.bound.{bound + 1}"), Rounded);
            var margin = result.Inequalities[2 * bound];
            AssertClose(reach / 0.5, margin.Left, Rounded);
            AssertClose(1, margin.Right, Rounded);

            // r = reach, whose squares have the edge √2 r: 4 × 2 of them fill the box [−1, 1] × [0, 1].
            AssertClose(reach, result.Detail($"radius.{bound + 1}"), Rounded);
            Assert.Equal(8, result.Detail($"cover.box.{bound + 1}"));
            var gap = result.Inequalities[(2 * bound) + 1];
            AssertClose(Math.Sqrt(((4 * Math.Log(2) * 8) + (2 * Math.Log(20))) / 4), gap.Right, Rounded);
            Assert.Equal((0.5, InequalityVerdict.Vacuous), (gap.Left, gap.Verdict));
        }
    }

    [Fact]
    public void Margins_and_robustness_hold_by_every_bound_of_a_trained_network()
    {
        using var scope = Libtorch.NewDisposeScope();
        var data = Halves(30, 4);
        var network = Balanced(data);
        var context = Context(Record(1, 1000, network, network), data, Halves(9, 5));
        foreach (var theorem in new Theorem[] { new Loukas2021Lemma4(), new Loukas2021Definition2() })
        {
            var result = theorem.Check(context);
            Assert.Null(result.NotApplicable);
            Assert.DoesNotContain(
                result.Inequalities,
                inequality => inequality.Verdict is InequalityVerdict.Fails or InequalityVerdict.NotApplicable);
            Assert.True(result.Inequalities.Length >= 2);
            Assert.Contains(result.Inequalities, inequality => inequality.Verdict == InequalityVerdict.Holds);
        }
    }

    [Fact]
    public void A_bound_of_the_Lipschitz_constant_that_is_none_makes_margins_and_robustness_fail()
    {
        using var scope = Libtorch.NewDisposeScope();
        var data = Halves(30, 4);
        var network = Balanced(data);
        var context = Context(Record(1e-7, 1000, network, network), data);
        Assert.Equal(InequalityVerdict.Fails, new Loukas2021Lemma4().Check(context).Verdict);
        Assert.Equal(InequalityVerdict.Fails, new Loukas2021Definition2().Check(context).Verdict);
    }

    [Fact]
    public void Errors_on_test_data_of_another_kind_make_the_bound_fail()
    {
        // f = σ(3x) on 200 points at each of ±1, all of them right, and test labels that are all wrong.
        using var scope = Libtorch.NewDisposeScope();
        double[] x = [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? 1.0 : -1)];
        DataSet Of(int even, int odd) =>
            DataSet.FromArrays("ends", [1], x, labels: [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? even : odd)]);
        var result = new Loukas2021Lemma4().Check(
            new TheoryContext(Affine(new double[,] { { 3 } }, 0), Of(1, 0), FinalActivation.Sigmoid, test: Of(0, 1)));
        var gap = Assert.Single(result.Inequalities, inequality => inequality.Name.Contains("cubes"));
        AssertClose(Math.Sqrt(((4 * Math.Log(2) * 4) + (2 * Math.Log(20))) / 400), gap.Right, 1e-12);
        Assert.Equal((1.0, InequalityVerdict.Fails), (gap.Left, gap.Verdict));
    }

    [Fact]
    public void Robustness_is_counted_in_cubes()
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = new TheoryContext(
            Affine(new double[,] { { 2, 0 } }, 0), Labelled([1, 0, -1, 0, 1, 1, -1, 1], 1, 1, 1, 1), FinalActivation.Sigmoid);
        var bound = GeneralizationBound.Of(context);

        // One cube holds everything, and points of both decisions; of squares of the edge ½ none does.
        Assert.Equal((2, 1), (Robustness.Of(context, bound, 10).Sets, Robustness.Of(context, bound, 10).Epsilon));
        var fine = Robustness.Of(context, bound, (0.5 / Math.Sqrt(2)) + 1e-9);
        Assert.Equal((16, 0), (fine.Sets, fine.Epsilon));
        Assert.True(fine.Pairs > 0);
    }

    [Fact]
    public void Points_outside_the_box_are_in_no_cube()
    {
        using var scope = Libtorch.NewDisposeScope();
        var cubes = CubePartition.Around([[0, 0, 5], [2, 0, 5], [0, 1, 5], [2, 1, 5]]);
        Assert.Null(cubes.Cube(1, [2.1, 0, 5]));
        Assert.Null(cubes.Cube(1, [1, 0.5, 5.1]));
        Assert.Equal(cubes.Cube(10, [0, 0, 5]), cubes.Cube(10, [2, 1, 5]));
        Assert.NotEqual(cubes.Cube(0.5, [0, 0, 5]), cubes.Cube(0.5, [2, 1, 5]));

        // Of 3 × 2 cubes each of many points is in one.
        var radius = 0.7 / Math.Sqrt(2);
        Assert.Equal(6, cubes.Count(radius));
        Assert.Equal(6, (from i in Enumerable.Range(0, 21)
                         from j in Enumerable.Range(0, 11)
                         select cubes.Cube(radius, [i * 0.1, j * 0.1, 5])).Distinct().Count());
    }

    [Fact]
    public void Without_two_classes_and_a_sigmoid_nothing_is_said()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Affine(new double[,] { { 2, 0 } }, 0);
        foreach (var theorem in new Theorem[] { new Loukas2021Lemma4(), new Loukas2021Definition2() })
        {
            Assert.Contains("sigmoid", theorem.Check(new TheoryContext(network, Gaussian(9, 2, 2))).NotApplicable);
            Assert.Contains("two classes", theorem.Check(
                new TheoryContext(network, Gaussian(40, 3, 2), FinalActivation.Sigmoid)).NotApplicable);
            Assert.Contains("no class label an example", theorem.Check(
                new TheoryContext(network, Points([2], 1, 0), FinalActivation.Sigmoid)).NotApplicable);
        }

        var oneClass = new Loukas2021Lemma4().Check(
            new TheoryContext(network, Labelled([1, 0, 2, 0, 1, 1], 1, 0, 1), FinalActivation.Sigmoid));
        Assert.Equal("all examples are in one class", oneClass.Inequalities[0].Why);
    }

    private static DataSet Labelled(double[] x, params int[] labels) => DataSet.FromArrays("points", [2], x, labels: labels);
}
