using System.Collections.Immutable;
using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Theory;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

/// <summary>Measures and theorems of a network with an input that is held: those of the network that has its values stored.</summary>
public sealed class HeldInputTests
{
    private const int Count = 6;

    private static readonly string[] s_measures =
    [
        "implicit-gradient-regularization", "loss-slope", "transfer-functions", "layer-amplifications", "l1-path-norm", "l2-path-norm",
        "lipschitz-capacity", "inverse-margin", "log-prod-of-fro-over-margin", "log-prod-of-spec-over-margin", "log-spec-orig-main",
        "log-sum-of-fro-over-margin", "log-sum-of-spec-over-margin", "group-norm",
    ];

    private static readonly string[] s_theorems =
        ["gor-theorem-1", "gor-lemma-3", "gor-lemma-4", "gc-theorem-5-1", "gc-equation-3", "gc-equation-6", "eg-equation-6"];

    private static readonly long[] s_shift = [1, -1, 2, 0, 1, 0, -2, 1];

    // W₂ φ(W₁ x + b₁ + z): z an input, or stored as whole numbers, which are no parameter.
    private static Network Shifted(bool isHeld, string type = "Add")
    {
        using Generator generator = new(5);
        Tensor Normal(params long[] shape) => Tensor.Randn(shape, generator, ScalarType.Float64);
        var graph = TestGraphs.Graph(
            [null, 4],
            [
                TestGraphs.Node("Gemm", ["x", "W1", "b1"], ["h"], Attributes.Of(("transB", 1L))),
                TestGraphs.Node("Cast", ["z"], ["s"], Attributes.Of(("to", 11L))),
                TestGraphs.Node(type, ["h", "s"], ["p"]), TestGraphs.Node("LeakyRelu", ["p"], ["a"]),
                TestGraphs.Node("Gemm", ["a", "W2", "b2"], ["y"], Attributes.Of(("transB", 1L))),
            ],
            ("W1", Normal(8, 4)), ("b1", Normal(8)), ("W2", Normal(3, 8)), ("b2", Normal(3)));
        return new Network((isHeld
            ? graph with { Held = [new ValueInfo("z", ScalarType.Int64, [null, 8])] }
            : graph with { Initializers = graph.Initializers.Add("z", Tensor.FromArray(s_shift, 1, 8)) }) with
        {
            Input = graph.Input with { Type = ScalarType.Float64 },
        });
    }

    // Labels that the network is right about, so that margins are positive.
    private static DataSet Examples(Func<int, long[]> shift)
    {
        var x = Gaussian(Count, 3, 4);
        var numbers = new double[4 * Count];
        x.CopyInputs([.. Enumerable.Range(0, Count)], numbers);
        var plain = Shifted(isHeld: true);
        int[] labels = [.. Enumerable.Range(0, Count).Select(i =>
        {
            using var scope = Libtorch.NewDisposeScope();
            var logits = plain.Holding(new Dictionary<string, Tensor> { ["z"] = Tensor.FromArray(shift(i), 1, 8) })
                .Forward(Tensor.FromArray(numbers[(4 * i)..(4 * (i + 1))], 1, 4)).ToArray<double>();
            return Array.IndexOf(logits, logits.Max());
        })];
        var held = DataSet.FromArrays(
            "shifts", [8], [.. Enumerable.Range(0, Count).SelectMany(i => shift(i).Select(number => (float)number))]);
        return DataSet.FromArrays("examples", [4], numbers, labels)
            .With("x", ImmutableDictionary<string, DataSet>.Empty.Add("z", held));
    }

    [Fact]
    public void What_is_the_same_for_all_examples_may_as_well_be_stored()
    {
        var data = Examples(_ => s_shift);
        var (held, stored) = (Context(Shifted(isHeld: true), data), Context(Shifted(isHeld: false), data));
        Assert.Equal(["z"], held.HeldNames);
        foreach (var id in s_measures)
        {
            var (expected, actual) = (Measure(id, stored), Measure(id, held));
            AssertClose(expected.Value!.Value, actual.Value, 1e-10);
            Assert.All(expected.Details.Zip(actual.Details), pair => AssertClose(pair.First.Value, pair.Second.Value, 1e-10));
        }
    }

    [Fact]
    public void Values_of_examples_are_those_of_networks_with_their_own_values_stored()
    {
        long[] Own(int example) => [.. s_shift.Select((number, i) => number * ((example + i) % 3))];
        var data = Examples(Own);
        var held = Context(Shifted(isHeld: true), data);
        var transfer = Measure("transfer-functions", held);
        var gradient = Measure("implicit-gradient-regularization", held);
        var slope = Measure("loss-slope", held);
        for (var i = 0; i < Count; i++)
        {
            var stored = Shifted(isHeld: false);
            stored = stored.WithInitializers([KeyValuePair.Create("z", Tensor.FromArray(Own(i), 1, 8))]);
            AssertClose(Measure("transfer-functions", stored, data).PerExample[i], transfer.PerExample[i], 1e-10);
            AssertClose(Measure("loss-slope", stored, data).PerExample[i], slope.PerExample[i], 1e-10);
        }

        AssertClose(slope.Value!.Value, gradient.Value, 1e-10);
        AssertClose(slope.Detail("perExample"), gradient.Detail("perExample"), 1e-10);
        foreach (var id in s_theorems)
        {
            var theory = new TheoryContext(Shifted(isHeld: true), data, test: data);
            var result = TheoremCatalogue.Find(id).Check(theory);
            Assert.Null(result.NotApplicable);
            Assert.Contains(result.Inequalities, inequality => inequality.Verdict is InequalityVerdict.Holds or InequalityVerdict.Vacuous);
            Assert.DoesNotContain(result.Inequalities, inequality => inequality.Verdict == InequalityVerdict.Fails);
        }
    }

    [Fact]
    public void What_is_not_defined_with_inputs_held_says_why()
    {
        var data = Examples(_ => s_shift);
        var context = Context(Shifted(isHeld: true), data);
        const string NoValue = "and there the inputs that are held have no value (z)";
        string Why(string id, MeasureContext where) => Find(id).Measurement(where).NotApplicable!;
        Assert.Equal($"needs points between examples, {NoValue}", Why("mean-dirichlet-energy", context));
        Assert.Equal($"runs the network on an input of ones, {NoValue}", Why("path-norm", context));
        Assert.Equal(
            "is a sum over paths, and 'z', which is held at each example's own value, changes what they are worth at Mul 'Mul:p'",
            Why("l1-path-norm", Context(Shifted(isHeld: true, "Mul"), data)));
        foreach (var id in TheoremCatalogue.All.Keys.Except(s_theorems))
        {
            Assert.NotNull(TheoremCatalogue.Find(id).Check(new TheoryContext(Shifted(isHeld: true), data)).NotApplicable);
        }

        Assert.Equal(
            "is about functions of one input, and others are held beside it (z)",
            TheoremCatalogue.Find("gc-equation-2").Check(new TheoryContext(Shifted(isHeld: true), data)).NotApplicable);
    }
}
