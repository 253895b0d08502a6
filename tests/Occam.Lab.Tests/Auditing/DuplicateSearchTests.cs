using Occam.Data;
using Occam.Lab.Auditing;
using Xunit;

namespace Occam.Lab.Tests.Auditing;

public sealed class DuplicateSearchTests
{
    [Theory]
    [InlineData(0.3)]
    [InlineData(0.05)]
    [InlineData(0)]
    public void The_pairs_are_those_of_all_distances(double reach)
    {
        // Far from the origin, that the products alone would lose the digits; more than one block of rows.
        const int Count = 1100, Size = 3;
        SeededRandom random = new(1);
        var x = new float[Count * Size];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = (float)(100 + random.NextGaussian());
        }

        // The last example is the first again, and the one before it nearly the second.
        Array.Copy(x, 0, x, (Count - 1) * Size, Size);
        Array.Copy(x, Size, x, (Count - 2) * Size, Size);
        x[(Count - 2) * Size] += 0.01f;
        var data = DataSet.FromArrays("points", [Size], x, [.. Enumerable.Range(0, Count).Select(i => i % 2)]);

        var found = DuplicateSearch.Of(data, reach, cancellation: TestContext.Current.CancellationToken);

        double[] mean = [.. Enumerable.Range(0, Size).Select(k => Enumerable.Range(0, Count).Average(i => (double)x[(i * Size) + k]))];
        double Squared(Func<int, double> difference) => Enumerable.Range(0, Size).Sum(k => Math.Pow(difference(k), 2));
        var spread = Math.Sqrt(Enumerable.Range(0, Count).Average(i => Squared(k => x[(i * Size) + k] - mean[k])));
        var expected =
            from i in Enumerable.Range(0, Count)
            from j in Enumerable.Range(i + 1, Count - i - 1)
            let distance = Math.Sqrt(Squared(k => (double)x[(i * Size) + k] - x[(j * Size) + k])) / spread
            where distance <= reach
            orderby distance
            select (i, j);
        Assert.Equal(expected.ToHashSet(), found.Select(pair => (pair.First, pair.Second)).ToHashSet());
        Assert.Equal((0, Count - 1, 0.0, false), (found[0].First, found[0].Second, found[0].Distance, found[0].SameAnswer!.Value));
        Assert.Equal(found.Select(pair => pair.Distance).Order(), found.Select(pair => pair.Distance));
        Assert.All(found, pair => Assert.Equal(pair.First % 2 == pair.Second % 2, pair.SameAnswer));
    }

    [Fact]
    public void Of_examples_that_are_all_equal_every_pair_is_found_and_without_labels_nothing_is_said_of_them()
    {
        var found = DuplicateSearch.Of(
            DataSet.FromArrays("points", [2], new float[8]), 0, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(6, found.Length);
        Assert.All(found, pair => Assert.Null(pair.SameAnswer));
    }

    [Fact]
    public void Too_many_pairs_are_refused() => Assert.Contains("look for nearer ones", Assert.Throws<OccamException>(() =>
        DuplicateSearch.Of(
            DataSet.FromArrays("points", [1], new float[500]), 0, cancellation: TestContext.Current.CancellationToken)).Message);
}
