using Occam.Measures;
using Occam.Measures.Graphs;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

/// <summary>Convex hulls, and integrals over them.</summary>
public sealed class HullTests
{
    [Fact]
    public void A_square_has_its_area_whatever_lies_inside_and_on_its_edges() =>
        AssertVolume(4, [[0, 0], [2, 0], [2, 2], [0, 2], [1, 1], [1, 0], [2, 1], [0, 0], [0.3, 1.9]]);

    [Fact]
    public void A_triangle_has_half_the_area_of_its_rectangle() => AssertVolume(3, [[0, 0], [3, 0], [0, 2], [1, 0.5], [1.5, 1]]);

    [Fact]
    public void A_tetrahedron_has_a_sixth_of_its_box() =>
        AssertVolume(1, [[0, 0, 0], [1, 0, 0], [0, 2, 0], [0, 0, 3], [0.2, 0.2, 0.2], [0, 0, 0]]);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void Grids_with_many_points_on_lines_and_planes_have_the_volume_of_their_box(int size)
    {
        var grid = (from x in Enumerable.Range(0, size)
                    from y in Enumerable.Range(0, size)
                    from z in Enumerable.Range(0, size)
                    select new double[] { x, 2 * y, 0.5 * z }).ToArray();
        for (var seed = 0; seed < 20; seed++)
        {
            new SeededRandom(seed).Shuffle(grid.AsSpan());
            AssertVolume(Math.Pow(size - 1, 3), grid);
        }
    }

    [Fact]
    public void An_octahedron_and_points_on_a_sphere_have_the_known_volumes()
    {
        AssertVolume(4.0 / 3, [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]]);
        SeededRandom random = new(1);
        var points = Enumerable.Range(0, 500).Select(_ =>
        {
            double[] p = [random.NextGaussian(), random.NextGaussian(), random.NextGaussian()];
            var length = Math.Sqrt(p.Sum(c => c * c));
            return Array.ConvertAll(p, c => c / length);
        }).ToArray();

        // Inside the ball of volume 4.19, and near it.
        Assert.InRange(ConvexHull.Of(points).Volume, 4.0, 4 * Math.PI / 3);
    }

    [Fact]
    public void Points_drawn_from_a_hull_are_uniform()
    {
        // A tetrahedron x + y + z ≤ 1: E[x] = 1/4, P(x < 1/2) = 7/8; a triangle: E[x] = 1/3, P(x < 1/2) = 3/4.
        AssertUniform([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], 1.0 / 4, 7.0 / 8);
        AssertUniform([[0, 0], [1, 0], [0, 1]], 1.0 / 3, 3.0 / 4);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Affine_functions_have_exact_integrals(int dimensions)
    {
        var matrix = new double[1, dimensions];
        var corners = new double[(int)Math.Pow(2, dimensions) * dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            matrix[0, i] = i + 1;
        }

        for (var i = 0; i < corners.Length; i++)
        {
            corners[i] = ((i / dimensions) >> (i % dimensions)) & 1;
        }

        var (network, data) = (Affine(matrix, 3), Points([dimensions], corners));
        var squared = dimensions == 2 ? 5 : 14;
        var energy = Measure("integrated-dirichlet-energy", network, data);
        AssertClose(squared / 2.0, energy.Value, 1e-12);
        AssertClose(1, energy.Detail("volume"), 1e-12);
        Assert.False(energy.StandardError > 1e-12);
        var volume = Measure("graph-volume", network, data);
        AssertClose(Math.Sqrt(1 + squared), volume.Value, 1e-12);
        AssertClose(1 + (squared / 2.0), volume.Detail("firstOrder"), 1e-12);
        Assert.False(volume.Exact);
    }

    [Fact]
    public void Curved_functions_are_integrated_within_their_standard_error()
    {
        // (x² + y²)/2 over the unit square: ½ ∫ x² + y² = 1/3.
        var network = Graph(
            [2],
            [TestGraphs.Node("Mul", ["x", "x"], ["s"]), TestGraphs.Node("Gemm", ["s", "half"], ["y"])],
            ("half", Tensor.Full([2, 1], 0.5, ScalarType.Float64)));
        var data = Points([2], 0, 0, 1, 0, 0, 1, 1, 1);
        var energies = Enumerable.Range(0, 20)
            .Select(seed => Measure("integrated-dirichlet-energy", network, data, new MeasureOptions { Seed = seed }))
            .ToArray();
        Assert.True(energies.Count(energy => Math.Abs(energy.Value!.Value - (1.0 / 3)) <= 2 * energy.StandardError) >= 15);
        Assert.All(energies, energy => Assert.InRange(energy.StandardError, 1e-4, 1e-2));
    }

    [Fact]
    public void Points_on_a_line_or_plane_have_no_volume()
    {
        foreach (double[] points in new double[][] { [0, 0, 1, 1, 2, 2], [0.1, 0.3, 0.2, 0.6, 0.3, 0.9], [5, 5, 5, 5] })
        {
            AssertNotApplicable(Affine(new double[,] { { 1, 2 } }, 0), 2, points);
        }

        AssertNotApplicable(Affine(new double[,] { { 1, 2, 3 } }, 0), 3, [0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0.3, 0.2, 0]);
        AssertNotApplicable(Affine(new double[,] { { 1, 2, 3 } }, 0), 3, [1, 2, 3, 1, 2, 3]);
        AssertNotApplicable(Affine(new double[,] { { 1, 2, 3 } }, 0), 3, [0, 0, 0, 1, 1, 1, 0.1, 0.1, 0.1]);
    }

    private static void AssertNotApplicable(Network network, int dimensions, double[] points)
    {
        foreach (var id in new[] { "integrated-dirichlet-energy", "graph-volume" })
        {
            Assert.Contains(
                "no volume", MeasureCatalogue.Find(id).Measurement(Context(network, Points([dimensions], points))).NotApplicable);
        }
    }

    private static void AssertVolume(double expected, double[][] points) => AssertClose(expected, ConvexHull.Of(points).Volume, 1e-12);

    private static void AssertUniform(double[][] corners, double mean, double below)
    {
        const int Count = 20_000;
        SeededRandom random = new(5);
        var hull = ConvexHull.Of(corners);
        var x = Enumerable.Range(0, Count).Select(_ => hull.Sample(random)[0]).ToArray();

        // Five standard errors.
        Assert.InRange(x.Average(), mean - (5 * 0.25 / Math.Sqrt(Count)), mean + (5 * 0.25 / Math.Sqrt(Count)));
        Assert.InRange(
            x.Count(value => value < 0.5) / (double)Count, below - (5 * 0.45 / Math.Sqrt(Count)), below + (5 * 0.45 / Math.Sqrt(Count)));
    }
}
