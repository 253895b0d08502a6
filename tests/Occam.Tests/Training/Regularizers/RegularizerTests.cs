using Occam.Data;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Regularizers;
using Occam.Training.Schedules;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Training.Regularizers;

public sealed class RegularizerTests
{
    public static TheoryData<Regularizer> All => [.. Family.Prototypes<Regularizer>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Training_with_a_strength_of_zero_is_bit_identical_to_training_without(Regularizer regularizer)
    {
        var without = Weights([]);
        Assert.Equal(without, Weights([regularizer with { Strength = 0 }]));
        Assert.Equal(without, Weights([regularizer with { Strength = 1 }], zero: true));
        Assert.NotEqual(without, Weights([regularizer with { Strength = 0.01 }]));
    }

    [Fact]
    public void Label_smoothing_is_the_loss_against_smoothed_targets()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(2);
        var logits = Tensor.Randn([4, 5], generator, ScalarType.Float64);
        var y = Tensor.FromArray([0.0, 4, 2, 2], 4, 1);
        const double s = 0.3;
        var smoothed = Tensor.Full(
            [4, 5], s / 5, ScalarType.Float64) + (Tensor.Arange(0, 5, 1, ScalarType.Float64).EqualTo(y).To(ScalarType.Float64) * (1 - s));
        var expected = -(smoothed * logits.LogSoftmax(1)).Sum().Item() / 4;
        var network = new Network(Occam.Tests.Networks.TestGraphs.Graph(
            [null, 5], [Occam.Tests.Networks.TestGraphs.Node("Mul", ["x", "one"], ["y"])], ("one", Tensor.Ones([1], ScalarType.Float64))));
        var loss = new CrossEntropy();
        var actual = loss.Mean(logits, y).Item() + (s * Value(new LabelSmoothing(s), network, loss, logits, y));
        AssertClose(expected, actual, 1e-12);
    }

    [Fact]
    public void A_strength_on_the_norm_of_all_parameters_is_twice_that_as_weight_decay()
    {
        var data = TrainingData.Quarters(16);
        TrainingSettings settings = new() { Loss = new CrossEntropy(), Optimizer = new Sgd(0.05), BatchSize = 8, Steps = 5 };
        var penalized = Trained(settings with { Regularizers = [new L2Regularizer(0.01, AllParameters: true)] }, data);
        var decayed = Trained(settings with { Optimizer = new Sgd(0.05, WeightDecay: 0.02) }, data);
        var distance = Numbers(penalized).Zip(Numbers(decayed), (left, right) => Math.Abs(left - right)).Max();
        Assert.InRange(distance, 0, 1e-5);
    }

    [Fact]
    public void The_spectral_penalty_is_half_the_sum_of_squared_largest_singular_values()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Cnn();
        var x = Tensor.Zeros([2, 2, 8, 8], ScalarType.Float64);
        var weights = network.Parameters.Where(parameter => parameter.Value.Dimensions > 1).ToArray();
        var expected = weights.Sum(weight => Math.Pow(weight.Value.Flatten(1).SingularValues().AMax([0]).Item(), 2)) / 2;
        AssertClose(
            expected, Value(new SpectralRegularizer(1), network, new CrossEntropy(), x, Tensor.Zeros([2, 1], ScalarType.Float64)), 1e-12);

        // Of convolutions as matrices that were written out column by column.
        expected = weights.Sum(weight =>
        {
            var node = weight.Node;
            var input = node.Inputs[0];
            var shape = network.Run(x.Narrow(0, 0, 1), [input])[input].Shape;
            var size = shape.Aggregate(1L, (product, length) => product * length);
            var identity = Tensor.Eye(size, ScalarType.Float64).Reshape([size, .. shape[1..]]);
            Tensor Map(Tensor z) => network.Run(new Dictionary<string, Tensor> { [input] = z }, [node.Output])[node.Output];
            return Math.Pow((Map(identity) - Map(Tensor.ZerosLike(identity))).Flatten(1).SingularValues().AMax([0]).Item(), 2);
        }) / 2;
        AssertClose(
            expected,
            Value(new SpectralRegularizer(1, OperatorNorm: true), network, new CrossEntropy(), x, Tensor.Zeros([2, 1], ScalarType.Float64)),
            1e-9);
    }

    [Fact]
    public void Penalties_on_the_input_gradient_are_what_the_measure_says()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Cnn("tanh"), Gaussian(4, 3, 2, 8, 8));
        var context = Context(network, data);
        var x = context.Examples(0, 4);
        var y = Tensor.Zeros([4, 1], ScalarType.Float64);
        var result = Measure("geometric-complexity", context);
        double Of(Regularizer regularizer) => Value(regularizer, network, new CrossEntropy(), x, y);
        AssertClose(result.Value!.Value, Of(new GeometricComplexityRegularizer(1, RunningStatistics: true)), 1e-12);
        AssertClose(result.Value!.Value / 2, Of(new Jacobian(1, Cotangents: 0, RunningStatistics: true)), 1e-12);
        AssertClose(
            result.PerExample.Average(square => Math.Pow(Math.Sqrt(square) - 0.5, 2)),
            Of(new GradientPenalty(1, K: 0.5, RunningStatistics: true)), 1e-12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_cotangents_are_unbiased_in_both_modes_of_batch_normalization(bool training)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Cnn("tanh"), Gaussian(3, 3, 2, 8, 8));
        var x = Context(network, data).Examples(0, 3);
        var y = Tensor.Zeros([3, 1], ScalarType.Float64);

        // Σ ‖∂f(x′)/∂x‖² over all pairs, by one reverse pass an output of each example.
        var leaf = x.RequireGrad();
        var output = network.Run(leaf, [network.Output], new RunOptions { Training = training })[network.Output];
        var expected = 0.0;
        for (var i = 0; i < output.Elements; i++)
        {
            expected += Autograd.Grad(output.Reshape(-1).Select(0, i), leaf, retainGraph: true).Square().Sum().Item() / 3;
        }

        var draws = Enumerable.Range(0, 400)
            .Select(seed => Value(new GeometricComplexityRegularizer(1, Cotangents: 1), network, new CrossEntropy(), x, y, training, seed))
            .ToArray();
        var mean = draws.Average();
        var error = Math.Sqrt(draws.Sum(draw => (draw - mean) * (draw - mean)) / (draws.Length - 1) / draws.Length);
        Assert.True(Math.Abs(mean - expected) <= 4 * error, $"{mean:G6} ± {error:G2} where {expected:G6} was expected");
        Assert.True(error < 0.05 * expected);
    }

    [Fact]
    public void A_training_with_fresh_batches_and_random_cotangents_resumes_bit_identically()
    {
        var data = TrainingData.Quarters(24);
        TrainingSettings settings = new()
        {
            Loss = new CrossEntropy(),
            Optimizer = new Sgd(0.05),
            BatchSize = 8,
            Steps = 9,
            Regularizers = [new FlatnessRegularizer(0.01, FreshBatch: true), new Jacobian(0.01) { Schedule = new CosineSchedule() }],
        };
        using var whole = new Trainer(Start(), data, settings);
        whole.Run(TestContext.Current.CancellationToken);
        using var first = new Trainer(Start(), data, settings);
        first.Begin();
        while (first.Step < 4)
        {
            first.TakeStep();
        }

        using var second = new Trainer(Start(), data, settings);
        second.Load(first.Save());
        second.Run(TestContext.Current.CancellationToken);
        Assert.Equal(Numbers(whole.Snapshot()), Numbers(second.Snapshot()));
    }

    [Fact]
    public void What_cannot_be_is_told_in_one_line()
    {
        var data = TrainingData.Quarters(8);
        TrainingSettings With(Regularizer regularizer) =>
            new() { Loss = new CrossEntropy(), Optimizer = new Sgd(0.1), Steps = 1, Regularizers = [regularizer] };
        string Refused(Regularizer regularizer) => Assert.Throws<OccamException>(() =>
        {
            using var trainer = new Trainer(Start(), data, With(regularizer));
            trainer.Run(TestContext.Current.CancellationToken);
        }).Message;
        Assert.Contains("'l2' can't have a strength of -1", Refused(new L2Regularizer(-1)));
        Assert.Contains("'label-smoothing' can't have a strength of 2", Refused(new LabelSmoothing(2)));
        Assert.Contains("can't take -3 random cotangents", Refused(new Jacobian(1, -3)));
        Assert.Contains("norm -1", Refused(new GradientPenalty(1, -1)));
        Assert.Contains("did you mean 'relu'", Refused(new GeometricComplexityRegularizer(1, Node: "relo")));
    }

    private static double Value(
        Regularizer regularizer, Network network, Loss loss, Tensor inputs, Tensor targets, bool training = false, int seed = 1)
    {
        using var generator = new Generator((ulong)seed);
        return Penalty.Of(
            regularizer, network, network.Parameters.Select(parameter => parameter.Name), loss, inputs, targets,
            new RunOptions { Training = training, Generator = generator }, generator).Value;
    }

    private static Network Start()
    {
        using var generator = new Generator(3);
        return new NetworkBuilder("cnn", [1, 6, 6], InitializationScheme.He, generator)
            .Convolution("conv", 3, 3, padding: 1)
                .BatchNorm("norm")
                .Activation("relu", "relu")
                .Flatten("flat")
                .Dropout("drop", 0.3)
                .Dense("out", 4)
                .Build();
    }

    private static Network Trained(TrainingSettings settings, DataSet data)
    {
        using var trainer = new Trainer(Start(), data, settings);
        trainer.Run(TestContext.Current.CancellationToken);
        return trainer.Snapshot();
    }

    private static float[] Weights(Regularizer[] regularizers, bool zero = false) =>
        Numbers(Trained(
            new()
            {
                Loss = new CrossEntropy(),
                Optimizer = new Sgd(0.05, 0.9),
                BatchSize = 8,
                Steps = 6,
                Regularizers =
            [
                .. zero ? regularizers.Select(regularizer => regularizer with { Schedule = new Nothing() }) : regularizers,
            ]
            },
            TrainingData.Quarters(24)));

    private static float[] Numbers(Network network) => [.. network.Graph.Initializers.OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Where(pair => pair.Value.IsFloatingPoint)
        .SelectMany(pair => pair.Value.ToArray<float>())];

    private sealed record Nothing() : Schedule("nothing")
    {
        protected override double Shape(long step, long stepsPerEpoch, long steps) => 0;
    }
}
