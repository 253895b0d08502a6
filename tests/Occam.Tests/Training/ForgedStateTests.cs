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
        ["no steps"] = state => state.Write<long>("engine.steps", []),
        ["other steps"] = state => state.Write("engine.steps", [9L]),
    };

    public static TheoryData<string> Forgeries => [.. s_forgeries.Keys];

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
