using System.Globalization;
using Occam.Data;
using Occam.Measures;
using Occam.Measures.Curvature;
using Occam.Measures.Sharpness;
using Occam.Networks.Loading;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures;

/// <summary>Measures of networks that PyTorch exported, against PyTorch's own values in float64, where python3 has torch.</summary>
public sealed class PyTorchMeasuresTests(PyTorchMeasuresTests.Exports exports) : IClassFixture<PyTorchMeasuresTests.Exports>
{
    private static readonly FunctionChoice s_trusted = new() { IsTrusted = true };

    // What the landing of measures promises, and what it promises of geometric complexity.
    private const double Promised = 1e-4;
    private const double PromisedOfComplexity = 1e-5;

    /// <summary>
    /// In float64 rounding alone is left, and what the file holds in float32: the ε of batch normalization, and in an
    /// exported GELU √2, to 2e-8.
    /// </summary>
    public static TheoryData<string, double> Networks => new()
    {
        { "relu", 1e-9 },
        { "tanh", 1e-9 },
        { "gelu", 1e-6 },
        { "wide", 1e-9 },
        { "cnn", 1e-9 },
        { "residual", 1e-9 },
        { "softmax", 1e-9 },
        { "sigmoid", 1e-9 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Values_are_PyTorchs(string name, double tolerance)
    {
        var folder = exports.Folder();
        var reference = File.ReadLines(folder.File($"{name}.txt"))
            .Select(line => line.Split(' '))
            .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));
        var loaded = NetworkLoader.Load(folder.File($"{name}.onnx"));
        Assert.Equal(reference["parameters"], loaded.ParameterCount);
        var data = DataSource.Open(folder.File($"{name}.npz"), new DataOptions());
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var context = new MeasureContext(Subject.Of(loaded, type), data);
            var results = new Dictionary<string, MeasureResult>();
            foreach (var (quantity, expected) in reference.Where(pair => pair.Key != "parameters"))
            {
                var parts = quantity.Split('.', 2);
                if (!results.TryGetValue(parts[0], out var result))
                {
                    results[parts[0]] = result = MeasureCatalogue.Find(parts[0]).Measurement(context);
                }

                var actual = parts.ElementAtOrDefault(1) switch
                {
                    null => result.Value!.Value,
                    "first10" => result.PerExample.Take(10).Average(),
                    "probabilities" => result.Detail("probabilities.mean"),
                    var detail => result.Detail(detail),
                };
                var allowed = type == ScalarType.Float64 ? tolerance
                    : parts[0] is "geometric-complexity" or "dirichlet-energy" ? PromisedOfComplexity
                    : Promised;
                Assert.True(Math.Abs(actual - expected) <= allowed * Math.Abs(expected), $"{name}, {type}: {quantity} is "
                    + $"{actual:R} where PyTorch says {expected:R}, off by {Math.Abs((actual / expected) - 1):E1}");
            }

            Assert.NotEmpty(results);
        }
    }

    [Fact]
    public void The_Hessian_is_PyTorchs_dense_one()
    {
        var folder = exports.Folder();
        double[] eigenvalues =
            [.. File.ReadLines(folder.File("wide.hessian")).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
        var (subject, data) = (
            Subject.Of(NetworkLoader.Load(folder.File("wide.onnx")), ScalarType.Float64),
            DataSource.Open(folder.File("wide.npz"), new DataOptions()));
        MeasureResult Found(Measure measure) => Measuring.Measure(measure, new MeasureContext(subject, data));
        var top = Found(new HessianTopEigenvalue());
        Assert.Equal(1, top.Detail("converged"));
        Measuring.AssertClose(eigenvalues[^1], top.Value, 1e-5);

        // What has converged is an eigenvalue, and of its place; what hasn't is left out.
        foreach (var (name, value) in top.Details.Where(detail => detail.Key is "eigenvalue2" or "eigenvalue3" or "eigenvalue4"))
        {
            Measuring.AssertClose(eigenvalues[^int.Parse(name["eigenvalue".Length..], CultureInfo.InvariantCulture)], value, 1e-3);
        }

        // With three products for each eigenvalue Hutch++ is exact.
        Measuring.AssertClose(eigenvalues.Sum(), Found(new HessianTrace(3 * eigenvalues.Length)).Value, 1e-6);
        var estimate = Found(new HessianTrace());
        // The error is of ten products: within five of it is as sure as within four of a normal one.
        Assert.InRange(
            eigenvalues.Sum(), estimate.Value!.Value - (5 * estimate.StandardError), estimate.Value.Value + (5 * estimate.StandardError));
    }

    [Theory]
    [InlineData(CurvatureMatrix.Hessian, "hessian")]
    [InlineData(CurvatureMatrix.GaussNewton, "gauss-newton")]
    [InlineData(CurvatureMatrix.EmpiricalFisher, "empirical-fisher")]
    public void The_largest_eigenvalues_and_the_trace_of_curvature_are_PyTorchs(CurvatureMatrix of, string ending)
    {
        var folder = exports.Folder();
        double[] eigenvalues =
            [.. File.ReadLines(folder.File($"wide.{ending}")).Select(line => double.Parse(line, CultureInfo.InvariantCulture)).Reverse()];
        var context = new MeasureContext(
            Subject.Of(NetworkLoader.Load(folder.File("wide.onnx")), ScalarType.Float64),
            DataSource.Open(folder.File("wide.npz"), new DataOptions()));
        var found = Measuring.Measure(new CurvatureEigenvalues(Of: of), context);
        Assert.Equal(10, found.Detail("converged"));
        for (var i = 0; i < 10; i++)
        {
            Measuring.AssertClose(eigenvalues[i], i == 0 ? found.Value : found.Detail($"eigenvalue{i + 1}"), 1e-5);
        }

        // The error is of 15 vectors: within six of it is as sure as within four of a normal one.
        var trace = Measuring.Measure(new CurvatureTrace(of), context);
        Assert.InRange(Math.Abs(trace.Value!.Value - eigenvalues.Sum()), 0, 6 * trace.StandardError);
        var density = Measuring.Measure(new SpectralDensity(of, Z: 0.01, Draws: 20), context);
        var effective = eigenvalues.Sum(value => Math.Max(value, 0) / (Math.Max(value, 0) + 0.01));
        Assert.InRange(Math.Abs(density.Value!.Value - effective), 0, 5 * density.StandardError);
    }

    [Fact]
    public void A_black_box_is_measured_where_the_function_is_enough()
    {
        var folder = exports.Folder();
        var data = DataSource.Open(folder.File("cnn.npz"), new DataOptions());
        var box = new MeasureContext(Subject.Of(NetworkLoader.Load(folder.File("blackbox.pt"), s_trusted)), data);
        var graph = new MeasureContext(Subject.Of(NetworkLoader.Load(folder.File("cnn.onnx"))), data);
        foreach (var id in new[]
        {
            "geometric-complexity", "dirichlet-energy", "local-lipschitz", "margin", "loss-slope", "lipschitz-lower",
        })
        {
            var (expected, actual) = (MeasureCatalogue.Find(id).Measurement(graph), MeasureCatalogue.Find(id).Measurement(box));

            // The ascent goes its own way at the kinks of float32, and ends near the same height.
            Measuring.AssertClose(expected.Value!.Value, actual.Value, id == "lipschitz-lower" ? 0.05 : Promised);
        }

        foreach (var id in new[] { "lipschitz-upper", "geometric-complexity-by-regions", "linear-regions" })
        {
            var result = MeasureCatalogue.Find(id).Measurement(box);
            Assert.Null(result.Value);
            Assert.Contains("black box", result.NotApplicable);
        }
    }

    [Fact]
    public void Networks_compute_what_ONNX_Runtime_computes() => OnnxRuntimePeer.AgreesOnAll(exports.Folder().Path);

    [Fact]
    public void A_black_box_is_differentiated_in_reverse_even_where_its_columns_are_fewer()
    {
        var folder = exports.Folder();
        var line = Measuring.Points([1], -2, 2);
        var box = new MeasureContext(Subject.Of(NetworkLoader.Load(folder.File("line.pt"), s_trusted)), line);
        var graph = new MeasureContext(Subject.Of(NetworkLoader.Load(folder.File("line.onnx"))), line);
        Assert.True(box.Jacobian.ByRows);
        Assert.False(graph.Jacobian.ByRows);
        Assert.Throws<NotSupportedException>(() => box.Jacobian.Push(box.Examples(0, 1), box.Examples(0, 1)));
        foreach (var id in new[] { "arc-length", "integrated-dirichlet-energy", "geometric-complexity" })
        {
            Measuring.AssertClose(
                MeasureCatalogue.Find(id).Measurement(graph).Value!.Value, MeasureCatalogue.Find(id).Measurement(box).Value, Promised);
        }
    }

    /// <summary>What the peer exported, once for all tests.</summary>
    public sealed class Exports : IDisposable
    {
        private readonly Lazy<(TemporaryFolder Folder, string? Skip)> _run = new(() =>
        {
            TemporaryFolder folder = new();
            return (folder, PyTorchPeer.Run("measures.py", folder.Path));
        });

        internal TemporaryFolder Folder()
        {
            Assert.SkipWhen(_run.Value.Skip is not null, _run.Value.Skip ?? "");
            return _run.Value.Folder;
        }

        public void Dispose()
        {
            if (_run.IsValueCreated)
            {
                _run.Value.Folder.Dispose();
            }
        }
    }
}
