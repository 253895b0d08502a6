using Occam.Measures.Regions;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Regions;

public sealed class RegionArrangementTests
{
    public static TheoryData<string, Func<Network>, long[]> Networks => new()
    {
        { "perceptron", () => Perceptron("relu", 5, 20, 20, 1), [5] },
        { "two inputs, two outputs", () => Perceptron("relu", 2, 16, 16, 16, 2), [2] },
        { "leaky-relu", () => Perceptron("leaky-relu", 4, 12, 12, 3), [4] },
        { "hard-sigmoid", () => Perceptron("hard-sigmoid", 3, 15, 10, 1), [3] },
        { "convolutions and poolings", () => Cnn(), [2, 8, 8] },
        { "residual", Residual, [2, 6, 6] },
        { "absolute values", () => Elementwise("Abs"), [2] },
        { "clip", () => Elementwise("Clip"), [2] },
        { "largest of the units", () => Elementwise("ReduceMax"), [2] },
        { "largest of three", LargestOfThree, [2] },
        { "a condition", Condition, [2] },
        { "equal units", () => OneLayer(new double[,] { { 1, 2 }, { 1, 2 }, { -2, -4 }, { 3, -1 } }, [0.1, 0.1, -0.2, 0]), [2] },
        { "lines through one point", () => OneLayer(
            new double[,] { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 1, -1 }, { 2, 1 }, { 1, 3 } }, [0, 0, 0, 0, 0, 0]), [2] },
        { "lines along the window and through its corners", () => OneLayer(
            new double[,] { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 1, -1 } }, [1, -1, 0, 0]), [2] },
        { "zero weights", () => OneLayer(new double[,] { { 0, 0 }, { 0, 0 }, { 1, 0 } }, [1, -1, 0.25]), [2] },
        { "all dead", () => OneLayer(new double[,] { { 1, 1 }, { -1, 2 } }, [-100, -100]), [2] },
        { "zero but for rounding", CancelledUnit, [2] },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Cells_tile_the_window_and_the_network_is_affine_on_each(string what, Func<Network> build, long[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, slice, window) = (build(), RandomSlice(shape), Window(shape));
        var arrangement = Arrange(network, slice, window);
        AssertClose(window.Area, arrangement.Cells.Sum(cell => cell.Polygon.Area), 1e-12);

        // Cells that fill the window and of which no point lies in two overlap nowhere.
        SeededRandom random = new(5);
        foreach (var point in Enumerable
            .Range(0, 300)
            .Select(_ => window.Corners[2].S * new PlanePoint(random.NextDouble(-1, 1), random.NextDouble(-1, 1))))
        {
            var cell = Assert.Single(arrangement.Cells, cell => cell.Polygon.Contains(point, -1e-10));
            var expected = Forward(network, slice, point);
            Assert.All(cell.At(point).Zip(expected), pair => Assert.InRange(pair.First - pair.Second, -1e-10, 1e-10));
        }

        Assert.True(arrangement.Cells.Length > (what is "all dead" or "zero but for rounding" ? 0 : 1), what);
        foreach (var cell in arrangement.Cells.Where((_, i) => i % (1 + (arrangement.Cells.Length / 100)) == 0))
        {
            AssertGradient(network, slice, arrangement, cell, Inner(cell, random));
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Neighbours_agree_on_the_edge_between_them(string what, Func<Network> build, long[] shape)
    {
        if (what == "a condition")
        {
            // Such a network jumps where its condition changes.
            return;
        }

        using var scope = Libtorch.NewDisposeScope();
        var cells = Arrange(build(), RandomSlice(shape), Window(shape)).Cells;
        var shared = 0;
        foreach (var cell in cells.Take(200))
        {
            foreach (var (from, to) in cell.Polygon.Corners.Zip(cell.Polygon.Corners[1..]))
            {
                var middle = 0.5 * (from + to);
                foreach (var other in cells.Where(other => other != cell && other.Polygon.Contains(middle, 1e-10)))
                {
                    shared++;
                    Assert.All(cell.At(middle).Zip(other.At(middle)), pair => Assert.InRange(pair.First - pair.Second, -1e-8, 1e-8));
                }
            }
        }

        Assert.True(cells.Length == 1 || shared > 0, what);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void All_of_a_cell_has_one_pattern_and_no_two_cells_have_the_same(string what, Func<Network> build, long[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, slice) = (build(), RandomSlice(shape));
        var arrangement = Arrange(network, slice, Window(shape));
        SeededRandom random = new(6);
        var patterns = ActivationPatterns.Of(network).Digests(slice.Inputs([.. arrangement.Cells.Select(cell => Inner(cell, random))]));
        if (what != "zero but for rounding")
        {
            Assert.Equal(arrangement.Patterns, patterns);
        }

        // The pieces of a three-way Max are told apart by every pair's order, which is finer than who wins.
        Assert.Equal(arrangement.Cells.Length, arrangement.Patterns.Distinct().Count());
    }

    [Fact]
    public void Lines_in_general_position_make_as_many_cells_as_Euler_says()
    {
        // n lines of which no two are parallel and no three meet: 1 + n + n(n − 1)/2 cells, with all crossings in the window.
        var network = OneLayer(new double[,] { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 1, -1 } }, [0.1, 0.2, 0.05, -0.3]);
        var arrangement = Arrange(network, PlaneSlice.OfTwoInputs(2), ConvexPolygon.Rectangle(-9, 9, -9, 9));
        Assert.Equal(11, arrangement.Cells.Length);
    }

    [Fact]
    public void Points_lie_in_the_cells_that_hold_them()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, slice) = (Perceptron("relu", 6, 14, 14, 1), RandomSlice([6]));
        SeededRandom random = new(8);
        PlanePoint[] points =
            [.. Enumerable.Range(0, 500).Select(_ => new PlanePoint(random.NextDouble(-1.2, 1.2), random.NextDouble(-1.2, 1.2)))];
        var triangle = ConvexPolygon.Of([new(-1, -1), new(1, -1), new(0, 1)]);
        var cells = Arrange(network, slice, triangle, points).Cells;
        Assert.All(cells, cell => Assert.All(cell.Points, index => Assert.True(cell.Polygon.Contains(points[index], 1e-12))));
        Assert.Equal(
            Enumerable.Range(0, points.Length).Where(i => triangle.Contains(points[i])), cells.SelectMany(cell => cell.Points).Order());
    }

    [Fact]
    public void A_curved_network_is_refused_by_the_name_of_its_node()
    {
        var error = Assert.Throws<OccamException>(
            () => Arrange(Perceptron("tanh", 2, 3, 1), PlaneSlice.OfTwoInputs(2), ConvexPolygon.Rectangle(0, 1, 0, 1)));
        Assert.Contains("Tanh 'activation1'", error.Message);
    }

    [Fact]
    public void Too_many_cells_are_refused()
    {
        var error = Assert.Throws<OccamException>(
            () => Arrange(Perceptron("relu", 2, 60, 1), PlaneSlice.OfTwoInputs(2), ConvexPolygon.Rectangle(-5, 5, -5, 5), mostCells: 100));
        Assert.Contains("more than 100 regions", error.Message);
    }

    [Fact]
    public void Directions_that_span_no_plane_are_refused() =>
        Assert.Contains("span no plane", Assert.Throws<OccamException>(() => new PlaneSlice([0, 0, 0], [1, 2, 3], [2, 4, 6], 3)).Message);

    [Fact]
    public void Projecting_an_input_of_the_plane_gives_its_coordinates()
    {
        var slice = RandomSlice([7]);
        var point = slice.Project(slice.Input(new(0.3, -1.7)));
        AssertClose(0.3, point.S, 1e-12);
        AssertClose(-1.7, point.T, 1e-12);
    }

    private static RegionArrangement Arrange(
        Network network, PlaneSlice slice, ConvexPolygon window, PlanePoint[]? points = null, int mostCells = 100_000) =>
        RegionArrangement.Of(network, slice, window, points, mostCells, TestContext.Current.CancellationToken);

    // A plane through the origin's neighbourhood; the axes for two inputs, where degenerate lines then stay so.
    private static PlaneSlice RandomSlice(long[] shape)
    {
        if (shape is [2])
        {
            return PlaneSlice.OfTwoInputs(2);
        }

        SeededRandom random = new(9);
        var size = shape.Aggregate(1L, (product, next) => product * next);
        double[] Vector(double length) => [.. Enumerable.Range(0, (int)size).Select(_ => length * random.NextGaussian())];
        return new PlaneSlice(Vector(0.3), Vector(1), Vector(1), shape);
    }

    // Images' cells are many and small.
    private static ConvexPolygon Window(long[] shape) =>
        shape.Length > 1 ? ConvexPolygon.Rectangle(-0.1, 0.1, -0.1, 0.1) : ConvexPolygon.Rectangle(-1, 1, -1, 1);

    private static PlanePoint Inner(RegionCell cell, SeededRandom random)
    {
        var corners = cell.Polygon.Corners;
        var weights = corners.Select(_ => 0.05 + random.NextDouble()).ToArray();
        return corners.Select((corner, i) => (weights[i] / weights.Sum()) * corner).Aggregate((sum, corner) => sum + corner);
    }

    private static double[] Forward(Network network, PlaneSlice slice, PlanePoint point)
    {
        using var grad = Libtorch.NoGrad();
        return network.Forward(slice.Inputs([point])).ToArray<double>();
    }

    private static void AssertGradient(Network network, PlaneSlice slice, RegionArrangement arrangement, RegionCell cell, PlanePoint point)
    {
        using var scope = Libtorch.NewDisposeScope();
        var x = slice.Inputs([point]).RequireGrad();
        var output = network.Forward(x);
        var rows = Enumerable.Range(0, cell.Value.Length).Select(k => output.RequiresGrad
            ? Autograd.Grad(output.Select(1, k).Sum(), x, retainGraph: true).Reshape(-1)
            : Tensor.ZerosLike(x).Reshape(-1)).ToArray();
        var jacobian = Tensor.Stack(rows, 0);
        Assert.Equal(
            jacobian.ToArray<double>(), arrangement.Jacobians([cell]).ToArray<double>(), (left, right) => Math.Abs(left - right) <= 1e-11);
        Assert.InRange(cell.GradientNorm - jacobian.SingularValues().AMax([0]).Item(), -1e-7, 1e-7);

        var (u, v) = slice.Directions(1);
        var (s, t) = (jacobian.MatMul(u.Reshape(-1)).ToArray<double>(), jacobian.MatMul(v.Reshape(-1)).ToArray<double>());
        for (var k = 0; k < s.Length; k++)
        {
            Assert.InRange(cell.SlopeS[k] - s[k], -1e-9, 1e-9);
            Assert.InRange(cell.SlopeT[k] - t[k], -1e-9, 1e-9);
        }
    }

    private static Network OneLayer(double[,] W, double[] b) => Graph(
        [2],
        [TestGraphs.Node("Gemm", ["x", "W", "b"], ["h"], Attributes.Of(("transB", 1L))), TestGraphs.Node(
            "Relu", ["h"], ["r"]), TestGraphs.Node("MatMul", ["r", "V"], ["y"])],
        ("W", Tensor.FromArray(W.Cast<double>().ToArray(), W.GetLength(0), 2)), ("b", Tensor.FromArray(b, b.Length)),
        ("V", Tensor.FromArray([.. Enumerable.Range(1, b.Length).Select(i => (double)i)], b.Length, 1)));

    // Six units, an operator, and a ReLU layer behind it.
    private static Network Elementwise(string type)
    {
        using Generator generator = new(21);
        string[] inputs = type == "Clip" ? ["h", "low", "high"] : ["h"];
        var attributes = type == "ReduceMax" ? Attributes.Of(("axes", new[] { 1L }), ("keepdims", 1L)) : null;
        var units = type == "ReduceMax" ? 1L : 6;
        return Graph(
            [2],
            [
                TestGraphs.Node("Gemm", ["x", "W", "b"], ["h"], Attributes.Of(("transB", 1L))),
                TestGraphs.Node(type, inputs, ["a"], attributes),
                TestGraphs.Node("Gemm", ["a", "V", "c"], ["g"], Attributes.Of(("transB", 1L))),
                TestGraphs.Node("Relu", ["g"], ["y"]),
            ],
            ("W", Tensor.Randn([6, 2], generator, ScalarType.Float64)), ("b", Tensor.Randn([6], generator, ScalarType.Float64) * 0.5),
            ("low", Tensor.Full([], -0.5, ScalarType.Float64)), ("high", Tensor.Full([], 0.6, ScalarType.Float64)),
            ("V", Tensor.Randn([4, units], generator, ScalarType.Float64)), ("c", Tensor.Randn([4], generator, ScalarType.Float64) * 0.2));
    }

    private static Network LargestOfThree() => Graph(
        [2],
        [
            TestGraphs.Node("Gemm", ["x", "W"], ["h"], Attributes.Of(("transB", 1L))),
            TestGraphs.Node("Mul", ["h", "half"], ["g"]),
            TestGraphs.Node("Add", ["h", "shift"], ["k"]),
            TestGraphs.Node("Max", ["h", "g", "k"], ["y"]),
        ],
        ("W", Tensor.FromArray([1.0, 0.5, -0.3, 1], 2, 2)), ("half", Tensor.Full([], -0.5, ScalarType.Float64)),
        ("shift", Tensor.FromArray([0.2, -0.4], 2)));

    // Twice x₁ − x₂ where x₁ + x₂ is positive, and 1 elsewhere: it jumps.
    private static Network Condition() => Graph(
        [2],
        [
            TestGraphs.Node("MatMul", ["x", "sum"], ["s"]),
            TestGraphs.Node("MatMul", ["x", "difference"], ["d"]),
            TestGraphs.Node("Greater", ["s", "zero"], ["positive"]),
            TestGraphs.Node("Where", ["positive", "d", "one"], ["y"]),
        ],
        ("sum", Tensor.FromArray([1.0, 1], 2, 1)), ("difference", Tensor.FromArray([2.0, -2], 2, 1)),
        ("zero", Tensor.Full([], 0, ScalarType.Float64)), ("one", Tensor.Full([], 1, ScalarType.Float64)));

    // The unit (0.1 x + 0.2 x) − 0.3 x is zero but for rounding, wherever that leaves it.
    private static Network CancelledUnit() => Graph(
        [2],
        [
            TestGraphs.Node("Gemm", ["x", "W", "b"], ["h"], Attributes.Of(("transB", 1L))),
            TestGraphs.Node("MatMul", ["h", "V"], ["g"]),
            TestGraphs.Node("Relu", ["g"], ["y"]),
        ],
        ("W", Tensor.FromArray([0.1, 0.7, 0.2, 1.4, 0.3, 2.1], 3, 2)), ("b", Tensor.FromArray([1.0, 2, 3], 3)),
        ("V", Tensor.FromArray([1.0, 1, 1, 1, -1, 1], 3, 2)));
}
