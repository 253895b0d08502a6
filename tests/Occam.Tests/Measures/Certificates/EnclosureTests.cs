using System.Text.RegularExpressions;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Rewrites.Patterns;
using Occam.Tests.Networks;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Certificates;

/// <summary>What is enclosed holds for every point of a ball: values, and derivatives by autograd.</summary>
public sealed class EnclosureTests
{
    // What has no rule, or none where the samples lie.
    private static readonly HashSet<string> s_without =
    [
        "Acos", "Acosh", "AffineGrid", "Asin", "Atanh", "Attention", "Cosh", "CumProd", "DFT", "Det", "Div", "GRU", "GlobalLpPool",
        "GroupNormalization", "GroupQueryAttention", "If", "LRN", "LSTM", "LpNormalization", "LpPool", "MeanVarianceNormalization", "Mod",
        "MultiHeadAttention", "RNN", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceProd", "ReduceSumSquare", "STFT",
        "ScaledDotProductAttention", "Scan", "Shrink", "Sinh", "Softmax", "Tan", "ThresholdedRelu", "TopK",
    ];

    // Those of which docs/operators.md says that they have none.
    private static readonly Lazy<string[]> s_none = new(() => Row("none").Split(';')[0].Split(", "));

    public static TheoryData<string> Samples => [.. Occam.Tests.Networks.Operators.Samples.Names];

    [Theory]
    [MemberData(nameof(Samples))]
    public void No_operator_leaves_what_is_said_of_a_ball(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = Occam.Tests.Networks.Operators.Samples.Make(name);
        var centre = node.X.Narrow(0, 0, 1).To(ScalarType.Float64);
        string? why = null;
        foreach (var (radius, isEuclidean) in new[] { (2.5, false), (0.3, true), (0.01, false) })
        {
            why = BallPoints.Check(node.Network, centre, radius, isEuclidean, $"{name} in {radius}", 8);
        }

        // Samples with constants for two examples can't be run on another number of them.
        Assert.True(
            why is null || why.StartsWith("the network takes", StringComparison.Ordinal)
                || why.StartsWith("the value '", StringComparison.Ordinal) || s_without.Contains(node.Node.OperatorType),
            $"{name}: {why}");
        var isSaidToHaveNone = s_none.Value.Contains(node.Node.OperatorType);
        Assert.True(why is not null || !isSaidToHaveNone, $"{name} has a rule, and docs/operators.md says that it has none");
    }

    [Fact]
    public void The_page_of_operators_tells_which_have_no_rule_or_one_only_where_the_input_allows()
    {
        Assert.Equal(s_without.Intersect(s_none.Value).Order(StringComparer.Ordinal), s_none.Value);
        var allowed = Row("only where the input allows");
        Assert.All(s_without.Except(s_none.Value), type => Assert.Matches($@"\b{type}\b", allowed));
    }

    public static TheoryData<string, string> Written => AttentionLipschitzTests.Networks;

    [Theory]
    [MemberData(nameof(Written))]
    public void No_part_of_a_transformer_leaves_what_is_said_of_a_ball(string what, string text)
    {
        using var scope = Libtorch.NewDisposeScope();
        var written = AttentionLipschitzTests.Read(text);
        foreach (var network in new[] { written, Recompose.Apply(written).Network })
        {
            foreach (var (radius, isEuclidean) in new[] { (0.05, true), (0.001, false) })
            {
                var why = BallPoints.Check(network, OneNode.Random(31, 1, 3, 6), radius, isEuclidean, $"{what} in {radius}", 6);
                Assert.True(why is null || what == "ONNX's own attention", why);
            }
        }
    }

    public static TheoryData<string, Func<Network>, int[]> Networks => new()
    {
        { "ReLU", () => Perceptron("relu", 6, 12, 12, 4), [6] },
        { "tanh", () => Perceptron("tanh", 6, 12, 8, 4), [6] },
        { "GELU", () => Perceptron("gelu", 3, 12, 5), [3] },
        { "Mish", () => Perceptron("mish", 3, 9, 9, 5), [3] },
        { "one output", () => Perceptron("relu", 4, 12, 1), [4] },
        { "convolutions and poolings", () => Cnn(), [2, 8, 8] },
        { "smooth convolutions", () => Cnn("tanh"), [2, 8, 8] },
        { "residual", () => Residual(), [2, 6, 6] },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void No_network_leaves_what_is_said_of_a_ball(string what, Func<Network> build, int[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = new Subject(build()).Folded!;
        var centre = OneNode.Random(5, [1, .. shape.Select(size => (long)size)]);
        foreach (var (radius, isEuclidean) in new[] { (0.01, true), (0.3, true), (3.0, true), (0.1, false) })
        {
            Assert.Null(BallPoints.Check(network, centre, radius, isEuclidean, $"{what} in {radius}", 9));
        }
    }

    private static string Row(string rule)
    {
        var page = File.ReadAllText(Path.Combine(ConformanceCases.Repository, "docs", "operators.md"));
        return Regex.Match(page, $@"^\| {rule} \| (.*) \|\r?$", RegexOptions.Multiline).Groups[1].Value;
    }
}
