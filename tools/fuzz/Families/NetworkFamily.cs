using Google.Protobuf;
using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Inspection;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks;
using Occam.Tests.Networks.Operators;
using Occam.Torch;

namespace Occam.Fuzz.Families;

/// <summary>ONNX files: a node of every operator, and small networks, spoiled field by field or byte by byte; loaded, described, run,
/// and some of them measured.</summary>
internal sealed class NetworkFamily : Family
{
    private const int MostMeasured = 4096;

    private static readonly Lazy<byte[][]> s_sound = new(() =>
    [
        .. Samples.Names.Where(name => !name.StartsWith("ScaledDotProductAttention", StringComparison.Ordinal))
            .Select(name => OnnxFiles.Bytes(Samples.Make(name).Network.Graph)),

        // As often as operators, for they lead further.
        .. Enumerable.Repeat<string[]>(["mlp", "cnn", "shapes", "branches"], Samples.Names.Count() / 8).SelectMany(kinds => kinds)
            .Select(OnnxFuzzTests.Model),
    ]);

    private static readonly Lazy<string[]> s_words = new(() =>
    [
        "", "x", "y", "input0", "input1", "input2", "output0", "node", "w1", "bias", "N", "ai.onnx", "com.microsoft", "\u001b[2J", "../x",
        .. OperatorCatalogue.Supported, "axis", "axes", "to", "pads", "strides", "dilations", "group", "kernel_shape", "perm", "alpha",
        "value", "auto_pad", "SAME_UPPER", "mode", "linear", "equation", "ij,jk->ik", "...", "body", "then_branch", "else_branch",
    ]);

    private static readonly Measure[] s_measures = [.. MeasureCatalogue.All.Values.Where(measure => measure.InDefaultSet)];

    public override string Name => "networks";

    public override int Share => 340;

    public override void Prepare() => _ = (s_sound.Value, s_words.Value);

    public override void Try(SeededRandom random, string folder)
    {
        var sound = s_sound.Value[random.NextInt(s_sound.Value.Length)];
        var path = Path.Combine(folder, "net.onnx");
        File.WriteAllBytes(path, random.NextInt(3) == 0 ? Bytes.Spoil(sound, random) : ByField(sound, random));
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        if (random.NextInt(4) == 0)
        {
            Run(path);
            return;
        }

        var loaded = NetworkLoader.Load(path);
        NetworkChecks.NonFiniteParameters(loaded.Network!);
        NetworkDescription.Of(loaded.Network!);
        if (loaded.Function.ExampleShape is { IsDefault: false } shape && shape.All(size => size is not null)
            && shape.Aggregate(1.0, (product, size) => product * size!.Value) is > 0 and <= MostMeasured)
        {
            Measure(loaded, [.. shape.Select(size => (int)size!.Value)], random);
        }
    }

    private static byte[] ByField(byte[] sound, SeededRandom random)
    {
        var model = ModelProto.Parser.ParseFrom(sound);
        Messages.Spoil(model, s_words.Value, random);
        return model.ToByteArray();
    }

    private static void Run(string path)
    {
        var model = RunnableModel.Load(path);
        if (model.Inputs.All(input => !input.Shape.IsDefault && input.Shape.All(size => size is null or (>= 0 and <= 64))))
        {
            model.Run(model.Inputs.ToDictionary(input => input.Name, input => Zeros(input)));
        }
    }

    private static NumberArray Zeros(ValueInfo input)
    {
        int[] shape = [.. input.Shape.Select(size => (int)(size ?? 2))];
        var count = shape.Aggregate(1L, (product, size) => product * size);
        return count > 1 << 20 ? throw new OccamException("more numbers than are tried")
            : new NumberArray(input.IsFloatingPoint ? new float[count] : new long[count], shape);
    }

    private static void Measure(LoadedNetwork loaded, int[] shape, SeededRandom random)
    {
        const int examples = 4;
        var numbers = new float[examples * shape.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (float)random.NextGaussian();
        }

        var data = DataSet.FromArrays("spoiled", shape, numbers, labels: [0, 1, 0, 1]);
        var context = new MeasureContext(Subject.Of(loaded), data, new MeasureOptions { Seed = 1 });
        s_measures[random.NextInt(s_measures.Length)].Measurement(context);
    }
}
