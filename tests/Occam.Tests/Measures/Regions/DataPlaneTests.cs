using Occam.Data;
using Occam.Measures.Regions;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Regions;

public sealed class DataPlaneTests
{
    [Theory]
    [InlineData(40, 3)]
    [InlineData(40, 10)]
    [InlineData(20, 64)]
    public void Data_embedded_from_a_plane_are_found_on_it_with_their_distances(int count, int size)
    {
        var (data, original) = Embedded(count, size);
        var plane = DataPlane.Of(data, size)!;
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(Example(data, i), plane.Slice.Input(plane.Points[i]), (left, right) => Math.Abs(left - right) < 1e-9);
            AssertClose((original[i] - original[0]).Length, (plane.Points[i] - plane.Points[0]).Length, 1e-9);
        }
    }

    [Fact]
    public void Data_that_fill_space_or_lie_on_a_line_have_no_plane()
    {
        Assert.Null(DataPlane.Of(Gaussian(30, 2, 3), 3));
        Assert.Null(DataPlane.Of(Points([3], 1, 2, 3, 2, 4, 6, 3, 6, 9, -1, -2, -3), 3));
        Assert.Null(DataPlane.Of(Points([1], 1, 2, 3), 1));
        Assert.Null(DataPlane.Of(Points([2], 1, 2, 1, 3, 1, 4), 2)!.BoundingBox);
    }

    [Fact]
    public void Linear_regions_are_counted_on_the_plane_of_the_data()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (data, _) = Embedded(60, 6);
        var network = Perceptron("relu", 6, 12, 1);
        var regions = Measure("linear-regions", network, data);
        var plane = DataPlane.Of(data, 6)!;
        var cells = RegionArrangement.Of(
            network, plane.Slice, plane.BoundingBox!, plane.Points, cancellation: TestContext.Current.CancellationToken).Cells;
        Assert.Equal(cells.Length, regions.Detail("plane.regions"));
        Assert.Equal(regions.Detail("plane.regions") - regions.Value, regions.Detail("plane.emptyRegions"));
        Assert.True(regions.Detail("plane.gradientNorm") < regions.Detail("plane.gradientNorm.maximum"));
    }

    [Fact]
    public void Data_on_no_plane_have_no_regions_counted_on_one() =>
        Assert.DoesNotContain(
            Measure("linear-regions", Perceptron("relu", 3, 5, 1), Gaussian(20, 2, 3)).Details,
            pair => pair.Key.StartsWith("plane", StringComparison.Ordinal));

    private static (DataSet Data, PlanePoint[] Original) Embedded(int count, int size)
    {
        SeededRandom random = new(31);
        double[] Vector() => [.. Enumerable.Range(0, size).Select(_ => random.NextGaussian())];
        var (u, v) = (Vector(), Vector());
        static double Dot(double[] left, double[] right) => left.Zip(right, (l, r) => l * r).Sum();
        u = [.. u.Select(x => x / Math.Sqrt(Dot(u, u)))];
        var along = Dot(u, v);
        v = [.. v.Select((x, i) => x - (along * u[i]))];
        var length = Math.Sqrt(Dot(v, v));
        var slice = new PlaneSlice(Vector(), u, [.. v.Select(x => x / length)], size);
        PlanePoint[] points =
            [.. Enumerable.Range(0, count).Select(_ => new PlanePoint(random.NextDouble(-1, 1), random.NextDouble(-1, 1)))];
        return (Points([size], [.. points.SelectMany(slice.Input)]), points);
    }
}
