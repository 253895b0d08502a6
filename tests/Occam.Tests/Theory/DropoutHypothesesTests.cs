using Occam.Data;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Theory;
using Occam.Theory.Loukas2021;
using Occam.Theory.Parts;
using Occam.Torch;
using Occam.Training.Optimizers;
using Xunit;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Theory.DropoutRecords;

namespace Occam.Tests.Theory;

/// <summary>Each hypothesis of Theorem 3 and Lemma 3, where it holds and where it doesn't.</summary>
public sealed class DropoutHypothesesTests
{
    private static DataSet Data => Halves(14, 4);

    [Theory]
    [InlineData(0, "isn't followed by a dropout")]
    [InlineData(0.25, "drops with probability 0.25, not ½")]
    public void Another_dropout_or_none_is_refused(double dropout, string why)
    {
        using var scope = Libtorch.NewDisposeScope();
        Refused("½-dropout", why, Record(1, 1000, Network(dropout), Network(dropout)));
    }

    [Fact]
    public void A_dropout_of_the_inputs_is_refused()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(3);
        var network = new NetworkBuilder("net", [2], InitializationScheme.He, generator, ScalarType.Float64)
            .Dropout("inputs", 0.5)
            .Dense("layer1", 3)
            .Activation("a1", "relu")
            .Dropout("d1", 0.5)
            .Dense("layer2", 1)
            .Build();
        Assert.Contains("drops what isn't a hidden unit", HalfDropout.Problem(network));
    }

    [Fact]
    public void Momentum_and_batches_are_refused()
    {
        using var scope = Libtorch.NewDisposeScope();
        var run = Record(1, 1000, Network(), Network());
        Refused("plain SGD", "another", run with { Settings = Settings with { Optimizer = new Sgd(0.1, Momentum: 0.5) } });
        Refused("plain SGD", "of 4 examples", run with { Settings = Settings with { BatchSize = 4 } });
    }

    [Fact]
    public void Assumption_1_is_measured_between_the_snapshots()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Network();
        Refused(
            "(a) Assumption 1: activations", "points change",
            Record(1, 1000, network.With("layer1.bias", network.Constant("layer1.bias")! + 1), network));

        // With last weights a little larger the activations stay, and γ is what λ varies by.
        var steeper = network.With("layer3.weight", network.Constant("layer3.weight")! * 1.01);
        var result = new Loukas2021Lemma3().Check(Context(Record(1, 1000, steeper, network), Data));
        double Lipschitz(Network of, double[] x) =>
            new HandPerceptron(of).At(x) is var at ? Math.Exp(-Math.Abs(at.Output)) / Math.Pow(1 + Math.Exp(-Math.Abs(at.Output)), 2)
                * HandPerceptron.Norm(at.ByInput) : 0;
        var gamma = Examples(Data).Max(x => Lipschitz(steeper, x) is var a && Lipschitz(network, x) is var b && a + b > 0
            ? Math.Max(a / b, b / a) : 1) - 1;
        Assert.True(gamma > 1e-4);
        AssertClose(gamma, result.Detail("gamma"), 1e-8);
        AssertClose(
            (1 + gamma) * result.Detail("beta") * 4 * result.Detail("xi") / result.Detail("p.minimum"), result.Detail("c"), 1e-8);
    }

    [Fact]
    public void From_one_network_alone_nothing_is_known_of_the_steps_before()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = new Loukas2021Lemma3().Check(Context(Record(1, 1000, Network()), Data));
        Assert.Null(result.NotApplicable);
        Assert.All(
            result.Hypotheses.Where(hypothesis => hypothesis.Name[0] == '(' && hypothesis.Name[1] is 'a' or 'c' or 'd'),
            hypothesis => Assert.Null(hypothesis.Holds));
        Assert.Equal(4, result.Hypotheses.Count(hypothesis => hypothesis.Holds is null));

        // A first layer that is frozen stays what it is.
        var run = Record(1, 1000, Network());
        var frozen = new Loukas2021Lemma3().Check(
            Context(run with { Settings = Settings with { Frozen = ["layer1.weight"] } }, Data));
        Assert.Equal(3, frozen.Hypotheses.Count(hypothesis => hypothesis.Holds is null));
    }

    [Fact]
    public void A_path_that_is_on_at_no_training_point_is_refused()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Network();

        // At a single training point some units are off that are on at others.
        var labelled = DataSet.FromArrays("one", [2], new[] { 0.25, 0.25 }, labels: [1]);
        var result = new Loukas2021Lemma3().Check(Context(Record(1, 1000, network, network), labelled, Halves(40, 9)));
        Assert.StartsWith("(b) every path", result.NotApplicable);
    }

    [Fact]
    public void The_largest_singular_value_of_all_snapshots_counts()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Network().With("layer1.bias", Tensor.Zeros([3], ScalarType.Float64))
            .With("layer2.bias", Tensor.Zeros([2], ScalarType.Float64));
        var wider = network.With("layer1.weight", network.Constant("layer1.weight")! * 2);
        var (one, both) = (
            DropoutSteadiness.Of(Context(Record(1, 1000, network, network), Data), out _)!,
            DropoutSteadiness.Of(Context(Record(1, 1000, wider, network), Data), out _)!);
        AssertClose(2 * one.Beta, both.Beta, 1e-12);
    }

    [Fact]
    public void An_output_that_is_1_to_rounding_leaves_no_margin()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Network();
        var sure = network.With("layer3.bias", Tensor.Full([1], 2000.0, ScalarType.Float64));
        Refused("(d) f ∈ [μ, 1 − μ]", "μ = 0", Record(1, 1000, sure, sure));
    }

    [Fact]
    public void Too_few_steps_are_refused()
    {
        using var scope = Libtorch.NewDisposeScope();
        Refused("|T| ≥ p_avg/p_min² Σ n_l", "|T| = 2 steps", Record(1, 2, Network(), Network()));
    }

    [Fact]
    public void Units_that_are_never_on_count_for_nothing()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Network();
        var bias = network.Constant("layer2.bias")!.ToArray<double>();
        bias[1] = -1000;
        var without = network.With("layer2.bias", Tensor.FromArray(bias, 2));
        var steadiness = DropoutSteadiness.Of(Context(Record(1, 1000, without, without), Data), out _)!;
        Assert.Equal(4, steadiness.Units);
        Assert.True(steadiness.LeastActive > 0);
        Assert.Contains(steadiness.Hypotheses, hypothesis => hypothesis.Finding.Contains("without 1 units"));
    }

    [Fact]
    public void With_the_usual_dropout_nothing_is_proved()
    {
        using var scope = Libtorch.NewDisposeScope();
        var run = Record(1, 1000, Network(), Network());
        var result = new Loukas2021Theorem3().Check(
            Context(run with { Settings = Settings with { DropoutAfterForward = false } }, Data, Halves(9, 5)));
        Assert.Null(result.NotApplicable);
        Assert.All(result.Inequalities, inequality => Assert.False(inequality.IsProved));
        Assert.Contains(result.Notes, note => note.Contains("nothing is proved"));
    }

    [Fact]
    public void Without_test_data_there_is_no_left_side()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = new Loukas2021Theorem3().Check(Context(Record(1, 1000, Network(), Network()), Data));
        Assert.All(result.Inequalities.Skip(2), inequality => Assert.Equal("there are no test data", inequality.Why));
    }

    private static void Refused(string hypothesis, string finding, RecordedRun run)
    {
        foreach (var theorem in new Theorem[] { new Loukas2021Lemma3(), new Loukas2021Theorem3() })
        {
            var result = theorem.Check(Context(run, Data));
            Assert.StartsWith(hypothesis, result.NotApplicable);
            Assert.Contains(finding, result.NotApplicable);
            Assert.Empty(result.Inequalities);
        }
    }
}
