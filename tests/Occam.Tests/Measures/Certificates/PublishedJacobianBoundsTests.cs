using System.Text.Json;
using Occam.Data;
using Occam.Measures;
using Occam.Measures.Certificates;
using Occam.Networks.Loading;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Certificates;

/// <summary>
/// The local Lipschitz constants in ℓ∞ that auto_LiRPA publishes of a network of ReLU, tanh and sigmoid (Shi et al. 2022), for boxes of
/// radius 0, 1/255 and 4/255. Occam's are upper bounds as well, by a coarser relaxation: so much above.
/// </summary>
public sealed class PublishedJacobianBoundsTests
{
    [Fact]
    public void Bounds_in_a_box_are_above_the_point_and_not_far_above_the_published()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var missing = PyTorchPeer.Run("jacobian_bounds.py", folder.Path);
        Assert.SkipWhen(missing is not null, missing ?? "");
        using var document = JsonDocument.Parse(File.ReadAllText(folder.File("smooth.json")));
        var norm = document.RootElement.GetProperty("norm").GetDouble();
        var data = DataSet.FromArrays(
            "x", [3, 8, 8], [.. document.RootElement.GetProperty("x").EnumerateArray().Select(number => number.GetDouble())]);
        var loaded = NetworkLoader.Load(folder.File("smooth.onnx"));
        var context = new MeasureContext(Subject.Of(loaded, ScalarType.Float64), data);
        double Bound(double radius) => Measure(new LocalLipschitzUpper(radius, BallNorm.Linf), context).Value!.Value;

        Assert.Equal(0.28031, norm, 5e-6);
        Assert.Equal(norm, Bound(0), 1e-6);
        foreach (var (radius, published, above) in new[] { (1 / 255.0, 0.29210, 1.06), (4 / 255.0, 0.35132, 1.48) })
        {
            var found = BallPoints.Of(context.Examples(0, 1), radius, isEuclidean: false, 12)
                .Max(x => BallPoints.Jacobian(loaded.To(ScalarType.Float64, Device.Cpu).Network!, x).Abs().Sum([1]).AMax([0]).Item());
            Assert.InRange(Bound(radius), Math.Max(norm, found), above * published);
        }
    }
}
