using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Probes;
using Occam.Training.Schedules;
using Xunit;

namespace Occam.Tests.Training;

public sealed class TrainerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_loss_that_is_no_number_ends_the_training_as_diverged()
    {
        using var trainer = new Trainer(Perceptron(), TrainingData.Waves(12, 4), Settings() with { Optimizer = new Sgd(1e6) });

        Assert.Equal(TrainingEnd.Diverged, trainer.Run(Token));
        Assert.True(trainer.Step < trainer.Steps);
    }

    [Fact]
    public void A_training_ends_where_its_loss_or_its_accuracy_is_reached()
    {
        var data = TrainingData.Quarters(40);
        var settings = new TrainingSettings { Loss = new CrossEntropy(), Optimizer = new Adam(0.01), BatchSize = 8, Epochs = 500 };
        using var loss = new Trainer(Images(), data, settings with { Stop = new StopConditions { LossBelow = 0.1 } });
        using var accuracy = new Trainer(Images(), data, settings with { Stop = new StopConditions { Accuracy = 0.9 } });

        Assert.Equal(TrainingEnd.LossReached, loss.Run(Token));
        Assert.Equal(TrainingEnd.AccuracyReached, accuracy.Run(Token));
        Assert.True(loss.Metrics.Last(metric => metric.Name == "train.loss").Value < 0.1);
        Assert.All(loss.Metrics.Where(metric => metric.Name == "train.loss").SkipLast(1), metric => Assert.True(metric.Value >= 0.1));
        Assert.True(accuracy.Metrics.Last(metric => metric.Name == "train.accuracy").Value >= 0.9);
    }

    [Fact]
    public void Patience_ends_a_training_whose_test_loss_rises()
    {
        // Labels of the test are others than those of the training: what is learned makes them worse.
        var settings = new TrainingSettings
        {
            Loss = new CrossEntropy(),
            Optimizer = new Adam(0.01),
            BatchSize = 8,
            Epochs = 500,
            LabelNoise = new LabelNoise(1),
            Stop = new StopConditions { Patience = 3 },
        };
        using var trainer = new Trainer(
            Images(), TrainingData.Quarters(20), settings,
            [new Evaluation("test", TrainingData.Quarters(30, seed: 4), Cadence.EveryEpochs(1))])
        { KeepBest = "test.loss" };

        Assert.Equal(TrainingEnd.PatienceExhausted, trainer.Run(Token));
        var tests = trainer.Metrics.Where(metric => metric.Name == "test.loss").ToArray();
        var best = tests.MinBy(metric => metric.Value)!;
        Assert.Equal(best.Step, trainer.Best!.Value.Metric.Step);
        Assert.Equal(3, tests.Count(metric => metric.Step > best.Step));
    }

    [Fact]
    public void A_gradient_that_can_not_be_taken_is_told_with_its_step()
    {
        using var trainer = new Trainer(
            Perceptron(), TrainingData.Waves(12, 4), Settings() with { Regularizers = [new WritesOverWeights()] });

        var error = Assert.Throws<OccamException>(() => trainer.Run(Token));
        Assert.StartsWith("the gradient of step 3 can't be taken: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("modified by an inplace operation", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    // At the third step.
    private sealed record WritesOverWeights() : Regularizer("writes-over-weights", 1)
    {
        private int _steps;

        public override Tensor Value(RegularizerContext context)
        {
            if (++_steps == 3)
            {
                using var grad = Libtorch.NoGrad();
                var weight = context.Parameters["layer2.weight"];
                weight.AddInPlace(Tensor.OnesLike(weight));
            }

            return context.Logits.Square().Sum([0, 1]);
        }
    }

    [Fact]
    public void Frozen_parameters_stay_and_the_others_move()
    {
        var network = Perceptron();
        using var trainer = new Trainer(network, TrainingData.Waves(12, 4), Settings() with { Frozen = ["layer1.*", "*.bias"] });
        trainer.Run(Token);
        var trained = trainer.Snapshot();

        foreach (var (name, before) in network.Graph.Initializers)
        {
            var moved = !before.ToArray<float>().SequenceEqual(trained.Graph.Initializers[name].ToArray<float>());
            Assert.Equal(name is "layer2.weight" or "layer3.weight", moved);
        }
    }

    [Fact]
    public void What_starts_a_training_is_left_alone()
    {
        var network = Perceptron();
        var before = network.Graph.Initializers["layer2.weight"].ToArray<float>();
        using var trainer = new Trainer(network, TrainingData.Waves(12, 4), Settings());
        trainer.Run(Token);

        Assert.Equal(before, network.Graph.Initializers["layer2.weight"].ToArray<float>());
    }

    [Fact]
    public void Everything_wrong_is_told_at_once()
    {
        var error = Assert.Throws<OccamException>(() => new Trainer(Perceptron(), TrainingData.Waves(12, 4), Settings() with
        {
            Optimizer = new Sgd(-1),
            BatchSize = 0,
            Steps = 3,
            Frozen = ["nothing"],
            LabelNoise = new LabelNoise(2),
            Augmentation = new Augmentation(Flip: true),
        }));

        Assert.Contains("learning rate of -1", error.Message, StringComparison.Ordinal);
        Assert.Contains("batch of 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("either in steps or in epochs", error.Message, StringComparison.Ordinal);
        Assert.Contains("no parameter is called 'nothing'", error.Message, StringComparison.Ordinal);
        Assert.Contains("label noise of 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("only images can be cropped", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "class labels")]
    [InlineData(3, "a target for each")]
    public void A_loss_that_does_not_fit_the_data_is_refused(int outputs, string expected)
    {
        using var generator = new Generator(1);
        var network = Mlp.Build([4, outputs], "relu", InitializationScheme.PyTorch, generator);
        var settings = Settings() with { Loss = outputs == 1 ? new CrossEntropy() : new MeanSquaredError() };

        Assert.Contains(
            expected, Assert.Throws<OccamException>(() => new Trainer(network, TrainingData.Waves(5, 4), settings)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_probe_of_the_distance_from_initialization_knows_where_the_training_began()
    {
        var probe = new MeasureProbe(MeasureCatalogue.Find("distance-from-initialization"), null, Cadence.EverySteps(10));
        using var trainer = new Trainer(Perceptron(), TrainingData.Waves(12, 4), Settings(), [probe]);
        trainer.Run(Token);
        var seen = trainer.Metrics.Where(metric => metric.Name == probe.Metric).ToArray();
        var moved = trainer.Snapshot().Graph.Initializers.Where(pair => pair.Key.EndsWith("weight", StringComparison.Ordinal))
            .Sum(pair => pair.Value.ToArray<float>()
                .Zip(trainer.Start.Graph.Initializers[pair.Key].ToArray<float>(), (a, b) => Math.Pow(a - b, 2))
                .Sum());

        Assert.Equal([0, 10, 20, 30, 40, 50, 60], seen.Select(metric => metric.Step));
        Assert.Equal(0, seen[0].Value);
        Assert.True(moved > 0 && seen[^1].Value > seen[1].Value);
    }

    [Fact]
    public void Schedules_have_their_shapes()
    {
        Assert.Equal([1, 1, 0.1, 0.1, 0.01], Factors(new StepDecaySchedule(2), 0, 10, 20, 30, 40), Close);
        Assert.Equal([1, 0.5, 0], Factors(new CosineSchedule(), 0, 50, 100), Close);
        Assert.Equal([1, 0.8, 0.64], Factors(new ExponentialSchedule(0.8), 0, 10, 29), Close);
        Assert.Equal([0.25, 0.5, 0.75, 1, 1], Factors(new ConstantSchedule { WarmUp = 4 }, 0, 1, 2, 3, 4), Close);

        static double[] Factors(Schedule schedule, params long[] steps) => [.. steps.Select(step => schedule.Factor(step, 10, 100))];
        static bool Close(double a, double b) => Math.Abs(a - b) < 1e-12;
    }

    [Fact]
    public void Cadences_have_their_steps()
    {
        Assert.Equal([3, 6, 9, 12], Steps(Cadence.EverySteps(3), 12));
        Assert.Equal([10, 20, 30], Steps(Cadence.EveryEpochs(2), 30));
        Assert.Equal([1, 3, 10, 32, 100, 316, 1000], Steps(Cadence.Logarithmic(2), 1000));
        Assert.Equal(long.MaxValue, Cadence.Ends.Next(0, 5));

        static List<long> Steps(Cadence cadence, long last)
        {
            List<long> found = [];
            for (var step = cadence.Next(0, 5); step <= last; step = cadence.Next(step, 5))
            {
                found.Add(step);
            }

            return found;
        }
    }

    [Fact]
    public void Dropout_after_the_forward_pass_leaves_the_output_and_stops_gradients()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(5);
        var network = new NetworkBuilder("dropping", [3], InitializationScheme.PyTorch, generator, ScalarType.Float64)
            .Dense("first", 40).Activation("relu", "relu").Dropout("drop", 0.5).Dense("last", 1).Build();
        var x = Tensor.Randn([1, 3], generator, ScalarType.Float64);
        var bias = network.Graph.Initializers["first.bias"].Clone().RequireGrad();
        double[] Gradient(RunOptions options, out double output)
        {
            var value = network.Run(
                new Dictionary<string, Tensor> { ["input"] = x, ["first.bias"] = bias }, [network.Output], options)[network.Output];
            output = value.Item();
            return Autograd.Grad(value, bias).ToArray<double>();
        }

        var whole = Gradient(RunOptions.Evaluation, out var expected);
        var after = Gradient(new RunOptions { Training = true, Generator = generator, DropoutAfterForward = true }, out var output);
        var usual = Gradient(new RunOptions { Training = true, Generator = generator }, out var dropped);

        Assert.Equal(expected, output, 1e-15);
        Assert.NotEqual(expected, dropped);
        Assert.All(whole.Zip(after), pair => Assert.True(pair.Second == 0 || pair.Second == pair.First));
        Assert.All(whole.Zip(usual), pair => Assert.True(pair.Second == 0 || Math.Abs(pair.Second - (2 * pair.First)) < 1e-15));
        Assert.InRange(whole.Zip(after).Count(pair => pair.First != 0 && pair.Second == 0), 1, whole.Count(value => value != 0) - 1);
    }

    [Fact]
    public void Label_noise_drawn_once_redraws_its_fraction_and_a_larger_one_the_same_and_more()
    {
        var data = TrainingData.Quarters(4000);
        int[] Changed(double fraction)
        {
            var feed = new Feed(data, Settings() with { Loss = new CrossEntropy(), LabelNoise = new LabelNoise(fraction) });
            var targets = feed.Targets.ToArray();
            return [.. Enumerable.Range(0, data.Count).Where(i => targets[i] != data.Labels![i])];
        }

        var (few, many) = (Changed(0.2), Changed(0.6));

        // A redrawn label is its own in one of four cases; three standard deviations to each side.
        Assert.InRange(few.Length / 4000.0, 0.15 - 0.017, 0.15 + 0.017);
        Assert.InRange(many.Length / 4000.0, 0.45 - 0.024, 0.45 + 0.024);
        Assert.Empty(few.Except(many));
    }

    [Fact]
    public void Without_replacement_every_example_comes_once_an_epoch()
    {
        var data = TrainingData.Waves(10, 1);
        var feed = new Feed(data, Settings() with { BatchSize = 4, Replacement = false });
        var all = new float[10];
        data.CopyInputs([.. Enumerable.Range(0, 10)], all);
        List<float[]> epochs = [];
        for (var epoch = 0; epoch < 3; epoch++)
        {
            List<float> seen = [];
            for (var step = 0; step < feed.StepsPerEpoch; step++)
            {
                seen.AddRange(feed.Next().Inputs);
            }

            epochs.Add([.. seen]);
            Assert.Equal(all.Order(), seen.Order());
        }

        Assert.NotEqual(epochs[0], epochs[1]);
    }

    private static Network Perceptron()
    {
        using var generator = new Generator(2);
        return Mlp.Build([4, 6, 6, 1], "tanh", InitializationScheme.PyTorch, generator);
    }

    private static Network Images()
    {
        using var generator = new Generator(2);
        return new NetworkBuilder("images", [1, 6, 6], InitializationScheme.He, generator)
            .Flatten("flat")
            .Dense("hidden", 16)
            .Activation("relu", "relu")
            .Dense("out", 4)
            .Build();
    }

    private static TrainingSettings Settings() =>
        new() { Loss = new HalfSquaredError(), Optimizer = new Sgd(0.05), BatchSize = 4, Epochs = 20 };
}
