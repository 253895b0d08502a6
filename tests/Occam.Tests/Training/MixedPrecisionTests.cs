using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Tests.Networks;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Regularizers;
using Xunit;

namespace Occam.Tests.Training;

/// <summary>Values in bfloat16, weights in single precision: against single precision alone.</summary>
public sealed class MixedPrecisionTests
{
    // bfloat16 rounds each value by up to 1/256; through some layers and their derivatives that adds up.
    private const double Rounding = 0.05;

    public static TheoryData<string> Penalties =>
        ["none", "geometric-complexity", "exact", "running", "inner", "flatness", "fresh", "spectral", "l2"];

    [Theory]
    [MemberData(nameof(Penalties))]
    public void A_step_goes_where_single_precision_goes(string name)
    {
        Regularizer[] regularizers = name switch
        {
            "geometric-complexity" => [new GeometricComplexityRegularizer(0.1, Cotangents: 1)],
            "exact" => [new GeometricComplexityRegularizer(0.1)],
            "running" => [new GeometricComplexityRegularizer(0.1, RunningStatistics: true)],
            "inner" => [new GeometricComplexityRegularizer(0.1, Node: "relu")],
            "flatness" => [new FlatnessRegularizer(0.1)],
            "fresh" => [new FlatnessRegularizer(0.1, FreshBatch: true)],
            "spectral" => [new SpectralRegularizer(0.1, OperatorNorm: true)],
            "l2" => [new L2Regularizer(0.1)],
            _ => [],
        };
        var (single, mixed) = (Moved(mixed: false, steps: 1, 0.01, regularizers), Moved(mixed: true, steps: 1, 0.01, regularizers));

        var error = Distance(single, mixed) / Distance(single, new double[single.Length]);
        Assert.InRange(error, 1e-6, Rounding);
    }

    [Fact]
    public void Steps_too_small_for_bfloat16_add_up()
    {
        // A step moves a weight by some ten-thousandth of what it is, and bfloat16 knows it to a 256th.
        var (single, mixed) = (Moved(mixed: false, steps: 40, 1e-4), Moved(mixed: true, steps: 40, 1e-4));

        Assert.True(Distance(single, mixed) < Rounding * Distance(single, new double[single.Length]));
    }

    [Fact]
    public void Running_statistics_and_what_is_trained_stay_in_single_precision()
    {
        Network Trained(bool mixed)
        {
            using var trainer = Make(mixed, 30, 1e-9);
            trainer.Run(TestContext.Current.CancellationToken);
            return trainer.Snapshot();
        }

        var (single, mixed) = (Trained(mixed: false), Trained(mixed: true));

        Assert.Equal(ScalarType.Float32, mixed.Type);
        foreach (var statistic in new[] { "norm.running_mean", "norm.running_var" })
        {
            var (expected, own) = (
                single.Graph.Initializers[statistic].ToArray<double>(), mixed.Graph.Initializers[statistic].ToArray<double>());
            Assert.Contains(own, value => (BitConverter.SingleToInt32Bits((float)value) & 0xFFFF) != 0);
            Assert.True(Distance(expected, own) < 0.01 * Distance(expected, new double[own.Length]));
        }
    }

    [Theory]
    [InlineData("norm.running_mean")]
    [InlineData("norm.running_var")]
    public void A_statistic_may_be_the_copy_of_a_parameter(string statistic)
    {
        // As PyTorch's export writes it while both are still equal.
        var network = Cnn();
        var parameter = statistic == "norm.running_mean" ? "norm.bias" : "norm.weight";
        var norm = network.Graph.Nodes.Single(node => node.OperatorType == "BatchNormalization");
        var copy = TestGraphs.Node("Identity", [parameter], [statistic]);
        var graph = network.Graph with
        {
            Nodes = [copy, .. network.Graph.Nodes],
            Initializers = network.Graph.Initializers.Remove(statistic),
        };
        Assert.Contains(statistic, norm.Inputs);
        using var trainer = new Trainer(
            new Network(graph), TrainingData.Quarters(20),
            new TrainingSettings { Loss = new CrossEntropy(), Optimizer = new Sgd(0.1), Steps = 2, MixedPrecision = true });

        trainer.Run(TestContext.Current.CancellationToken);

        Assert.True(double.IsFinite(trainer.Loss));
    }

    [Fact]
    public void What_is_evaluated_is_the_network_that_is_kept()
    {
        using var trainer = Make(mixed: true, 5, 0.1);
        trainer.Run(TestContext.Current.CancellationToken);
        var data = TrainingData.Quarters(40);
        var inputs = new float[40 * 36];
        data.CopyInputs([.. Enumerable.Range(0, 40)], inputs);
        var targets = Array.ConvertAll(data.RequireLabels(), label => (double)label);
        using var kept =
            new Trainer(trainer.Snapshot(), data, new TrainingSettings { Loss = new CrossEntropy(), Optimizer = new Sgd(0.1), Steps = 1 });

        Assert.Equal(kept.Evaluate(inputs, targets, 40).Loss, trainer.Evaluate(inputs, targets, 40).Loss, 1e-6);
    }

    [Fact]
    public void Small_dense_networks_are_computed_in_bfloat16_too()
    {
        using var generator = new Generator(5);
        var network = Mlp.Build([3, 8, 1], "tanh", InitializationScheme.PyTorch, generator);
        using var trainer = new Trainer(
            network, TrainingData.Waves(6, 3),
            new TrainingSettings { Loss = new HalfSquaredError(), Optimizer = new Sgd(0.1), Steps = 1, MixedPrecision = true });

        Assert.EndsWith("in mixed precision", trainer.EngineName, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_in_another_precision_than_single_are_refused()
    {
        var settings = new TrainingSettings { Loss = new CrossEntropy(), Optimizer = new Sgd(0.1), Steps = 1 };
        string Refused(ScalarType type, bool mixed) =>
            Assert.Throws<OccamException>(
                () => new Trainer(Cnn().To(type, Device.Cpu), TrainingData.Quarters(8), settings with { MixedPrecision = mixed })).Message;

        Assert.Contains("lose the small steps", Refused(ScalarType.BFloat16, mixed: false), StringComparison.Ordinal);
        Assert.Contains("weights in float32", Refused(ScalarType.Float64, mixed: true), StringComparison.Ordinal);
    }

    [Fact]
    public void The_trajectory_of_the_biases_is_not_followed()
    {
        var settings = new TrainingSettings
        {
            Loss = new CrossEntropy(),
            Optimizer = new Sgd(0.1),
            Steps = 1,
            MixedPrecision = true,
            Trajectory = true,
        };
        Assert.Equal([nameof(TrainingSettings.Trajectory)], settings.Problems().Select(problem => problem.Setting));
    }

    // How far each weight went.
    private static double[] Moved(bool mixed, int steps, double rate, params Regularizer[] regularizers)
    {
        using var trainer = Make(mixed, steps, rate, regularizers);
        trainer.Run(TestContext.Current.CancellationToken);
        double[] Weights(Network network) => [.. network.Parameters.SelectMany(parameter => parameter.Value.ToArray<double>())];
        return [.. Weights(trainer.Start).Zip(Weights(trainer.Snapshot()), (before, after) => after - before)];
    }

    private static Trainer Make(bool mixed, int steps, double rate, params Regularizer[] regularizers) =>
        new(Cnn(), TrainingData.Quarters(40), new TrainingSettings
        {
            Loss = new CrossEntropy(),
            Optimizer = new Sgd(rate),
            BatchSize = 20,
            Steps = steps,
            Regularizers = [.. regularizers],
            MixedPrecision = mixed,
        });

    private static Network Cnn()
    {
        using var generator = new Generator(3);
        return new NetworkBuilder("cnn", [1, 6, 6], InitializationScheme.He, generator)
            .Convolution("conv", 8, 3, padding: 1).BatchNorm("norm").Activation("relu", "relu").Flatten("flat").Dense("out", 4).Build();
    }

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
}
