using System.Collections.Immutable;
using System.Globalization;
using Occam.Data;
using Occam.Measures;
using Occam.Measures.Tokens;
using Occam.Networks.Loading;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures;

/// <summary>
/// Measures of transformers and of networks of several inputs, against PyTorch's own values in float64, where python3 has torch.
/// </summary>
public sealed class TokenModelTests(TokenModelTests.Exports exports) : IClassFixture<TokenModelTests.Exports>
{
    [Theory]
    [InlineData("gpt")]
    [InlineData("bert")]
    [InlineData("vector")]
    [InlineData("t5")]
    [InlineData("llama")]
    [InlineData("tagger")]
    [InlineData("recurrent")]
    [InlineData("floatmask")]
    [InlineData("causal")]
    [InlineData("vit")]
    [InlineData("swin")]
    public void Values_are_PyTorchs(string name)
    {
        var folder = exports.Folder();
        Assert.SkipUnless(File.Exists(folder.File($"{name}.onnx")), "python3 has no torchvision");

        // Exported for one example, its file doesn't say which dimension counts them.
        var loaded = NetworkLoader.Load(
            folder.File($"{name}.onnx"), new FunctionChoice { BatchAxis = name == "recurrent" ? 1 : null });
        var context = new MeasureContext(
            Subject.Of(loaded, ScalarType.Float64), DataSource.Open(Examples(folder, name), new DataOptions()));
        var results = new Dictionary<string, MeasureResult>();
        foreach (var parts in File.ReadLines(folder.File($"{name}.txt")).Select(line => line.Split(' ')))
        {
            var (id, detail) = parts[0].Split('.') is [var measure, var what] ? (measure, what) : (parts[0], null);
            var expected = double.Parse(parts[1], CultureInfo.InvariantCulture);
            if (id == "parameters")
            {
                Assert.Equal(expected, loaded.ParameterCount);
                continue;
            }

            if (!results.TryGetValue(id, out var result))
            {
                results[id] = result = MeasureCatalogue.Find(id).Measurement(context);
            }

            var actual = detail switch
            {
                null => result.Value ?? throw new InvalidOperationException($"{id}: {result.NotApplicable}"),
                "first" => result.PerExample[0],
                _ => result.Detail(detail),
            };
            Assert.True(
                Math.Abs(actual - expected) <= 1e-7 * Math.Abs(expected), $"{name}: {parts[0]} is {actual:R}, PyTorch says {expected:R}");
        }
    }

    /// <summary>The sum over the tokens is PyTorch's value of the whole Jacobian.</summary>
    [Theory]
    [InlineData("gpt", TokenTarget.Next)]
    [InlineData("llama", TokenTarget.Next)]
    [InlineData("bert", TokenTarget.Class)]
    public void Slopes_by_token_add_up_to_PyTorchs_Jacobian(string name, TokenTarget target)
    {
        var folder = exports.Folder();
        var data = DataSource.Open(Examples(folder, name), new DataOptions());
        var context = new MeasureContext(
            Subject.Of(NetworkLoader.Load(folder.File($"{name}.onnx")), ScalarType.Float64), data, new MeasureOptions { Exact = true });
        var ids = new double[data.ExampleSize];
        data.CopyInputs([0], ids);
        var slopes = TokenSlopes.Measure(context, 0, Array.ConvertAll(ids, id => (int)id));
        var first = File.ReadLines(folder.File($"{name}.txt")).Select(line => line.Split(' '))
            .First(parts => parts[0] == "geometric-complexity.first")[1];
        var expected = double.Parse(first, CultureInfo.InvariantCulture);
        Assert.Equal(target, slopes.Target);
        Assert.Equal(expected, slopes.SquaredNorms.Sum(norm => norm.Value), 1e-7 * expected);
    }

    /// <summary>Golden's identity f(e) = J⁺ e, without biases; with them there is a rest, which is told.</summary>
    [Theory]
    [InlineData("llama", true)]
    [InlineData("gpt", false)]
    public void A_model_without_biases_is_the_linear_map_of_its_text(string name, bool isLinear)
    {
        var folder = exports.Folder();
        var loaded = NetworkLoader.Load(folder.File($"{name}.onnx"));
        var context = new MeasureContext(
            Subject.Of(loaded, ScalarType.Float64), DataSource.Open(Examples(folder, name), new DataOptions()));
        var map = DetachedMap.Measure(context, 0, loaded.AsWritten!.To(ScalarType.Float64, Device.Cpu));
        var logits = context.Batch([0]).Function.Forward(context.Batch([0]).Inputs).Reshape(context.OutputShape);
        var last = logits.Select(0, logits.Size(0) - 1).ToArray<double>();

        // The file has constants of float32, such as √2, which a whole GELU doesn't need.
        Assert.Equal(last.Max(), map.Logit, 1e-7);
        Assert.Equal(last.Max(), last[map.Class]);
        if (isLinear)
        {
            Assert.InRange(map.Residual, 0, 1e-10);
            Assert.Equal(map.Logit, map.Contributions.Sum(), 1e-10);
        }
        else
        {
            Assert.True(map.Residual > DetachedMap.Tolerance(ScalarType.Float64), $"{map.Residual}");
        }
    }

    [Fact]
    public void Networks_compute_what_ONNX_Runtime_computes() =>
        OnnxRuntimePeer.AgreesOnAll(exports.Folder().Path, s_notByFile);

    // What files take one example of; the tagger, too, where a newer exporter writes it.
    private static readonly string[] s_notByFile = Environment.GetEnvironmentVariable("OCCAM_PEER_EXPORTER") is null
        ? ["recurrent", "causal"] : ["recurrent", "causal", "tagger"];

    [Theory]
    [InlineData("floatmask", "looked up by 'input_ids'")]
    [InlineData("vector", "function of the input 'x', each example's own 'scale', 'group' held")]
    public void What_the_function_is_of_is_said(string name, string said) =>
        Assert.Contains(
            NetworkLoader.Load(exports.Folder().File($"{name}.onnx")).Notes, note => note.Contains(said, StringComparison.Ordinal));

    [Fact]
    public void A_class_is_no_position()
    {
        var folder = exports.Folder();
        string Refusal(string name, string position) => Assert.Throws<OccamException>(() => new MeasureContext(
            Subject.Of(NetworkLoader.Load(
                folder.File($"{name}.onnx"), new FunctionChoice { Position = PositionChoice.Parse(position) })),
            DataSource.Open(folder.File($"{name}.npz"), new DataOptions()))).Message;
        Assert.EndsWith(
            "the last position can't be taken: outputs by position are n × T × V, and this one is n × 3", Refusal("bert", "last"),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "position 5 can't be taken: the output has 5 positions, 0 to 4", Refusal("gpt", "5"), StringComparison.Ordinal);
    }

    private static string Examples(TemporaryFolder folder, string name) =>
        File.Exists(folder.File($"{name}.examples.npz")) ? folder.File($"{name}.examples.npz") : folder.File($"{name}.npz");

    [Fact]
    public void Every_measure_of_a_transformer_with_a_mask_ends_with_a_value_or_a_reason()
    {
        var folder = exports.Folder();
        var loaded = NetworkLoader.Load(folder.File("bert.onnx"));
        var context = new MeasureContext(Subject.Of(loaded), DataSource.Open(folder.File("bert.npz"), new DataOptions()));
        foreach (var id in MeasureCatalogue.All.Keys)
        {
            var result = Measuring.Find(id).Measurement(context);
            Assert.True(result.Value is { } value ? double.IsFinite(value) : result.NotApplicable is not null, id);
        }
    }

    /// <summary>The bound holds for every mask: it only shifts scores.</summary>
    [Theory]
    [InlineData("gpt")]
    [InlineData("bert")]
    public void Transformers_have_a_Lipschitz_bound_above_every_slope_that_is_met(string name)
    {
        var folder = exports.Folder();
        var context = new MeasureContext(
            Subject.Of(NetworkLoader.Load(folder.File($"{name}.onnx")), ScalarType.Float64),
            DataSource.Open(folder.File($"{name}.npz"), new DataOptions()));
        var upper = MeasureCatalogue.Find("lipschitz-upper").Measurement(context);
        Assert.Contains(upper.Notes, note => note.Contains("attention: Kim", StringComparison.Ordinal));
        Assert.DoesNotContain(upper.Layers, layer => layer.Value == 0);
        Assert.True(MeasureCatalogue.Find("lipschitz-lower").Measurement(context).Value <= upper.Value);
    }

    [Fact]
    public void One_position_is_a_row_of_the_whole()
    {
        var folder = exports.Folder();
        var data = DataSource.Open(folder.File("gpt.npz"), new DataOptions());
        double Complexity(PositionChoice? position)
        {
            var loaded = NetworkLoader.Load(folder.File("gpt.onnx"), new FunctionChoice { Position = position });
            return MeasureCatalogue.Find("geometric-complexity")
                .Measurement(new MeasureContext(Subject.Of(loaded, ScalarType.Float64), data)).Value!.Value;
        }

        // Squared norms of rows of one Jacobian add up.
        var single = Enumerable.Range(0, 5).Sum(index => Complexity(new PositionChoice(index)));

        Assert.Equal(Complexity(null), single, 9);
        Assert.Equal(Complexity(new PositionChoice(4)), Complexity(new PositionChoice(-1)), 9);
        Assert.True(Complexity(PositionChoice.Parse("mean")) < Complexity(null) / 5);
    }

    [Fact]
    public void A_fixed_input_counts_as_an_array_of_the_same_number()
    {
        var folder = exports.Folder();
        var data = DataSource.Open(folder.File("bert.npz"), new DataOptions());
        var ones = DataSet.FromArrays("ones", [5], Enumerable.Repeat(1f, 5 * data.Count).ToArray());
        double Complexity(DataSet examples, FunctionChoice choice) => MeasureCatalogue.Find("geometric-complexity")
            .Measurement(new MeasureContext(
                Subject.Of(NetworkLoader.Load(folder.File("bert.onnx"), choice), ScalarType.Float64), examples)).Value!.Value;
        var others = data.Others.ToDictionary();
        others["attention_mask"] = ones;

        var arrays = Complexity(data.With("input_ids", others), FunctionChoice.Default);
        others.Remove("attention_mask");
        var held = Complexity(
            data.With("input_ids", others),
            new FunctionChoice { Fixed = ImmutableDictionary<string, double>.Empty.Add("attention_mask", 1) });

        Assert.Equal(arrays, held, 12);
        var missing = Assert.Throws<OccamException>(() => Complexity(data.With("input_ids", others), FunctionChoice.Default));
        Assert.Contains("'attention_mask'", missing.Message);
        Assert.Contains("--fix attention_mask=1", missing.Message);
    }

    /// <summary>What tests/peers/tokens.py writes, made once.</summary>
    public sealed class Exports : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly string? _missing;

        public Exports() => _missing = PyTorchPeer.Run("tokens.py", _folder.Path);

        internal TemporaryFolder Folder()
        {
            Assert.SkipWhen(_missing is not null, _missing ?? "");
            return _folder;
        }

        public void Dispose() => _folder.Dispose();
    }
}
