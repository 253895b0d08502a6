using Occam.Data;
using Occam.Measures;
using Occam.Measures.Sharpness;
using Occam.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Networks.TestGraphs;

namespace Occam.Tests.Measures.Sharpness;

public sealed class LossHessianTests
{
    private static readonly Attributes s_overTokens = Attributes.Of(("axes", new[] { 1L }), ("keepdims", 0L));
    private static readonly Attributes s_turned = Attributes.Of(("perm", new[] { 0L, 2L, 1L }));

    /// <summary>Networks that bend as products do between their kinks.</summary>
    public static TheoryData<string> Bilinear =>
        ["perceptron", "leaky", "cnn", "residual", "tokens", "tied", "scaled", "one", "transposed"];

    [Theory]
    [MemberData(nameof(Bilinear))]
    public void A_form_is_the_vector_times_its_product(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = Case(name);
        Assert.NotNull(LossSurface.Of(Context(network, data), out _)!.Weights.SecondDerivatives);
        foreach (var batch in new[] { data.Count, 2 })
        {
            var (forms, products) = FormsAndProducts(network, data, batch);
            for (var i = 0; i < forms.Length; i++)
            {
                Assert.True(Math.Abs(products[i]) > 1e-6);
                Assert.Equal(products[i], forms[i], 1e-9 * Math.Abs(products[i]));
            }
        }
    }

    [Theory]
    [InlineData("tanh", true)]
    [InlineData("prelu", true)]
    [InlineData("attention", true)]
    [InlineData("position", false)]
    public void A_form_is_the_vector_times_its_product_for_any_other_network(string name, bool isBent)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = Case(name);
        Assert.Equal(isBent, LossSurface.Of(Context(network, data), out _)!.Weights.SecondDerivatives is null);
        var (forms, products) = FormsAndProducts(network, data, data.Count);
        Assert.All(forms.Zip(products), pair => Assert.Equal(pair.Second, pair.First, 1e-9 * Math.Abs(pair.Second)));
    }

    [Theory]
    [InlineData("residual")]
    [InlineData("cnn")]
    [InlineData("tanh")]
    public void A_product_is_the_gradients_change_along_the_vector(string name)
    {
        const double Step = 1e-6;
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = Case(name);
        var surface = LossSurface.Of(Context(network, data), out _)!;
        var weights = surface.Weights;
        using Generator generator = new(1);
        var v = Tensor.Randn([weights.Size], generator, ScalarType.Float64);
        using (var hessian = surface.Hessian(2))
        {
            hessian.Times(v).Dispose();
            v = hessian.Times(v);
        }

        using var again = surface.Hessian(1);
        var product = again.Times(v);
        Tensor Gradient(double move)
        {
            weights.Point.SetToSum(weights.Origin, v, move);
            var gradient = weights.Zeros();
            surface.AddGradientOn(Context(network, data).Batch([.. Enumerable.Range(0, data.Count)]), gradient);
            return gradient;
        }

        var change = (Gradient(Step) - Gradient(-Step)) / (2 * Step);
        Assert.True((product - change).Norm().Item() <= 1e-6 * product.Norm().Item());
    }

    [Fact]
    public void Products_and_forms_free_what_they_take()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = Case("residual");
        var surface = LossSurface.Of(Context(network, data), out _)!;
        using Generator generator = new(1);
        var v = Tensor.Randn([surface.Weights.Size], generator, ScalarType.Float64);
        using var hessian = surface.Hessian(20);
        int Held(Action action)
        {
            action();
            var before = scope.Count;
            action();
            return scope.Count - before;
        }

        Assert.Equal(0, Held(() => hessian.Times(v).Dispose()));
        Assert.Equal(0, Held(() => hessian.Forms([v, v])));
    }

    [Fact]
    public void A_basis_stays_orthonormal_where_nearly_all_of_a_vector_is_in_it()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var basis = new OrthonormalBasis();
        using Generator generator = new(1);
        var common = Tensor.Randn([1000], generator);
        for (var i = 0; i < 20; i++)
        {
            var vector = common + (Tensor.Randn([1000], generator) * 1e-4);
            var left = basis.TakeOut(vector);
            Assert.Equal(vector.Norm().Item(), left, 1e-9);
            basis.Add(vector.MultiplyInPlace(1 / left));
        }

        var Q = Tensor.Stack([.. Enumerable.Range(0, basis.Count).Select(i => basis[i])], 0).To(ScalarType.Float64);
        Assert.True((Q.MatMul(Q.T()) - Tensor.Eye(20, ScalarType.Float64)).Abs().Flatten().AMax([0]).Item() < 1e-6);

        // What is made of the others leaves nothing.
        var rest = common.Clone();
        Assert.True(basis.TakeOut(rest) < 1e-3 * common.Norm().Item());
    }

    private static (double[] Forms, double[] Products) FormsAndProducts(Network network, DataSet data, int batch)
    {
        var surface = LossSurface.Of(Context(network, data, new MeasureOptions { Batch = batch }), out _)!;
        using Generator generator = new(1);
        Tensor[] vectors = [.. Enumerable.Range(0, 3).Select(_ => Tensor.Randn([surface.Weights.Size], generator, ScalarType.Float64))];
        using var hessian = surface.Hessian(6);
        var products = hessian.Times(vectors).Zip(vectors, WideSum.OfProducts).ToArray();
        return (hessian.Forms(vectors), products);
    }

    private static (Network Network, DataSet Data) Case(string name)
    {
        using Generator generator = new(5);
        Tensor Weight(params long[] shape) => Tensor.Randn(shape, generator, ScalarType.Float64);
        return name switch
        {
            "perceptron" => (Perceptron("relu", 3, 5, 4, 3), Gaussian(5, 3, 3)),
            "leaky" => (Perceptron("leaky-relu", 3, 5, 4, 3), Gaussian(5, 3, 3)),
            "tanh" => (Perceptron("tanh", 3, 5, 4, 3), Gaussian(5, 3, 3)),
            "cnn" => (Cnn(), Gaussian(5, 3, 2, 8, 8)),
            "residual" => (Residual(), Gaussian(5, 3, 2, 6, 6)),

            // One output, and a weight that no data come to.
            "one" => (Perceptron("relu", 3, 5, 1), Gaussian(5, 2, 3)),
            "tokens" => (Graph(
                [4, 3],
                [
                    Node("MatMul", ["x", "w1"], ["p"]), Node("Add", ["b1", "p"], ["h"]), Node("Relu", ["h"], ["a"]),
                    Node("MatMul", ["a", "w2"], ["q"]), Node("ReduceMean", ["q"], ["y"], s_overTokens),
                ],
                ("w1", Weight(3, 5)), ("b1", Weight(5)), ("w2", Weight(5, 3))), Gaussian(5, 3, 4, 3)),

            // The same weights twice, once turned around.
            "tied" => (Graph(
                [3],
                [
                    Node("Gemm", ["x", "w", "b"], ["h"], Attributes.Of(("transB", 1L), ("alpha", 0.5), ("beta", 2.0))),
                    Node("Relu", ["h"], ["a"]),
                    Node("Transpose", ["w"], ["t"]),
                    Node("Gemm", ["a", "t"], ["g"], Attributes.Of(("transB", 1L))), Node("Relu", ["g"], ["c"]),
                    Node("Gemm", ["c", "u"], ["y"]),
                ],
                ("w", Weight(5, 3)), ("b", Weight(5)), ("u", Weight(3, 3))), Gaussian(5, 3, 3)),
            "scaled" => (Graph(
                [3],
                [
                    Node("MatMul", ["x", "w"], ["h"]), Node("Mul", ["s", "h"], ["m"]), Node("Relu", ["m"], ["a"]),
                    Node("Sub", ["o", "a"], ["d"]),
                    Node("MatMul", ["d", "u"], ["y"]),
                ],
                ("w", Weight(3, 5)), ("s", Weight(5)), ("o", Weight(5)), ("u", Weight(5, 3))), Gaussian(5, 3, 3)),
            "transposed" => (Graph(
                [2, 3, 3],
                [
                    Node("ConvTranspose", ["x", "w", "b"], ["h"]), Node("Relu", ["h"], ["a"]),
                    Node("ConvTranspose", ["a", "u"], ["c"]), Node("GlobalMaxPool", ["c"], ["m"]), Node("Flatten", ["m"], ["y"]),
                ],
                ("w", Weight(2, 4, 2, 2)), ("b", Weight(4)), ("u", Weight(4, 3, 2, 2))), Gaussian(5, 3, 2, 3, 3)),
            "prelu" => (Graph(
                [3],
                [Node("MatMul", ["x", "w"], ["h"]), Node("PRelu", ["h", "s"], ["a"]), Node("MatMul", ["a", "u"], ["y"])],
                ("w", Weight(3, 5)), ("s", Weight(5)), ("u", Weight(5, 3))), Gaussian(5, 3, 3)),

            // Products of what both depends on data and weights, with a softmax between.
            "attention" => (Graph(
                [4, 3],
                [
                    Node("MatMul", ["x", "w"], ["q"]), Node("MatMul", ["x", "k"], ["p"]),
                    Node("Transpose", ["p"], ["t"], s_turned), Node("MatMul", ["q", "t"], ["r"]),
                    Node("Softmax", ["r"], ["s"]), Node("MatMul", ["s", "x"], ["v"]),
                    Node("ReduceMean", ["v"], ["y"], s_overTokens),
                ],
                ("w", Weight(3, 5)), ("k", Weight(3, 5))), Gaussian(5, 3, 4, 3)),

            // The same without the softmax: all of it is products.
            "position" => (Graph(
                [4, 3],
                [
                    Node("MatMul", ["x", "w"], ["q"]), Node("MatMul", ["x", "k"], ["p"]),
                    Node("Transpose", ["p"], ["t"], s_turned), Node("MatMul", ["q", "t"], ["r"]),
                    Node("Relu", ["r"], ["s"]), Node("MatMul", ["s", "q"], ["v"]),
                    Node("ReduceMean", ["v"], ["y"], s_overTokens),
                ],
                ("w", Weight(3, 5)), ("k", Weight(3, 5))), Gaussian(5, 5, 4, 3)),
            _ => throw new ArgumentException(name),
        };
    }
}
