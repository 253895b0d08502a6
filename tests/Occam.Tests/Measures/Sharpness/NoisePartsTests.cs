using Occam.Measures;
using Occam.Measures.Sharpness;
using Occam.Networks.Builders;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures.Sharpness;

/// <summary>Noise that is made tensor by tensor where it is needed, against the same in one vector.</summary>
public sealed class NoisePartsTests
{
    public static TheoryData<ScalarType, long[]> Lengths => new()
    {
        { ScalarType.Float32, [16, 16] },
        { ScalarType.Float32, [1, 30, 5, 100, 3] },
        { ScalarType.Float32, [40, 1, 1, 1] },
        { ScalarType.Float32, [31, 17, 16] },
        { ScalarType.Float32, [7] },
        { ScalarType.Float32, [3, 6] },
        { ScalarType.Float32, [(1L << 20) + 5, 3, (1L << 20) - 7, 19] },
        { ScalarType.Float64, [5, 60, 33, 2] },
    };

    [Theory]
    [MemberData(nameof(Lengths))]
    public void The_parts_are_those_of_the_vector_bit_for_bit_and_in_any_order(ScalarType type, long[] lengths)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var one = new Generator(11);
        using var other = new Generator(11);
        using var parts = new NoiseParts(lengths, type, other);
        var vector = Tensor.Zeros([lengths.Sum()], type);
        for (var draw = 0; draw < 3; draw++)
        {
            vector.NormalInPlace(one);
            parts.Draw();
            for (var i = lengths.Length - 1; i >= 0; i--)
            {
                var expected = vector.Narrow(0, lengths[..i].Sum(), lengths[i]).ToArray<double>();
                Assert.Equal(expected, parts[i].ToArray<double>());
                Assert.Equal(expected, parts[i].ToArray<double>());
            }
        }

        Assert.Equal(one.GetState().ToArray<byte>(), other.GetState().ToArray<byte>());
    }

    // Weights of convolutions that require a gradient take another way through the processor, and are rounded otherwise.
    [Theory]
    [InlineData("convolutions", 1e-5)]
    [InlineData("dense layers", 0)]
    public void Weights_that_are_moved_where_they_are_used_give_the_logits_of_weights_that_were_moved_before(string what, double tolerance)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        using var generator = new Generator(1);
        var builder = new NetworkBuilder("two", [3, 6, 6], InitializationScheme.PyTorch, generator, ScalarType.Float32);
        builder = what == "convolutions"
            ? builder.Convolution("first", 32, 3, padding: 1).Activation("bend", "tanh").Convolution("second", 32, 3, padding: 1)
            : builder.Flatten("rows").Dense("first", 7).Activation("bend", "tanh").Dense("second", 9);
        var plain = builder.Flatten("flat").Dense("last", 2).Build().LaidOutForGradients();
        var x = Tensor.Randn([5, 3, 6, 6], generator);
        var (moved, lean) = (new WeightSpace(plain), new WeightSpace(plain, null, WeightUse.Fixed));
        Assert.True(moved.HasPoint);
        Assert.False(lean.HasPoint);
        var own = lean.Logits(x).ToArray<float>();
        Assert.Equal(own, moved.Logits(x).ToArray<float>());
        using Generator one = new(5), other = new(5);
        using WeightNoise kept = new(moved, one), made = new(lean, other);
        foreach (var scale in new Func<Tensor, Tensor>?[] { null, GaussianNoise.MagnitudeScale })
        {
            kept.Draw();
            made.Draw();
            foreach (var size in new[] { 0.01, 0.3 })
            {
                kept.Move(size, scale);
                made.Move(size, scale);
                var logits = moved.Logits(x).ToArray<float>();
                Assert.All(logits.Zip(lean.Logits(x).ToArray<float>()), pair => Assert.InRange(
                    Math.Abs(pair.First - pair.Second), 0, tolerance * logits.Max(MathF.Abs)));
                Assert.True(own.Zip(logits).Max(pair => Math.Abs(pair.First - pair.Second)) > 1e-3);
            }
        }

        lean.Return();
        Assert.Equal(own, lean.Logits(x).ToArray<float>());
    }

    [Fact]
    public void Vectors_that_do_not_fit_are_told_before_they_are_taken()
    {
        var network = Measuring.Perceptron("relu", 4, 9, 5);
        Assert.Null(VectorMemory.Problem(network, 3));
        var why = VectorMemory.Problem(network, int.MaxValue / 2);
        Assert.Contains("95 weights", why);
        Assert.Contains("--memory", why);
    }
}
