using Occam.Networks.Builders;
using Occam.Theory;
using Occam.Theory.Loukas2021;
using Occam.Theory.Parts;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Theory;

/// <summary>Claim 1: what dropout can make of a covering set.</summary>
public sealed class CoveringSetTests
{
    [Fact]
    public void The_claim_fails_on_a_network_of_two_hidden_layers()
    {
        // Units of the first and second layer that are on: {1,2} × {1,2}, {2,3} × {2,3}, {1} × {3}, {3} × {1}. Together they have every
        // path on, so they are a covering set. Where all units are on, only the first has the paths (1,1), (1,2) and (2,1), and only the
        // second (2,3), (3,2) and (3,3): both must leave the second units of both layers on, and the path (2,2) is on twice.
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        var network = Mlp.Build([3, 3, 3, 1], "relu", InitializationScheme.He, generator, type: ScalarType.Float64)
            .With("layer1.weight", Tensor.Eye(3, ScalarType.Float64))
            .With("layer1.bias", Tensor.Zeros([3], ScalarType.Float64))
            .With("layer2.weight", Tensor.FromArray([-5.0, -2, -8, 0, 2, 0, 5, 3, 8], 3, 3))
            .With("layer2.bias", Tensor.FromArray([9.0, -1, -9], 3));
        var data = Points([3], 1, 1, -1, -1, 1, 1, 2, -1, -1, -1, -1, 1);
        bool[][][] expected =
        [
            [[true, true, false], [true, true, false]], [[false, true, true], [false, true, true]],
            [[true, false, false], [false, false, true]], [[false, false, true], [true, false, false]],
        ];
        var context = new TheoryContext(network, data, test: Points([3], 0.5, 1, 0.5));
        Assert.Equal(expected, PathsHypothesis.Patterns(context, ExampleRows.Of(data)));
        Assert.Equal([[true, true, true], [true, true, true]], PathsHypothesis.Patterns(context, [[0.5, 1, 0.5]]).Single());
        var result = new Loukas2021Claim1().Check(context);
        Assert.Equal(InequalityVerdict.Fails, Assert.Single(result.Inequalities).Verdict);
        Assert.True(result.Inequalities[0].Left > 0);
        Assert.True(Assert.Single(result.Hypotheses).Holds);
        Assert.Equal(4, result.Detail("k.largest"));
    }

    [Fact]
    public void With_one_hidden_layer_it_holds()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = new Loukas2021Claim1().Check(new TheoryContext(Perceptron("relu", 2, 9, 1), Gaussian(60, 2, 2)));
        Assert.Equal(InequalityVerdict.Holds, result.Verdict);
        Assert.Equal(0, result.Detail("points.undecided"));
        Assert.InRange(result.Detail("points"), 40, double.PositiveInfinity);
    }

    [Fact]
    public void Without_a_covering_set_it_says_nothing()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = new Loukas2021Claim1().Check(new TheoryContext(Perceptron("relu", 2, 9, 5, 1), Gaussian(2, 2, 2)));
        Assert.StartsWith("training points form a covering set", result.NotApplicable);
        Assert.Empty(result.Inequalities);
    }

    [Fact]
    public void The_search_finds_what_trying_everything_finds()
    {
        SeededRandom random = new(6);
        bool[][] Draw(int first, int second) =>
        [
            [.. Enumerable.Range(0, first).Select(_ => random.NextInt(3) > 0)],
            [.. Enumerable.Range(0, second).Select(_ => random.NextInt(3) > 0)],
        ];
        var (yes, no) = (0, 0);
        for (var trial = 0; trial < 300; trial++)
        {
            bool[][][] set = [Draw(2, 3), Draw(2, 3), Draw(2, 3)];
            var on = Draw(2, 3);
            var expected = CanBeMade(set, on);
            Assert.Equal(expected, SubpatternSearch.Exists(set, on));
            (yes, no) = expected ? (yes + 1, no) : (yes, no + 1);
        }

        Assert.True(yes > 30 && no > 30, $"{yes} and {no}");
    }

    // By path, how often it is left on, for every choice of what is switched off in each pattern: added pattern by pattern.
    private static bool CanBeMade(bool[][][] set, bool[][] on)
    {
        string wanted = Text(Paths(on[0], on[1]));
        HashSet<string> sums = [new string('0', 6)];
        foreach (var pattern in set)
        {
            sums = [.. from sum in sums
                       from first in Subsets(pattern[0])
                       from second in Subsets(pattern[1])
                       select string.Concat(sum.Zip(Text(Paths(first, second)), (a, b) => (char)(a + b - '0')))];
        }

        return sums.Contains(wanted);
    }

    private static IEnumerable<bool[]> Subsets(bool[] units) => Enumerable.Range(0, 1 << units.Length)
        .Where(mask => Enumerable.Range(0, units.Length).All(unit => units[unit] || (mask >> unit & 1) == 0))
        .Select(mask => Enumerable.Range(0, units.Length).Select(unit => (mask >> unit & 1) == 1).ToArray());

    private static IEnumerable<bool> Paths(bool[] first, bool[] second) => from a in first from b in second select a && b;

    private static string Text(IEnumerable<bool> bits) => string.Concat(bits.Select(bit => bit ? '1' : '0'));
}
