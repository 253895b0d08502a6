using Xunit;

namespace Occam.Tests;

public sealed class SeededRandomTests
{
    /// <summary>Worked out from the published algorithms in Python integers, from SplitMix64's seeding on.</summary>
    [Fact]
    public void Follows_xoshiro256_star_star()
    {
        SeededRandom random = new(42);
        Assert.Equal(
            [1865750160070900731UL, 6791145067590612263UL, 14118064813682728970UL],
            new[] { random.NextUInt64(), random.NextUInt64(), random.NextUInt64() });
    }

    [Fact]
    public void Streams_and_seeds_differ()
    {
        ulong[] firsts =
        [
            .. from seed in Enumerable.Range(-20, 40)
                from stream in Enumerable.Range(-20, 40) select new SeededRandom(seed, stream).NextUInt64(),
        ];
        Assert.Equal(firsts.Length, firsts.Distinct().Count());
    }

    [Fact]
    public void Integers_are_uniform_below_their_bound()
    {
        SeededRandom random = new(1);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[random.NextInt(7)]++;
        }

        // Each count is binomial with a deviation of 93.
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void Gaussians_have_the_moments_of_the_standard_normal()
    {
        SeededRandom random = new(2);
        double[] numbers = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextGaussian())];
        Assert.Equal(0, numbers.Average(), 0.02);
        Assert.Equal(1, numbers.Average(x => x * x), 0.03);
        Assert.Equal(3, numbers.Average(x => x * x * x * x), 0.2);
    }

    [Fact]
    public void Shuffle_keeps_the_items_and_reaches_every_order()
    {
        SeededRandom random = new(3);
        HashSet<string> orders = [];
        for (int i = 0; i < 500; i++)
        {
            char[] letters = [.. "abcd"];
            random.Shuffle(letters.AsSpan());
            Assert.Equal("abcd", string.Concat(letters.Order()));
            orders.Add(new(letters));
        }

        Assert.Equal(24, orders.Count);
    }

    [Fact]
    public void A_smaller_choice_begins_a_larger_one()
    {
        int[] large = new SeededRandom(4).Choose(60, 100);
        Assert.Equal(large[..20], new SeededRandom(4).Choose(20, 100));
        Assert.Equal(60, large.Distinct().Count());
        Assert.All(large, i => Assert.InRange(i, 0, 99));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, double.NaN, 1)]
    [InlineData(1, 0.5, 2)]
    public void A_state_that_no_generator_comes_to_is_refused(ulong number, double spare, ulong hasSpare)
    {
        var random = new SeededRandom(3);
        var before = random.State;
        Assert.Throws<ArgumentException>(() => random.State = [number, 0, 0, 0, BitConverter.DoubleToUInt64Bits(spare), hasSpare]);
        Assert.Equal(before, random.State);
    }
}
