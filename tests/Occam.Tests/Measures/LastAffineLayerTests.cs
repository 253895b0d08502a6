using Occam.Derivatives;
using Occam.Measures;
using Occam.Measures.Slope;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

/// <summary>The short cut through a last layer that widens, ‖W J_φ‖ = ‖R J_φ‖, against the Jacobian taken row by row.</summary>
public sealed class LastAffineLayerTests
{
    [Theory]
    [InlineData(9, 5, 14, 5)]
    [InlineData(9, 20, 7, 7)]
    [InlineData(4, 9, 30, 4)]
    public void There_are_as_many_passes_as_the_narrowest_of_outputs_features_and_inputs(int inputs, int units, int outputs, int passes)
    {
        var network = Perceptron("tanh", inputs, units, outputs);
        Assert.Equal(passes, Context(network, Gaussian(3, 2, inputs)).Passes);
        AssertSame(network, inputs);
    }

    [Theory]
    [InlineData("dead feature")]
    [InlineData("equal features")]
    [InlineData("all zero")]
    public void Layers_of_less_than_full_rank_change_nothing(string what)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Perceptron("gelu", 8, 5, 12);
        var W = network.Graph.Initializers["layer2.weight"].Clone();
        _ = what switch
        {
            "dead feature" => W.Select(1, 2).ZeroInPlace(),
            "equal features" => W.Select(1, 2).CopyInPlace(W.Select(1, 4)),
            _ => W.ZeroInPlace(),
        };
        var changed = network.WithInitializers([KeyValuePair.Create("layer2.weight", W)]);
        Assert.NotNull(LastAffineLayer.Of(changed, 12));
        AssertSame(changed, 8);
    }

    [Fact]
    public void Several_layers_count_as_one_and_the_narrowest_is_where_the_passes_begin()
    {
        var network = Graph(
            [6],
            [
                TestGraphs.Node("MatMul", ["x", "A"], ["z"]), TestGraphs.Node("Tanh", ["z"], ["a"]),
                TestGraphs.Node("MatMul", ["a", "B"], ["h"]), TestGraphs.Node("Add", ["h", "b"], ["i"]),
                TestGraphs.Node("Flatten", ["i"], ["f"]), TestGraphs.Node("MatMul", ["f", "C"], ["g"]),
                TestGraphs.Node("Gemm", ["g", "D"], ["y"], Attributes.Of(("transB", 1L), ("alpha", 0.5))),
            ],
            ("A", Random(1, 6, 9)), ("B", Random(2, 9, 3)), ("b", Random(3, 3)), ("C", Random(4, 3, 5)), ("D", Random(5, 11, 5)));
        Assert.Equal(3, Context(network, Gaussian(3, 2, 6)).Passes);
        AssertSame(network, 6);
    }

    [Fact]
    public void The_factors_of_a_large_layer_are_found_by_rows()
    {
        using var scope = Libtorch.NewDisposeScope();
        const int Outputs = 70_001;
        var network = Graph(
            [3],
            [
                TestGraphs.Node("MatMul", ["x", "A"], ["z"]), TestGraphs.Node("Tanh", ["z"], ["a"]),
                TestGraphs.Node("MatMul", ["a", "B"], ["y"]),
            ],
            ("A", Random(1, 3, 61)), ("B", Random(2, 61, Outputs)));
        var layer = LastAffineLayer.Of(network, Outputs)!;
        var W = network.Graph.Initializers["B"].T();
        Assert.True(W.Elements > 1 << 22);
        var R = layer.Factor;
        AssertNear(W.T().MatMul(W), R.T().MatMul(R), 1e-11);
        AssertNear(W, layer.Basis.MatMul(R), 1e-11);
        Assert.All(Enumerable.Range(0, 61), i => Assert.True(R.Select(0, i).Select(0, i).Item() > 0));
        Assert.Equal(0, R.Select(0, 60).Narrow(0, 0, 60).Abs().Sum().Item());
    }

    private static void AssertNear(Tensor expected, Tensor actual, double tolerance) =>
        Assert.InRange((expected - actual).Norm().Item(), 0, tolerance * expected.Norm().Item());

    [Fact]
    public void Positions_have_a_layer_each()
    {
        var network = Graph(
            [4, 6],
            [
                TestGraphs.Node("MatMul", ["x", "A"], ["z"]), Transposed("z", "t"), TestGraphs.Node("MatMul", ["t", "M"], ["u"]),
                Transposed("u", "v"), TestGraphs.Node("Tanh", ["v"], ["a"]), TestGraphs.Node("MatMul", ["a", "B"], ["h"]),
                TestGraphs.Node("Add", ["h", "b"], ["y"]),
            ],
            ("A", Random(1, 6, 3)), ("M", Random(2, 4, 4)), ("B", Random(3, 3, 8)), ("b", Random(4, 8)));
        Assert.Equal(12, Context(network, Gaussian(3, 2, 4, 6)).Passes);
        AssertSame(network, 4, 6);
    }

    public static TheoryData<string, Node[]> Unused => new()
    {
        { "a bend after it", [TestGraphs.Node("MatMul", ["a", "B"], ["h"]), TestGraphs.Node("Tanh", ["h"], ["y"])] },
        { "features that go around it", [
            TestGraphs.Node("MatMul", ["a", "B"], ["h"]), TestGraphs.Node("Concat", ["h", "x"], ["y"], Attributes.Of(("axis", 1L))),
        ] },
        { "a product of data", [TestGraphs.Node("MatMul", ["a", "B"], ["h"]), TestGraphs.Node("Mul", ["h", "h"], ["y"])] },
    };

    [Theory]
    [MemberData(nameof(Unused))]
    public void Where_the_outputs_are_no_affine_map_of_the_features_it_is_not_used(string what, Node[] nodes)
    {
        var network = Graph(
            [6], [TestGraphs.Node("MatMul", ["x", "A"], ["z"]), TestGraphs.Node("Tanh", ["z"], ["a"]), .. nodes],
            ("A", Random(1, 6, 3)), ("B", Random(2, 3, 9)));
        var outputs = Context(network, Gaussian(3, 2, 6)).Outputs;
        Assert.True(LastAffineLayer.Of(network, outputs) is null, what);
        AssertSame(network, 6);
    }

    [Fact]
    public void The_measures_of_one_run_take_the_same_from_one_pass_as_each_by_itself()
    {
        var (network, data) = (Perceptron("tanh", 12, 5, 9), Gaussian(8, 9, 12));
        Measure[] measures = [new GeometricComplexity(), new DirichletEnergy(), new LocalLipschitz()];
        var (passes, last) = (0, 1.0);
        var together = Context(network, data, new MeasureOptions
        {
            // A pass begins where the share falls.
            Progress = share => (passes, last) = (share < last ? passes + 1 : passes, share),
        });
        together.Plan(measures);
        foreach (var measure in measures)
        {
            var alone = measure.Measurement(Context(network, data));
            var planned = measure.Measurement(together);
            AssertClose(alone.Value!.Value, planned.Value, 1e-13);
            foreach (var (left, right) in alone.PerExample.Zip(planned.PerExample))
            {
                AssertClose(left, right, 1e-12);
            }
        }

        Assert.Equal(1, passes);

        // Against the definition, at the first example, on the logits and on the probabilities.
        var J = NumericJacobian(network, Example(data, 0), [12]);
        AssertClose(LargestSingularValue(J), new LocalLipschitz().Measurement(together).PerExample[0], 1e-7);
        var one = Context(network, Gaussian(1, 9, 12));
        var SJ = NumericJacobian(network, Example(data, 0), [12], Softmax);
        AssertClose(LargestSingularValue(SJ), new LocalLipschitz().Measurement(one).Detail("probabilities.mean"), 1e-6);
    }

    private static Node Transposed(string from, string to) =>
        TestGraphs.Node("Transpose", [from], [to], Attributes.Of(("perm", new[] { 0L, 2, 1 })));

    private static double[] Softmax(double[] z)
    {
        var most = z.Max();
        var powers = Array.ConvertAll(z, value => Math.Exp(value - most));
        return Array.ConvertAll(powers, power => power / powers.Sum());
    }

    private static Tensor Random(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed);
        return Tensor.Randn(shape, generator, ScalarType.Float64);
    }

    private static void AssertSame(Network network, params int[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = Context(network, Gaussian(5, 2, shape));
        var x = context.Examples(0, 5);
        var leaf = x.Clone().RequireGrad();
        var output = network.Forward(leaf);
        var J = Tensor.Stack(
            [.. Enumerable.Range(0, (int)context.Outputs)
                .Select(j => Autograd.Grad([output.Select(1, j).Sum()], [leaf], retainGraph: true)[0]!.Flatten(1))],
            1);
        var singular = J.SingularValues();
        AssertAll(J.Square().Sum([1, 2]), Tensor.FromArray(context.Jacobian.SquaredNorms(x), 5));
        AssertAll(J, context.Jacobian.Matrix(x));
        AssertAll(J.BatchMatMul(J.Transpose(1, 2)), context.Jacobian.Gram(x));
        AssertAll(singular.AMax([1]), Tensor.FromArray(new LocalLipschitz().Measurement(context).PerExample.ToArray(), 5));
    }

    private static void AssertAll(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.InRange((expected - actual).Norm().Item(), 0, 1e-12 * (1 + expected.Norm().Item()));
    }
}
