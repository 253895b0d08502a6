using Occam.Networks;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks.Operators;

public sealed class PyTorchExportTests(PyTorchExports exports) : IClassFixture<PyTorchExports>
{
    private const int LeastExports = 100;
    private const int LeastOldExports = 80;

    /// <summary>What libtorch 1.13 has no kernel for on the CPU.</summary>
    private static readonly string[] s_notInBFloat16 = ["average-pool3d", "max-pool3d", "prod"];

    /// <summary>
    /// The files hold the attributes (ε, slopes) in float32, whose rounding is all that parts the two in float64.
    /// </summary>
    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(16)]
    [InlineData(18)]
    [InlineData(20)]
    public void What_PyTorch_exports_has_its_output_and_gradient(int opset)
    {
        Assert.SkipUnless(exports.Missing is null, $"no PyTorch to compare with: {exports.Missing}");
        var names = exports.Names(opset);
        Assert.SkipUnless(exports.Writes(opset), $"this PyTorch doesn't write operator set {opset}");
        Assert.True(
            names.Length >= (opset < OlderForms.Version ? LeastOldExports : LeastExports), $"only {names.Length} modules were exported");
        NoFailures(names.Select(name => Compare(name, opset)));
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-4)]
    [InlineData(ScalarType.BFloat16, 0.3)]
    public void Every_export_computes_in_every_precision(ScalarType type, double tolerance)
    {
        Assert.SkipUnless(exports.Missing is null, $"no PyTorch to compare with: {exports.Missing}");
        var names = exports.Names(16).Where(name => type != ScalarType.BFloat16 || !s_notInBFloat16.Contains(name));
        NoFailures(names.Select(name => Compare(name, 16, type, tolerance)));
    }

    private static void NoFailures(IEnumerable<string?> outcomes)
    {
        string[] failures = [.. outcomes.OfType<string>()];
        Assert.True(failures.Length == 0, string.Join('\n', failures));
    }

    private string? Compare(string name, int opset, ScalarType type = ScalarType.Float64, double tolerance = 2e-6)
    {
        using var scope = Libtorch.NewDisposeScope();
        try
        {
            var network = new Network(OnnxReader.Read(exports.File(name, opset))).To(type, Device.Cpu);
            var x = exports.Input(name).To(type).RequireGrad();
            var y = network.Run(x, [network.Output])[network.Output];
            if (y.ScalarType != type)
            {
                return $"{name}: the output is {y.ScalarType}";
            }

            var flat = y.Flatten();
            var weights = Tensor.FromArray([.. Enumerable.Range(0, (int)flat.Elements).Select(i => Math.Cos(i))], flat.Elements);
            var gradient = Autograd.Grad(flat, x, weights.To(type));
            var (value, slope) = (Distance(exports.Output(name), flat), Distance(exports.Gradient(name), gradient.Flatten()));
            return value > tolerance ? $"{name}: the output is off by {value:G3}"
                : slope > tolerance && type == ScalarType.Float64 ? $"{name}: the gradient is off by {slope:G3}"
                : null;
        }
        catch (Exception e) when (e is OccamException or TorchException)
        {
            return $"{name}: {e.Message}";
        }
    }

    private static double Distance(Tensor expected, Tensor actual) =>
        expected.Elements != actual.Elements ? double.PositiveInfinity
        : (actual.To(ScalarType.Float64) - expected).Norm().Item() / Math.Max(1, expected.Norm().Item());
}
