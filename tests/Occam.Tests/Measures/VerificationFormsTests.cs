using Occam.Data;
using Occam.Measures;
using Occam.Measures.Certificates;
using Occam.Measures.Slope;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

/// <summary>
/// Networks in the forms of verification contests: one example at a time, axes of one number around it, normalization at the head, and
/// layouts that are turned on the way. All have three outputs; what they compute is written down a second time, without the forms.
/// </summary>
public sealed class VerificationFormsTests
{
    private sealed record Form(long[] Input, int[] Data, Node[] Nodes, (string, Tensor)[] Stored, Func<Tensor, Tensor> Plain);

    public static TheoryData<string> Forms => ["acas", "pictures", "channels last", "column", "row times matrix"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void They_are_the_functions_that_they_compute(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (form, context) = Read(name);
        for (var i = 0; i < context.Data!.Count; i++)
        {
            var x = context.Examples(i, 1);
            var expected = form.Plain(x.Reshape(1, -1)).ToArray<double>();
            AssertSame(expected, context.Function.Forward(x).ToArray<double>(), 1e-12, name);
        }

        // Several at a time, of which some are left over.
        var all = context.Examples(0, context.Data.Count);
        AssertSame(
            form.Plain(all.Reshape(all.Size(0), -1)).ToArray<double>(), context.Function.Forward(all).Reshape(-1).ToArray<double>(), 1e-12,
            name);
        Assert.Equal(3, context.Outputs);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_measures_of_slope_are_those_of_the_function(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (form, context) = Read(name);
        var complexity = Measure(new GeometricComplexity(), context);
        var local = Measure(new LocalLipschitz(), context);
        for (var i = 0; i < context.Data!.Count; i++)
        {
            var J = Jacobian(form, context.Examples(i, 1).Reshape(1, -1));
            AssertClose(SquaredNorm(J), complexity.PerExample[i], 1e-6);
            AssertClose(LargestSingularValue(J), local.PerExample[i], 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Certificates_bound_what_was_measured(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (form, context) = Read(name);
        var steepest = Measure(new LocalLipschitz(), context).Detail("maximum");
        var upper = Measure(new LipschitzCertificate(), context);
        Assert.Null(upper.NotApplicable);
        Assert.InRange(steepest, 1e-3, upper.Value!.Value * (1 + 1e-9));

        // No two examples are driven further apart.
        var all = context.Examples(0, context.Data!.Count);
        var (x, y) = (all.Reshape(all.Size(0), -1), form.Plain(all.Reshape(all.Size(0), -1)));
        for (var i = 0; i < x.Size(0); i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (near, far) = ((x.Select(0, i) - x.Select(0, j)).Norm().Item(), (y.Select(0, i) - y.Select(0, j)).Norm().Item());
                Assert.True(far <= upper.Value.Value * near * (1 + 1e-9), $"{name}: {far} over {near} is above {upper.Value.Value}");
            }
        }

        var radius = Measure(new CertifiedRadius(), context);
        Assert.Null(radius.NotApplicable);
        Assert.Equal(1, radius.Detail("accuracy"));
        using Generator generator = new(4);
        for (var i = 0; i < x.Size(0); i++)
        {
            var (own, label) = (x.Narrow(0, i, 1), context.Data.Labels![i]);
            Assert.True(radius.PerExample[i] > 0, $"{name}: example {i} has no radius");
            var away = Tensor.Randn([200, own.Size(1)], generator, ScalarType.Float64);
            var near = form.Plain(own + (away / away.Norm([1], keep: true) * radius.PerExample[i]));
            Assert.All(near.ToArray<double>().Chunk(3), logits => Assert.Equal(label, Array.IndexOf(logits, logits.Max())));
        }
    }

    private static void AssertSame(double[] expected, double[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.True(
            Math.Abs(pair.First - pair.Second) <= tolerance * (1 + Math.Abs(pair.First)), $"{what}: {pair.Second}, not {pair.First}"));
    }

    private static double[,] Jacobian(Form form, Tensor x)
    {
        const double Step = 1e-6;
        var d = (int)x.Size(1);
        var J = new double[3, d];
        for (var i = 0; i < d; i++)
        {
            var move = new double[d];
            move[i] = Step;
            var by = Tensor.FromArray(move, 1, d);
            var slope = (form.Plain(x + by) - form.Plain(x - by)).ToArray<double>();
            for (var k = 0; k < 3; k++)
            {
                J[k, i] = slope[k] / (2 * Step);
            }
        }

        return J;
    }

    private static (Form Form, MeasureContext Context) Read(string name)
    {
        var form = Make(name);
        using TemporaryFolder folder = new();
        var graph = TestGraphs.Graph([.. form.Input.Select(size => (long?)size)], form.Nodes, form.Stored);
        OnnxWriter.Write(graph, folder.File("net.onnx"));
        var loaded = NetworkLoader.Load(folder.File("net.onnx"));
        var data = Gaussian(7, 3, form.Data);
        var x = Tensor.FromArray([.. Examples(data).SelectMany(example => example)], 7, Example(data, 0).Length);
        int[] labels = [.. form.Plain(x).ToArray<double>().Chunk(3).Select(logits => Array.IndexOf(logits, logits.Max()))];
        var labelled = DataSet.FromArrays("labelled", form.Data, x.ToArray<double>(), labels);
        return (form, new MeasureContext(Subject.Of(loaded), labelled));
    }

    private static Form Make(string name)
    {
        using Generator generator = new(21);
        Tensor Random(params long[] shape) => Tensor.Randn(shape, generator, ScalarType.Float64) * (1.2 / Math.Sqrt(shape[0]));
        static Tensor Sizes(params long[] sizes) => Tensor.FromArray(sizes, sizes.Length);
        static Node Of(string type, string[] from, string to, params (string, object)[] attributes) =>
            TestGraphs.Node(type, from, [to], Attributes.Of(attributes));
        switch (name)
        {
            case "acas":
                {
                    var (mean, A, a, B, b) = (Random(1, 1, 1, 5), Random(5, 9), Random(9), Random(9, 3), Random(3));
                    return new Form(
                        [1, 1, 1, 5], [1, 1, 5],
                        [
                            Of("Sub", ["x", "mean"], "s"), Of("Flatten", ["s"], "f", ("axis", 1L)), Of("MatMul", ["f", "A"], "h"),
                            Of("Add", ["h", "a"], "i"), Of("Relu", ["i"], "r"), Of("MatMul", ["r", "B"], "g"), Of("Add", ["g", "b"], "y"),
                        ],
                        [("mean", mean), ("A", A), ("a", a), ("B", B), ("b", b)],
                        x => ((x - mean.Reshape(1, 5)).MatMul(A) + a).Relu().MatMul(B) + b);
                }

            case "pictures":
                {
                    var (mean, deviation) = (Random(1, 3, 1, 1), Tensor.FromArray([0.4, 0.7, 1.3], 1, 3, 1, 1));
                    var (K, k, W, b) = (Random(4, 3, 3, 3), Random(4), Random(3, 16), Random(3));
                    return new Form(
                        [1, 3, 4, 4], [3, 4, 4],
                        [
                            Of("Sub", ["x", "mean"], "s"), Of("Div", ["s", "deviation"], "d"),
                            Of("Conv", ["d", "K", "k"], "c", ("strides", new[] { 2L, 2 }), ("pads", new[] { 1L, 1, 1, 1 })),
                            Of("Relu", ["c"], "r"), Of("Flatten", ["r"], "f"), Of("Gemm", ["f", "W", "b"], "y", ("transB", 1L)),
                        ],
                        [("mean", mean), ("deviation", deviation), ("K", K), ("k", k), ("W", W), ("b", b)],
                        x => ((x.Reshape(-1, 3, 4, 4) - mean) / deviation)
                            .Convolution(K, k, [2, 2], [1, 1], [1, 1], 1).Relu().Flatten(1).MatMul(W.T()) + b);
                }

            case "channels last":
                {
                    var (K, W) = (Random(2, 1, 3, 3), Random(32, 3));
                    return new Form(
                        [1, 4, 4, 1], [4, 4, 1],
                        [
                            Of("Transpose", ["x"], "t", ("perm", new[] { 0L, 3, 1, 2 })),
                            Of("Conv", ["t", "K"], "c", ("pads", new[] { 1L, 1, 1, 1 })), Of("Relu", ["c"], "r"),
                            Of("Transpose", ["r"], "u", ("perm", new[] { 0L, 2, 3, 1 })), Of("Reshape", ["u", "row"], "f"),
                            Of("MatMul", ["f", "W"], "y"),
                        ],
                        [("K", K), ("W", W), ("row", Sizes(1, -1))],
                        x => x.Reshape(-1, 1, 4, 4).Convolution(K, null, [1, 1], [1, 1], [1, 1], 1)
                            .Relu().Permute(0, 2, 3, 1).Flatten(1).MatMul(W));
                }

            case "column":
                {
                    var (A, a, B) = (Random(7, 6), Random(7, 1), Random(3, 7));
                    return new Form(
                        [1, 6, 1], [6, 1],
                        [
                            Of("MatMul", ["A", "x"], "h"), Of("Add", ["h", "a"], "i"), Of("Relu", ["i"], "r"),
                            Of("MatMul", ["B", "r"], "g"), Of("Reshape", ["g", "three"], "y"),
                        ],
                        [("A", A), ("a", a), ("B", B), ("three", Sizes(1, 3))],
                        x => (x.MatMul(A.T()) + a.Reshape(7)).Relu().MatMul(B.T()));
                }

            default:
                {
                    var (A, a, B) = (Random(6, 7), Random(7), Random(7, 3));
                    return new Form(
                        [1, 1, 6], [1, 6],
                        [
                            Of("Mul", ["x", "half"], "m"), Of("MatMul", ["m", "A"], "h"), Of("Add", ["a", "h"], "i"),
                            Of("Relu", ["i"], "r"), Of("Squeeze", ["r", "one"], "q"), Of("MatMul", ["q", "B"], "g"),
                            Of("Flatten", ["g"], "y", ("axis", 1L)),
                        ],
                        [("half", Tensor.Full([1], 0.5, ScalarType.Float64)), ("A", A), ("a", a), ("B", B), ("one", Sizes(1))],
                        x => ((x * 0.5).MatMul(A) + a).Relu().MatMul(B));
                }
        }
    }
}
