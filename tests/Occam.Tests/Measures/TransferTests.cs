using Occam.Data;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Tests.Networks.Operators;
using Occam.Theory;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

public sealed class TransferTests
{
    private static readonly string[] s_theorems = ["gor-theorem-1", "gor-lemma-3", "gor-lemma-4", "gc-theorem-5-1", "gc-equation-6"];

    [Fact]
    public void Transfer_functions_are_those_of_matrices_written_out()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Perceptron("tanh", 4, 6, 5, 3), Gaussian(4, 3, 4));
        var result = Measure("transfer-functions", network, data);
        var amplifications = Measure("layer-amplifications", network, data);
        var gemms = network.ActiveNodes.Where(node => node.OperatorType == "Gemm").ToArray();
        var (transfers, A) = (new double[3], new double[3]);
        foreach (var x in Examples(data))
        {
            for (var i = 0; i < gemms.Length; i++)
            {
                var input = gemms[i].Inputs[0];
                var to = network.WithOutput(input);
                var h = to.Forward(Tensor.FromArray(x, 1, 4)).ToArray<double>();
                var stretch = LargestSingularValue(NumericJacobian(to, x, [4]));
                var norm = network.Graph.Initializers[gemms[i].Inputs[1]].SingularValues().AMax([0]).Item();
                transfers[i] += (1 + h.Sum(value => value * value)) / (3 * Math.Pow(norm * stretch, 2)) / 4;
                A[i] += norm * stretch / 4;
            }
        }

        for (var i = 0; i < 3; i++)
        {
            AssertClose(transfers[i], result.Layers[i].Value, 1e-7);
            AssertClose(A[i], amplifications.Layers[i].Value, 1e-7);
        }

        AssertClose(transfers.Sum(), result.Value, 1e-7);
        AssertClose(3 * transfers.Sum(), result.Detail("withoutDimensions"), 1e-7);
        Assert.True(amplifications.Value >= A.Max() - 1e-7);
    }

    /// <summary>As newer exporters write attention: the positions first. Fewer of them than examples, as many, and more.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_layer_whose_rows_are_no_examples_is_left_out_and_told(int count)
    {
        using var scope = Libtorch.NewDisposeScope();
        var order = Attributes.Of(("perm", new[] { 1L, 0, 2 }));
        var network = new Network(TestGraphs.Graph(
            [null, 3, 2],
            [
                TestGraphs.Node("Transpose", ["x"], ["t"], order), TestGraphs.Node("MatMul", ["t", "w"], ["h"]),
                TestGraphs.Node("Transpose", ["h"], ["b"], order), TestGraphs.Node("Tanh", ["b"], ["a"]),
                TestGraphs.Node("Flatten", ["a"], ["f"]), TestGraphs.Node("Gemm", ["f", "v"], ["y"]),
            ],
            ("w", OneNode.Random(1, 2, 4)), ("v", OneNode.Random(2, 12, 2))));
        foreach (var id in new[] { "transfer-functions", "layer-amplifications" })
        {
            var result = Measure(id, network, Gaussian(count, 2, 3, 2));
            Assert.Equal(["Gemm:y"], result.Layers.Select(layer => layer.Name));
            Assert.Contains(
                "doesn't have the examples in the first dimension", Assert.Single(result.Skipped).Why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_an_affine_map_of_one_output_the_transfer_is_tight()
    {
        // ‖∇_x f‖ = ‖w‖ = σ_max, and ‖∇_θ f‖² = 1 + ‖x‖²: both sides of eq. 9 are equal.
        var data = Points([2], 0.5, -2, 1, 3);
        var context = new TheoryContext(Affine(new double[,] { { 3, -4 } }, 1), data);
        foreach (var inequality in TheoremCatalogue
            .Find("gc-theorem-5-1")
            .Check(context).Inequalities
            .Concat(TheoremCatalogue.Find("gor-lemma-3").Check(context).Inequalities))
        {
            Assert.Equal(InequalityVerdict.Holds, inequality.Verdict);
            AssertClose(inequality.Right, inequality.Left, 1e-12);
        }

        AssertClose((1 + 4.25 + 1 + 10) / 50, Value("transfer-functions", context.Network, data), 1e-12);
    }

    [Theory]
    [InlineData("relu", 4, 6, 5, 3)]
    [InlineData("tanh", 5, 3, 2)]
    [InlineData("gelu", 3, 8, 8, 1)]
    public void Transfers_hold_on_dense_networks_and_rest_on_an_identity(string activation, params int[] sizes)
    {
        var network = Perceptron(activation, [.. sizes.Select(size => (long)size)]);
        var context = new TheoryContext(network, Gaussian(12, Math.Max(2, sizes[^1]), sizes[0]));
        foreach (var id in s_theorems)
        {
            var result = TheoremCatalogue.Find(id).Check(context);
            Assert.Null(result.NotApplicable);
            Assert.All(result.Inequalities, inequality => Assert.Equal(InequalityVerdict.Holds, inequality.Verdict));
            Assert.NotEmpty(result.Inequalities);
        }

        // Without the factor for the dimensions the bound is smaller by it, and still one.
        var both = TheoremCatalogue.Find("gc-theorem-5-1").Check(context).Inequalities;
        Assert.Equal(3, both.Length);
        Assert.True(both[2].Right <= both[1].Right * (1 + 1e-12));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Equation_6_holds_of_least_squares(int outputs)
    {
        var network = Perceptron("tanh", 4, 6, outputs);
        var inputs = Gaussian(5, 2, 4);
        var x = new double[20];
        inputs.CopyInputs([0, 1, 2, 3, 4], x);
        var data = DataSet.FromArrays("regression", [4], x, targets: [.. Enumerable.Range(0, 5 * outputs).Select(i => Math.Sin(3 * i))]);

        var result = TheoremCatalogue.Find("gc-equation-6").Check(new TheoryContext(network, data));
        var equation = Assert.Single(result.Inequalities);
        AssertClose(equation.Left, equation.Right, 1e-9);
        foreach (var part in (string[])["gradientNorms", "labelAlignment", "batchAlignment"])
        {
            Assert.Equal(
                Measure("implicit-gradient-regularization", network, data).Detail(part),
                result.Details.Single(detail => detail.Key == part).Value, 1e-9 * equation.Left);
        }

        var wrong = DataSet.FromArrays("regression", [4], x, targets: new double[5 * (outputs + 1)]);
        Assert.Contains(
            "targets an example", TheoremCatalogue.Find("gc-equation-6").Check(new TheoryContext(network, wrong)).NotApplicable);
    }

    [Fact]
    public void Where_weights_are_shared_the_transfers_are_not_applicable_and_the_functions_still_told()
    {
        var (network, data) = (Cnn(), Gaussian(4, 3, 2, 8, 8));
        var context = new TheoryContext(network, data);
        foreach (var id in s_theorems[..4])
        {
            Assert.Contains("several places", TheoremCatalogue.Find(id).Check(context).NotApplicable);
        }

        Assert.Equal(InequalityVerdict.Holds, TheoremCatalogue.Find("gc-equation-6").Check(context).Verdict);
        var functions = Measure("transfer-functions", network, data);
        Assert.Equal(3, functions.Layers.Length);
        Assert.Contains("diagnostic", Assert.Single(functions.Notes));

        // Of a convolution: h is the image, so that its Jacobian is I, and the map is the convolution's at 8×8.
        var stretch = Measure("layer-amplifications", network, data).Layers[0].Value;
        var identity = Tensor.Eye(128, ScalarType.Float64).Reshape(128, 2, 8, 8);
        var first = network.WithOutput(network.ActiveNodes.First().Output);
        var matrix = first.Forward(identity) - first.Forward(Tensor.ZerosLike(identity));
        AssertClose(matrix.SingularValues().AMax([0]).Item(), stretch, 1e-6);
    }

    [Fact]
    public void A_way_around_a_layer_takes_the_transfers_their_ground()
    {
        using var generator = new Generator(2);
        var network = Graph(
            [3],
            [
                Occam.Tests.Networks.TestGraphs.Node("Gemm", ["x", "W", "b"], ["z"]),
                Occam.Tests.Networks.TestGraphs.Node("Tanh", ["z"], ["t"]), Occam.Tests.Networks.TestGraphs.Node("Add", ["t", "x"], ["y"]),
            ],
            ("W", Tensor.Randn([3, 3], generator, ScalarType.Float64)), ("b", Tensor.Randn([3], generator, ScalarType.Float64)));
        Assert.Contains(
            "a way leads around",
            TheoremCatalogue.Find("gc-theorem-5-1").Check(new TheoryContext(network, Gaussian(4, 3, 3))).NotApplicable);
    }
}
