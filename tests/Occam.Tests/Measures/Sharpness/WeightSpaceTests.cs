using Occam.Measures.Sharpness;
using Occam.Networks.Builders;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures.Sharpness;

public sealed class WeightSpaceTests
{
    /// <summary>A network whose convolutions have the channels side by side, against the same in float64, whose don't.</summary>
    [Fact]
    public void A_vector_keeps_each_weight_in_its_place_however_it_lies_in_memory()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(1);
        var plain = new NetworkBuilder("two", [3, 6, 6], InitializationScheme.PyTorch, generator, ScalarType.Float32)
            .Convolution("first", 32, 3, padding: 1).Activation("bend", "tanh").Convolution("second", 32, 3, padding: 1)
            .Flatten("flat").Dense("last", 2).Build();
        Assert.Contains(plain.LaidOutForGradients().Parameters, parameter => !parameter.Value.IsContiguous || !Vectors.ArePossible);
        var spaces = new[] { new WeightSpace(plain.LaidOutForGradients()), new WeightSpace(plain.To(ScalarType.Float64, Device.Cpu)) };
        var x = Tensor.Randn([5, 3, 6, 6], generator);
        Dictionary<string, Tensor>[] found = [.. spaces.Select(space => Of(space, x.To(space.Point.ScalarType)))];
        foreach (var (name, wide) in found[1])
        {
            var narrow = found[0][name].To(ScalarType.Float64);
            Assert.Equal(wide.Shape, narrow.Shape);
            Assert.InRange((narrow - wide).Norm().Item(), 0, 1e-4 * wide.Norm().Item());
        }
    }

    [Fact]
    public void A_point_outside_the_box_goes_to_its_nearest_face()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(2);
        var space = new WeightSpace(Mlp.Build([3, 5, 2], "tanh", InitializationScheme.He, generator));
        var (w, step) = (space.Origin, Tensor.Randn([space.Size], generator));
        static Tensor Reach(Tensor w) => (w.Abs() + 1) * 0.5;
        space.MoveBy(step, 1, null);
        var onFaces = space.KeepWithin(Reach);

        var (moved, reach) = (w + step, Reach(w));
        Assert.Equal(step.Abs().GreaterThan(reach).Sum().Item(), onFaces);
        Assert.InRange(onFaces, 1, space.Size - 1);
        var expected = moved.Clone().ClampInPlace(w - reach, w + reach);
        Assert.Equal(expected.ToArray<float>(), space.Point.ToArray<float>());
    }

    // The parameters, their gradient, a product with the Hessian, and the logits after a step.
    private static Dictionary<string, Tensor> Of(WeightSpace space, Tensor x)
    {
        using var grad = Libtorch.EnableGrad();
        var gradient = space.RecordedGradient(space.Logits(x).Square().Sum());
        var slope = space.Gradient(space.Logits(x).Square().Sum());
        var image = space.Zeros();
        space.AddHessianTimes(gradient, space.Origin, image, retainGraph: true);
        var found = new Dictionary<string, Tensor>();
        foreach (var (what, vector) in new[] { ("weights", space.Origin), ("slope", slope), ("image", image) })
        {
            foreach (var (name, part) in space.ByName(vector))
            {
                found[$"{what} of {name}"] = part;
            }
        }

        space.MoveBy(slope, -1e-4, null);
        found["moved"] = space.Logits(x).Detach();
        return found;
    }
}
