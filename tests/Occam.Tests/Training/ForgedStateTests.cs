using System.Buffers.Binary;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Xunit;

namespace Occam.Tests.Training;

/// <summary>States that fit no training: each is refused in words of this library, and the state before it can be gone back to.</summary>
public sealed class ForgedStateTests
{
    private static readonly Dictionary<string, Action<StateArchive>> s_forgeries = new()
    {
        ["few random bytes"] = state => state.Write("engine.random", new byte[5]),
        ["random bytes of zeros"] = state => state.Write("engine.random", new byte[state.Read<byte>("engine.random").Length]),
        ["a place after the random numbers"] = state =>
        {
            var bytes = state.Read<byte>("engine.random");
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 624);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), 624);
            state.Write("engine.random", bytes);
        },
        ["few moments"] = state => state.Write("optimizer0.out.weight", new float[2]),
        ["many weights"] = state => state.Write("weight.out.weight", new float[20]),
        ["no bias"] = state => state.Write("weight.out.bias", Array.Empty<float>()),
        ["a variance that is no number"] = state => state.Write("weight.norm.running_var", [float.NaN, 1, 1]),
        ["a variance below zero"] = state => state.Write("weight.norm.running_var", [1, -1e-3f, 1]),
        ["a mean of squares below zero"] = state => Change(state, "optimizer1.out.bias", -1e-12f),
        ["a mean of squares that is no number"] = state => Change(state, "optimizer1.norm.weight", float.NaN),
        ["a moment without end"] = state => Change(state, "optimizer0.conv.weight", float.NegativeInfinity),
        ["no loss"] = state => state.Write("trainer.loss", [double.NaN, 0]),
        ["no steps"] = state => state.Write<long>("engine.steps", []),
        ["other steps"] = state => state.Write("engine.steps", [9L]),
    };

    private static readonly Dictionary<string, Action<StateArchive>> s_forgedTrajectories = new()
    {
        ["another beginning"] = state => Change(state, "trajectory.start", 0, 0.25),
        ["a length below zero"] = state => Change(state, "trajectory.lengths", 0, -1),
        ["a largest step below zero"] = state => Change(state, "trajectory.sums", 1, -1),
        ["a sum that is no number"] = state => Change(state, "trajectory.sum", 0, double.NaN),
        ["steps that aren't taken yet"] = state => state.Write("trajectory.steps", [4L, 2L]),
        ["a window that begins late"] = state => Change(state, "trajectory.windows", 0, 1),
        ["a window that ends early"] = state => Change(state, "trajectory.windows", 1, 3),
        ["a window of no end"] = state => Change(state, "trajectory.windows", 1, double.NaN),
        ["a window's variance below zero"] = state => Change(state, "trajectory.windows", 5, -1),
        ["no window"] = state => state.Write<double>("trajectory.windows", []),
    };

    public static TheoryData<string> Forgeries => [.. s_forgeries.Keys];

    public static TheoryData<string> ForgedTrajectories => [.. s_forgedTrajectories.Keys];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void A_forged_state_of_libtorch_is_refused(string forgery)
    {
        using var trainer = Make();
        trainer.Begin();
        trainer.TakeStep();
        trainer.TakeStep();
        var state = trainer.Save();
        Assert.StartsWith("libtorch", trainer.EngineName, StringComparison.Ordinal);
        Assert.True(state.Names.Contains("weight.norm.running_var"), string.Join(' ', state.Names));
        s_forgeries[forgery](state);

        using var other = Make();
        var error = Assert.Throws<OccamException>(() => other.Load(state));
        Assert.StartsWith("the checkpoint", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", error.Message, StringComparison.Ordinal);

        other.Load(trainer.Save());
        trainer.Run(TestContext.Current.CancellationToken);
        other.Run(TestContext.Current.CancellationToken);
        Assert.Equal(trainer.Loss, other.Loss);
    }

    [Theory]
    [MemberData(nameof(ForgedTrajectories))]
    public void A_forged_trajectory_is_refused(string forgery)
    {
        using var trainer = Follow();
        trainer.Begin();
        while (trainer.Step < 5)
        {
            trainer.TakeStep();
        }

        var state = trainer.Save();
        using var whole = Follow();
        whole.Load(state);
        s_forgedTrajectories[forgery](state);
        using var other = Follow();
        var error = Assert.Throws<OccamException>(() => other.Load(state));
        Assert.StartsWith("the checkpoint's 'trajectory.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_moment_may_be_negative_and_a_mean_of_squares_zero()
    {
        using var trainer = Make();
        trainer.Begin();
        trainer.TakeStep();
        var state = trainer.Save();
        Change(state, "optimizer0.out.bias", -0.1f);
        Change(state, "optimizer1.out.bias", -0f);
        using var other = Make();
        other.Load(state);
        Assert.Equal(1, other.Step);
    }

    private static void Change(StateArchive state, string name, float value)
    {
        var numbers = state.Read<float>(name);
        numbers[^1] = value;
        state.Write(name, numbers);
    }

    private static void Change(StateArchive state, string name, int index, double value)
    {
        var numbers = state.Read<double>(name);
        numbers[index] = value;
        state.Write(name, numbers);
    }

    // Windows of the four steps of an epoch.
    private static Trainer Follow()
    {
        using var generator = new Generator(3);
        var network = Mlp.Build([4, 4, 8, 1], "relu", InitializationScheme.PyTorch, generator, firstLayer: FirstLayer.Identity);
        return new Trainer(network, TrainingData.Waves(4, 4), new TrainingSettings
        {
            Loss = new HalfSquaredError(),
            Optimizer = new Sgd(0.01),
            BatchSize = 1,
            Epochs = 3,
            Frozen = ["layer1.weight"],
            Trajectory = true,
        });
    }

    private static Trainer Make()
    {
        using var generator = new Generator(3);
        var network = new NetworkBuilder("cnn", [1, 6, 6], InitializationScheme.He, generator)
            .Convolution("conv", 3, 3, padding: 1)
                .BatchNorm("norm")
                .Flatten("flat")
                .Dropout("drop", 0.3)
                .Dense("out", 4)
                .Build();
        return new Trainer(network, TrainingData.Quarters(16), new TrainingSettings
        {
            Loss = new CrossEntropy(),
            Optimizer = new Adam(0.01),
            BatchSize = 8,
            Steps = 5,
        });
    }
}
