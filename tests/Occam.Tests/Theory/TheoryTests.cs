using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Loading;
using Occam.Theory;
using Occam.Theory.Dherin2022;
using Occam.Theory.Loukas2021;
using Occam.Theory.Parts;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Theory;

public sealed class TheoryTests
{
    public static TheoryData<string> Ids => [.. TheoremCatalogue.All.Keys];

    public static TheoryData<string, Func<Network>> Networks => new()
    {
        { "fewer units than inputs", () => Perceptron("relu", 6, 4, 8, 1) },
        { "as many units as inputs", () => Perceptron("relu", 6, 6, 8, 1) },
        { "more units than inputs", () => Perceptron("relu", 6, 20, 8, 1) },
        { "identity", () => Identity(FirstLayer.Identity) },
        { "shift", () => Identity(FirstLayer.Shift) },
    };

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_theorem_says_what_it_is_and_why_it_is_not_applicable(string id)
    {
        var theorem = TheoremCatalogue.Find(id);
        Assert.Equal(id, theorem.Id);
        Assert.All([theorem.Title, theorem.Source, theorem.Statement], Assert.NotEmpty);
        var result =
            theorem.Check(new TheoryContext(Perceptron("tanh", 3, 5, 2), Gaussian(4, 2, 3)) { Options = new TheoryOptions(Draws: 8) });
        Assert.Equal(id, result.Id);
        Assert.True(result.Inequalities.Length > 0 || result.NotApplicable is { Length: > 0 }, id);
    }

    [Theory]
    [InlineData(0.0, 2, "a bound that fails with probability 0 can't be: give a number between 0 and 1")]
    [InlineData(1.0, 2, "a bound that fails with probability 1 can't be: give a number between 0 and 1")]
    [InlineData(-0.5, 2, "a bound that fails with probability -0.5 can't be: give a number between 0 and 1")]
    [InlineData(double.NaN, 2, "a bound that fails with probability NaN can't be: give a number between 0 and 1")]
    [InlineData(0.5, 1, "1 draws of the weights can't be: give at least 2")]
    [InlineData(0.5, -3, "-3 draws of the weights can't be: give at least 2")]
    public void Options_that_make_no_sense_are_refused(double delta, int draws, string expected)
    {
        Assert.Equal(expected, Assert.Throws<OccamException>(() => new TheoryOptions(delta, draws)).Message);
        var usual = new TheoryOptions();
        Assert.Equal(expected, Assert.Throws<OccamException>(() => usual with { Delta = delta, Draws = draws }).Message);
    }

    [Fact]
    public void Of_an_affine_map_the_mean_gradients_are_those_of_its_formula()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Perceptron("relu", 3, 2);
        var weight = network.Parameters.Single(parameter => parameter.Value.Dimensions == 2).Value;

        var details = TheoremCatalogue.Find("gc-theorem-5-1")
            .Check(new TheoryContext(network, Points([3], 1, 2, 2, 0, 0, 0.5))).Details.ToDictionary();

        // ∇_θ f^j is x beside 1 for every output j: the mean of 2(1 + ‖x‖²) over ‖x‖² = 9 and 1/4.
        AssertClose(2 * (1 + (9.25 / 2)), details["gradientByParameters"], 1e-12);
        AssertClose(weight.Square().Sum().Item(), details["gradientByInput"], 1e-12);
    }

    [Fact]
    public void Nothing_fails_on_any_network()
    {
        foreach (var build in Networks.Select(row => row.Data.Item2))
        {
            using var scope = Libtorch.NewDisposeScope();
            var context = new TheoryContext(build(), Gaussian(40, 2, 6)) { Options = new TheoryOptions(Draws: 8) };
            foreach (var theorem in TheoremCatalogue.All.Values)
            {
                Assert.DoesNotContain(theorem.Check(context).Inequalities, inequality => inequality.Verdict == InequalityVerdict.Fails);
            }
        }
    }

    [Theory]
    [InlineData(FirstLayer.Identity)]
    [InlineData(FirstLayer.Shift)]
    public void With_an_identity_first_both_sides_are_equal(FirstLayer first)
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = new TheoryContext(Identity(first), Gaussian(30, 2, 6));
        foreach (var id in new[] { "bth-lemma-1", "bth-lemma-5", "bth-theorem-1" })
        {
            var result = TheoremCatalogue.Find(id).Check(context);
            Assert.All(result.Inequalities.Where(inequality => !inequality.Name.Contains("relative")), inequality =>
            {
                Assert.Equal(InequalityVerdict.Holds, inequality.Verdict);
                AssertClose(inequality.Left, inequality.Right, 1e-12);
            });
        }
    }

    [Fact]
    public void With_more_units_than_inputs_the_upper_bound_is_vacuous_and_the_lower_one_holds()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = new Loukas2021Theorem1().Check(new TheoryContext(Perceptron("relu", 3, 7, 1), Gaussian(20, 2, 3)));
        Assert.Equal([InequalityVerdict.Holds, InequalityVerdict.Vacuous], result.Inequalities.Select(inequality => inequality.Verdict));
        Assert.Equal(double.PositiveInfinity, result.Inequalities[1].Right);
        Assert.Contains("more units (7) than inputs (3)", result.Inequalities[1].Why);
        Assert.False(Assert.Single(result.Hypotheses).Holds);
    }

    [Fact]
    public void With_fewer_units_than_inputs_both_bounds_hold()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = new Loukas2021Theorem1().Check(new TheoryContext(Perceptron("relu", 6, 4, 1), Gaussian(20, 2, 6)));
        Assert.Equal([InequalityVerdict.Holds, InequalityVerdict.Holds], result.Inequalities.Select(inequality => inequality.Verdict));
        Assert.All(result.Inequalities, inequality => Assert.True(inequality.Slack > 0));
    }

    [Fact]
    public void The_span_of_the_data_gives_a_bound_of_its_own_name()
    {
        using var scope = Libtorch.NewDisposeScope();
        var flat = Points([3], 1, 2, 0, -1, 0.5, 0, 2, -1, 0, 0.3, 0.3, 0);
        var result = new Loukas2021Theorem1().Check(new TheoryContext(Perceptron("relu", 3, 3, 1), flat));
        var suggested = Assert.Single(result.Inequalities, inequality => !inequality.IsProved);
        Assert.Contains("min‖W₁x‖ over the data's 2 dimensions", suggested.Name);
        Assert.True(double.IsFinite(suggested.Right));
    }

    [Fact]
    public void A_suggestion_that_fails_says_nothing_against_the_theorem()
    {
        TheoremResult Of(params Inequality[] inequalities) => new() { Id = "", Title = "", Source = "", Inequalities = [.. inequalities] };
        var (holds, fails, vacuous) = (
            Inequality.AtMost("", 1, 2), Inequality.AtMost("", 2, 1), Inequality.AtMost("", 1, double.PositiveInfinity));
        Assert.Equal(InequalityVerdict.Holds, Of(holds, fails.AsSuggested(), vacuous).Verdict);
        Assert.Equal(InequalityVerdict.Fails, Of(holds, fails).Verdict);
        Assert.Equal(InequalityVerdict.Vacuous, Of(vacuous, Inequality.NotApplicable("", "why")).Verdict);
        Assert.Equal(InequalityVerdict.NotApplicable, Of().Verdict);
        Assert.Equal(1, holds.Slack);
        Assert.Equal(InequalityVerdict.Holds, Inequality.AtMost("", 1 + 1e-12, 1).Verdict);
    }

    [Fact]
    public void The_gradients_are_those_of_finite_differences_after_a_sigmoid()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Perceptron("tanh", 3, 4, 1), Gaussian(5, 2, 3));
        var found = FirstLayerGradients.Of(new TheoryContext(network, data, FinalActivation.Sigmoid), network);
        static double[] Sigmoid(double[] z) => [.. z.Select(value => 1 / (1 + Math.Exp(-value)))];
        for (var i = 0; i < data.Count; i++)
        {
            var x = Example(data, i);
            AssertClose(Math.Sqrt(SquaredNorm(NumericJacobian(network, x, [3], Sigmoid))), found.Lipschitz[i], 1e-7);
            double At(int unit, double move)
            {
                using var grad = Libtorch.NoGrad();
                var bias = network.Constant("layer1.bias")!.ToArray<double>();
                bias[unit] += move;
                return Sigmoid(network.WithInitializers([KeyValuePair.Create("layer1.bias", Tensor.FromArray(bias, 4))])
                    .Forward(Tensor.FromArray(x, 1, 3))
                    .ToArray<double>())[0];
            }

            AssertClose(
                Math.Sqrt(Enumerable.Range(0, 4).Sum(unit => Math.Pow((At(unit, 1e-5) - At(unit, -1e-5)) / 2e-5, 2))), found.BiasSteps[i],
                1e-7);
        }
    }

    [Fact]
    public void The_closed_form_and_the_difference_quotient_agree()
    {
        using var scope = Libtorch.NewDisposeScope();
        foreach (var final in new[] { FinalActivation.None, FinalActivation.Sigmoid })
        {
            var context = new TheoryContext(Perceptron("relu", 4, 5, 1), Gaussian(30, 2, 4), final);
            Assert.InRange(FirstLayerBounds.DifferenceQuotient(context)!.Value, 0, 1e-10);
        }
    }

    [Fact]
    public void Inputs_that_go_around_the_first_layer_and_shared_biases_are_refused()
    {
        using Generator generator = new(4);
        var convolution = new NetworkBuilder("c", [1, 4, 4], InitializationScheme.PyTorch, generator, ScalarType.Float64)
            .Convolution("conv", 2, 3)
            .Activation("a", "relu")
            .Flatten("f")
            .Dense("d", 1)
            .Build();
        Assert.Contains(
            "aren't shared", new Loukas2021Lemma1().Check(new TheoryContext(convolution, Gaussian(3, 2, 1, 4, 4))).NotApplicable);

        var builder = new NetworkBuilder("s", [3], InitializationScheme.PyTorch, generator, ScalarType.Float64);
        var start = builder.Here;
        var around = builder.Dense("one", 3).Activation("a", "relu").Add("sum", start).Dense("two", 1).Build();
        Assert.Contains("no way around it", new Loukas2021Lemma1().Check(new TheoryContext(around, Gaussian(3, 2, 3))).NotApplicable);
    }

    [Fact]
    public void An_affine_model_has_the_complexity_of_its_matrix()
    {
        var result = new Dherin2022LinearModels().Check(
            new TheoryContext(Affine(new double[,] { { 1, -2, 0.5 }, { 3, 0, 1 } }, 4, 5), Gaussian(7, 2, 3)));
        var inequality = Assert.Single(result.Inequalities);
        AssertClose(1 + 4 + 0.25 + 9 + 1, inequality.Left, 1e-12);
        Assert.Equal(InequalityVerdict.Holds, inequality.Verdict);
        Assert.Contains(
            "Relu", new Dherin2022LinearModels().Check(new TheoryContext(Perceptron("relu", 3, 4, 2), Gaussian(7, 2, 3))).NotApplicable);
    }

    [Fact]
    public void Lemma_6_holds_where_the_data_surround_the_origin()
    {
        using var scope = Libtorch.NewDisposeScope();
        double[] circle = [.. Enumerable.Range(0, 60).SelectMany(i => new[] { Math.Cos(i * Math.PI / 30), Math.Sin(i * Math.PI / 30) })];
        var result = new Loukas2021Lemma6().Check(new TheoryContext(Perceptron("relu", 2, 8, 6, 1), Points([2], circle)));

        // Half the arc between two neighbours, and the grid's own step.
        AssertClose(2 * Math.Sin(Math.PI / 120), result.Detail("delta"), 0.01);
        Assert.Equal(InequalityVerdict.Holds, result.Inequalities[1].Verdict);
        Assert.Contains(
            "δ", new Loukas2021Lemma6().Check(new TheoryContext(Perceptron("relu", 2, 8, 6, 1), Points([2], 1, 0, 0, 1))).NotApplicable);
    }

    private static Network Identity(FirstLayer first)
    {
        using Generator generator = new(3);
        return Shaken(Mlp.Build([6, 6, 9, 7, 1], "relu", InitializationScheme.He, generator, firstLayer: first, type: ScalarType.Float64));
    }
}
