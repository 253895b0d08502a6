using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Examples;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Schedules;
using Xunit;

namespace Occam.Lab.Tests.Runs;

public sealed class ConfigurationTests
{
    private const string Least = """
        network: { id: mlp, hidden: [4] }
        data: { train: glyphs:train, limit: 50 }
        loss: cross-entropy
        optimizer: { id: sgd, learning-rate: 0.1 }
        batch: 10
        epochs: 2
        """;

    [Fact]
    public void What_is_left_out_has_the_training_core_s_own_defaults()
    {
        var configuration = ConfigurationReading.OfText(Least, "run.yaml").Require();

        var settings = new TrainingSettings { Loss = configuration.Settings.Loss, Optimizer = new Sgd(0.1), BatchSize = 10, Epochs = 2 };
        Assert.Equal(settings, configuration.Settings with { Frozen = settings.Frozen, Regularizers = settings.Regularizers });
        Assert.Empty(configuration.Probes);
    }

    [Fact]
    public void The_keys_of_the_training_settings_stand_beside_those_of_the_run()
    {
        const string text = """
            network: { id: mlp, hidden: [4] }
            data: { train: glyphs:train, limit: 50 }
            loss: cross-entropy
            optimizer: { id: adam, learning-rate: 0.25 }
            schedule: { id: exponential, by: 0.5 }
            batch: 10
            replacement: true
            epochs: 2
            seed: 7
            frozen: [layer1.bias]
            label-noise: { fraction: 0.1 }
            input-noise: 0.125
            augmentation: { flip: true }
            dropout-after-forward: true
            regularizers: [{ id: l2, strength: 0.01 }]
            stop: { loss-below: 0.01 }
            evaluate: 2 epochs
            probes: [{ measure: margin }]
            keep-best: train.loss
            trajectory-window: 5
            checkpoint: ends
            precision: bfloat16
            device: cpu
            threads: 2
            managed-kernel: false
            """;

        var reading = ConfigurationReading.OfText(text, "run.yaml");

        var (configuration, values) = (reading.Require(), reading.Values.ToDictionary());
        var settings = configuration.Settings;
        Assert.IsType<CrossEntropy>(settings.Loss);
        Assert.Equal(new Adam(0.25), settings.Optimizer);
        Assert.Equal(new ExponentialSchedule(0.5), settings.Schedule);
        Assert.Equal((10, true, 2L, null, 7), (settings.BatchSize, settings.Replacement, settings.Epochs, settings.Steps, settings.Seed));
        Assert.Equal(["layer1.bias"], settings.Frozen);
        Assert.Equal((0.1, 0.125, true), (settings.LabelNoise!.Fraction, settings.InputNoise, settings.Augmentation!.Flip));
        Assert.Equal("l2", Assert.Single(settings.Regularizers).Id);
        Assert.Equal(
            (true, 0.01, false, 5L, false),
            (settings.DropoutAfterForward, settings.Stop.LossBelow, settings.Trajectory, settings.TrajectoryWindow,
                settings.ManagedKernel));
        Assert.True(settings.MixedPrecision);
        Assert.Equal(
            ("train.loss", Precision.BFloat16, "cpu", 2),
            (configuration.KeepBest, configuration.Precision, configuration.Device, configuration.Threads));
        Assert.Equal(Cadence.EveryEpochs(2), configuration.Evaluate);
        Assert.Equal(
            ("10", "false", "bfloat16", "0.25"),
            (values["batch"], values["trajectory"], values["precision"], values["optimizer.learning-rate"]));
        Assert.DoesNotContain(
            values.Keys,
            key => key.StartsWith("settings", StringComparison.Ordinal) || key is "batch-size" or "mixed-precision");
    }

    [Theory]
    [InlineData("settings: { batch: 3 }", "unknown key 'settings'")]
    [InlineData("batch-size: 3", "did you mean 'batch'?")]
    [InlineData("mixed-precision: true", "unknown key 'mixed-precision'")]
    [InlineData("precision: tf32", "'precision': unknown precision 'tf32': expected float32, float64, bfloat16")]
    public void The_members_that_hold_or_are_renamed_are_no_keys(string line, string expected)
    {
        var problem = Assert.Single(ConfigurationReading.OfText($"{Least}\n{line}", "run.yaml").Problems);

        Assert.Equal(7, problem.Where.Line);
        Assert.Contains(expected, problem.Message);
    }

    [Theory]
    [InlineData("network", "network: mpl")]
    [InlineData("network", "")]
    [InlineData("data", "data: [1, 2]")]
    [InlineData("data", "")]
    [InlineData("loss", "loss: cross-entropi")]
    [InlineData("loss", "")]
    [InlineData("optimizer", "optimizer: sdg")]
    [InlineData("optimizer", "")]
    public void What_can_not_be_read_hides_no_mistake_in_another_key_and_makes_none_up(string key, string line)
    {
        string[] sound =
        [
            "network: {id: mlp, hidden: [3]}", "data: {train: glyphs:train, test: glyphs:test}", "loss: cross-entropy",
            "optimizer: {id: sgd, learning-rate: 0.1}", "steps: 10", "frozen: ['layer1*']", "stop: {accuracy: 0.9}",
            "keep-best: geometric-complexity", "probes: [{measure: geometric-complexity}]",
        ];
        string[] wrong = ["batch: 0", "threads: 0", "evaluate: 1 epoch"];
        var text = string.Join('\n', [.. sound.Select(own => own.StartsWith($"{key}:", StringComparison.Ordinal) ? line : own), .. wrong]);

        var (plan, problems) = RunPlan.Make(ConfigurationReading.OfText(text, "run.yaml"));

        Assert.Null(plan);
        Assert.True(problems.Length == 3, string.Join('\n', problems));
        Assert.Contains(problems, problem => problem.Message.Contains($"'{key}'", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Message.Contains("a batch of 0 examples", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Message.Contains("0 threads", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_mistake_is_told_at_once_with_its_line_and_column()
    {
        const string text = """
            network:
              id: mpl
            data:
              trian: glyphs:train
              limit: much
            loss: cross-entropi
            optimizer:
              id: sgd
              momentun: 0.9
            batch: [1, 2]
            probes:
              - measure: geometric-complexty
                every: 3 weeks
            trajectory: yes
            sed: 3
            """;

        var problems = ConfigurationReading.OfText(text, "run.yaml").Problems.Select(problem => problem.ToString()).ToArray();

        (string Where, string What)[] expected =
        [
            ("2:7", "did you mean 'mlp'?"),
            ("4:3", "'data.trian': did you mean 'train'?"),
            ("4:3", "'data.train' is missing"),
            ("5:10", "'data.limit': 'much' is not a whole number"),
            ("6:7", "did you mean 'cross-entropy'?"),
            ("8:3", "'optimizer.learning-rate' is missing: expected a number"),
            ("9:3", "'optimizer.momentun': did you mean 'momentum'?"),
            ("10:8", "'batch' is a list: expected a whole number"),
            ("12:14", "did you mean 'geometric-complexity'?"),
            ("13:12", "'3 weeks' is no cadence"),
            ("14:13", "'trajectory': 'yes' is not 'true' or 'false'"),
            ("15:1", "'sed': did you mean 'seed'?"),
        ];
        Assert.Equal(expected.Length, problems.Length);
        Assert.All(expected.Zip(problems), pair =>
        {
            Assert.StartsWith($"run.yaml:{pair.First.Where}: ", pair.Second);
            Assert.Contains(pair.First.What, pair.Second);
        });
    }

    [Fact]
    public void What_does_not_fit_together_is_told_at_once_before_the_first_step()
    {
        const string text = """
            network: { id: mlp, hidden: [4] }
            data: { train: glyphs:train, limit: 50 }
            loss: cross-entropy
            optimizer: { id: sgd, learning-rate: 0.1, momentum: 2 }
            epochs: 2
            steps: 3
            frozen: [layer9.weight]
            keep-best: tset.loss
            stop: { patience: 0 }
            probes:
              - { measure: arc-length, on: test, limit: 0 }
              - measure: arc-length
            """;

        var (plan, problems) = RunPlan.Make(ConfigurationReading.OfText(text, "run.yaml"));

        Assert.Null(plan);
        (int Line, string What)[] expected =
        [
            (4, "a momentum of 2 can't be"),
            (5, "either in steps or in epochs"),
            (7, "no parameter is called 'layer9.weight'"),
            (8, "there is no metric 'tset.loss'"),
            (9, "a patience of 0"),
            (9, "there are no test data"),
            (11, "there are no test data"),
            (11, "a limit of 0 examples"),
            (12, "'arc-length' is defined for one"),
        ];
        Assert.Equal(expected.Select(pair => pair.Line), problems.Select(problem => problem.Where.Line));
        Assert.All(expected.Zip(problems), pair => Assert.Contains(pair.First.What, pair.Second.Message));
    }

    [Fact]
    public void Mistakes_of_writing_hide_no_other_ones_and_bring_none_forth()
    {
        const string text = """
            network: { id: mlp, hidden: [4] }
            data: { train: glyphs:train, limit: 50 }
            loss: cross-entropy
            optimizer: { id: sgd, learning-rate: 0.1, momentum: much }
            epohcs: 2
            batch: 0
            keep-best: tset.loss
            """;

        var (plan, problems) = RunPlan.Make(ConfigurationReading.OfText(text, "run.yaml"));

        Assert.Null(plan);
        (int Line, string What)[] expected =
        [
            (4, "'optimizer.momentum': 'much'"),
            (5, "unknown key 'epohcs'"),
            (6, "a batch of 0 examples"),
            (7, "there is no metric 'tset.loss'"),
        ];
        Assert.Equal(expected.Select(pair => pair.Line), problems.Select(problem => problem.Where.Line));
        Assert.All(expected.Zip(problems), pair => Assert.Contains(pair.First.What, pair.Second.Message));
    }

    [Theory]
    [InlineData("loss: binary-cross-entropy", "loss: cross-entropy", "one output for two classes")]
    [InlineData("data: { id: waves, frequency: 1 }", "data: { train: glyphs:train, limit: 50 }", "needs class labels")]
    [InlineData("loss: half-squared-error\nstop: { accuracy: 0.9 }", "loss: cross-entropy", "no accuracy to stop at")]
    [InlineData("data: { train: nowhere.npz }", "data: { train: glyphs:train, limit: 50 }", "neither a file nor a named data set")]
    [InlineData("network: { id: file, path: nowhere.onnx }", "network: { id: mlp, hidden: [4] }", "nowhere.onnx")]
    [InlineData("network: { id: vgg }", "network: { id: mlp, hidden: [4] }", "images of 32×32")]
    [InlineData("batch: 10\ndevice: cuda:99", "batch: 10", "cuda:99")]
    public void Parts_that_do_not_fit_are_refused(string part, string inPlaceOf, string expected)
    {
        var (_, problems) = RunPlan.Make(ConfigurationReading.OfText(Least.Replace(inPlaceOf, part), "run.yaml"));

        Assert.All(problems, problem => Assert.True(problem.Where.Line > 0));
        Assert.True(problems.Any(problem => problem.Message.Contains(expected)), string.Join("; ", problems));
    }

    [Fact]
    public void Settings_beside_the_file_reach_any_key_and_are_kept()
    {
        string[] settings =
        [
            "optimizer.learning-rate=0.5", "network.hidden=[8, 9]", "stop.patience=3", "probes.0.measure=margin", "probes.0.every=5 steps",
            "schedule.by=0.5", "schedule.id=exponential",
        ];

        var reading = ConfigurationReading.OfText(Least, "run.yaml", settings);
        var again = ConfigurationReading.OfText(reading.Text, "config.yaml");

        var values = reading.Values.ToDictionary(pair => pair.Key, pair => pair.Value);
        Assert.Equal("0.5", values["optimizer.learning-rate"]);
        Assert.Equal("9", values["network.hidden.1"]);
        Assert.Equal("3", values["stop.patience"]);
        Assert.Equal("margin", values["probes.0.measure"]);
        Assert.Equal("5 steps", values["probes.0.every"]);
        Assert.Equal("exponential", values["schedule.id"]);
        Assert.Equal(reading.Values, again.Values);
    }

    [Theory]
    [InlineData("optimizer.learning_rate=1", "unknown key 'optimizer.learning_rate'")]
    [InlineData("optimizer", "expected a key, '='")]
    [InlineData("network.hidden.7=1", "is a list of 1")]
    [InlineData("batch=x", "'x' is not a whole number")]
    public void A_mistaken_setting_is_told_by_its_own_words(string setting, string expected)
    {
        var problem = Assert.Single(ConfigurationReading.OfText(Least, "run.yaml", [setting]).Problems);

        Assert.Equal($"--set {setting}", problem.Where.ToString());
        Assert.Contains(expected, problem.Message);
    }

    [Theory]
    [InlineData("batch: [1", 2)]
    [InlineData("seed: 1\nseed: 2", 2)]
    [InlineData("seed: 1\n---\nseed: 2", 3)]
    [InlineData("seed: *nothing", 1)]
    public void What_is_not_yaml_is_told_with_its_line(string text, int line)
    {
        var problems = ConfigurationReading.OfText(text, "run.yaml").Problems;

        Assert.Equal(line, Assert.Single(problems).Where.Line);
    }

    public static TheoryData<string> Examples => [.. ExampleConfigurations.All.Keys];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_can_be_trained(string name)
    {
        var reading = ConfigurationReading.OfText(ExampleConfigurations.Find(name), name);

        Assert.Empty(reading.Problems);
        Assert.NotEqual("", ExampleConfigurations.Title(name));
        var (_, problems) = RunPlan.Make(reading);
        Assert.All(problems, problem => Assert.Contains("occam data get", problem.Message));
    }

    [Fact]
    public void Values_read_back_as_they_were_written()
    {
        foreach (var text in ExampleConfigurations.All.Values)
        {
            var reading = ConfigurationReading.OfText(text, "example");
            var settings = reading.Values
                .Where(pair => pair.Key != "data.id")
                .Select(pair => $"{pair.Key}={(pair.Value.Contains(':') ? $"'{pair.Value}'" : pair.Value)}");

            var again = ConfigurationReading.OfText(text, "example", settings);

            Assert.Empty(again.Problems);
            Assert.Equal(reading.Values, again.Values);
        }
    }
}
