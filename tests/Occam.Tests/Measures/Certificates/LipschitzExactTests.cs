using Google.OrTools.LinearSolver;
using Occam.Measures.Certificates;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Certificates;

public sealed class LipschitzExactTests
{
    public static TheoryData<string, Func<Network>, int[]> Networks => new()
    {
        { "one layer", () => Perceptron("relu", 2, 8, 3), [2] },
        { "two layers", () => Perceptron("relu", 3, 6, 5, 2), [3] },
        { "leaky", () => Perceptron("leaky-relu", 2, 6, 4, 2), [2] },
        { "three pieces", () => Perceptron("hard-sigmoid", 2, 4, 3, 1), [2] },
        { "maxima and residual", Maxima, [4] },
    };

    /// <summary>No point is steeper, the global bound isn't below, and from the two sides they meet.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void No_point_is_steeper_and_the_steepest_is_found(string what, Func<Network> build, int[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = build();
        var context = Context(network, Gaussian(2, 2, shape));
        var result = Measure(new LipschitzExact(Seconds: double.PositiveInfinity), context);
        Assert.True(result.Exact, $"{what}: {result.Notes[^1]}");
        Assert.Equal(result.Value!.Value, result.Detail("upper"), 1e-9 * result.Value.Value);
        Assert.True(result.Value <= Measure("lipschitz-upper", context).Value * (1 + 1e-9), what);
        var steepest = 0.0;
        for (var seed = 0; seed < 300; seed++)
        {
            var x = OneNode.Random(seed, [1, .. shape.Select(size => (long)size)]) * Math.Pow(10, (seed % 3) - 1);
            steepest = Math.Max(steepest, BallPoints.Jacobian(network, x).SingularValues().AMax([0]).Item());
        }

        Assert.True(steepest <= result.Value * (1 + 1e-9), $"{what}: {steepest} is above {result.Value}");
        Assert.True(steepest >= 0.5 * result.Value, $"{what}: {steepest} is far below {result.Value}");
    }

    /// <summary>
    /// All patterns of a perceptron's units, one by one, each with a linear program of its own for whether there is such a region.
    /// </summary>
    [Theory]
    [InlineData(1, 2, 5, 4, 2)]
    [InlineData(2, 2, 6, 3, 1)]
    [InlineData(3, 3, 4, 4, 3)]
    [InlineData(4, 1, 6, 3, 2)]
    public void It_is_the_largest_of_all_patterns_that_have_a_region(int seed, int inputs, int first, int second, int outputs)
    {
        using var scope = Libtorch.NewDisposeScope();
        Tensor[] W =
        [
            OneNode.Random(seed, first, inputs), OneNode.Random(seed + 10, second, first), OneNode.Random(seed + 20, outputs, second),
        ];
        Tensor[] b = [OneNode.Random(seed + 30, first), OneNode.Random(seed + 40, second), OneNode.Random(seed + 50, outputs)];
        var (largest, regions) = (0.0, 0);
        for (var pattern = 0; pattern < 1 << (first + second); pattern++)
        {
            Tensor Signs(int from, int count) => Tensor.FromArray(
                [.. Enumerable.Range(from, count).Select(i => (double)((pattern >> i) & 1))], count, 1);
            var (one, two) = (Signs(0, first), Signs(first, second));
            var inner = W[1].MatMul(one * W[0]);
            var offset = W[1].MatMul(one * b[0].Unsqueeze(1)).Squeeze(1) + b[1];
            var rows = Tensor.Cat([W[0] * ((one * 2) - 1), inner * ((two * 2) - 1)], 0);
            var offsets = Tensor.Cat([b[0] * ((one * 2) - 1).Squeeze(1), offset * ((two * 2) - 1).Squeeze(1)], 0);
            if (HasRegion(rows, offsets))
            {
                largest = Math.Max(largest, W[2].MatMul(two * inner).SingularValues().AMax([0]).Item());
                regions++;
            }
        }

        var network = Graph(
            [inputs],
            [
                TestGraphs.Node("Gemm", ["x", "W0", "b0"], ["z0"], Attributes.Of(("transB", 1L))), TestGraphs.Node("Relu", ["z0"], ["h0"]),
                TestGraphs.Node("Gemm", ["h0", "W1", "b1"], ["z1"], Attributes.Of(("transB", 1L))), TestGraphs.Node("Relu", ["z1"], ["h1"]),
                TestGraphs.Node("Gemm", ["h1", "W2", "b2"], ["y"], Attributes.Of(("transB", 1L))),
            ],
            ("W0", W[0]), ("W1", W[1]), ("W2", W[2]), ("b0", b[0]), ("b1", b[1]), ("b2", b[2]));
        var result = Measure(new LipschitzExact(Seconds: double.PositiveInfinity), network, Gaussian(2, 2, inputs));
        AssertClose(largest, result.Value, 1e-9);
        Assert.InRange(result.Detail("regions"), 0, regions);
    }

    [Fact]
    public void Stopped_early_it_is_a_bracket_and_says_so()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Perceptron("relu", 5, 20, 20, 3), Gaussian(2, 2, 5));
        var stopped = Measure(new LipschitzExact(Subproblems: 30), network, data);
        Assert.Equal((false, BoundSide.Upper), (stopped.Exact, stopped.Quantity!.Value.Side));
        Assert.StartsWith("not exact: stopped after", stopped.Notes[^1]);
        Assert.True(stopped.Detail("lower") < stopped.Detail("upper"));
        Assert.Equal(stopped.Value, stopped.Detail("upper"));
        var longer = Measure(new LipschitzExact(Subproblems: 120), network, data);
        Assert.InRange(longer.Detail("upper"), longer.Detail("lower"), stopped.Detail("upper"));
    }

    [Fact]
    public void Too_many_units_are_refused_with_their_number()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = new LipschitzExact().Measurement(Context(Perceptron("relu", 3, 200, 60, 2), Gaussian(2, 2, 3)));
        Assert.Equal("is searched for in networks of at most 256 piecewise-linear units, and this one has 260", result.NotApplicable);
        Assert.Contains(
            "is curved", new LipschitzExact().Measurement(Context(Perceptron("tanh", 3, 4, 2), Gaussian(2, 2, 3))).NotApplicable,
            StringComparison.Ordinal);
    }

    // max(W x) of pairs, added to x before a last layer.
    private static Network Maxima() => Graph(
        [4],
        [
            TestGraphs.Node("MatMul", ["x", "A"], ["h"]), TestGraphs.Node("MatMul", ["x", "B"], ["g"]),
            TestGraphs.Node("Max", ["h", "g"], ["m"]), TestGraphs.Node("Add", ["m", "x"], ["s"]), TestGraphs.Node("Abs", ["s"], ["a"]),
            TestGraphs.Node("MatMul", ["a", "C"], ["y"]),
        ],
        ("A", OneNode.Random(1, 4, 4)), ("B", OneNode.Random(2, 4, 4)), ("C", OneNode.Random(3, 4, 2)));

    private static bool HasRegion(Tensor rows, Tensor offsets)
    {
        var (a, b) = (rows.ToArray<double>(), offsets.ToArray<double>());
        var width = a.Length / b.Length;
        using var solver = Solver.CreateSolver("GLOP");
        var x = solver.MakeNumVarArray(width, -1e4, 1e4);
        var room = solver.MakeNumVar(-1e6, 1, "room");
        for (var i = 0; i < b.Length; i++)
        {
            var row = solver.MakeConstraint(-b[i], double.PositiveInfinity);
            row.SetCoefficient(room, -1);
            for (var j = 0; j < width; j++)
            {
                row.SetCoefficient(x[j], a[(i * width) + j]);
            }
        }

        solver.Objective().SetCoefficient(room, 1);
        solver.Objective().SetMaximization();
        return solver.Solve() == Solver.ResultStatus.OPTIMAL && room.SolutionValue() > 1e-6;
    }
}
