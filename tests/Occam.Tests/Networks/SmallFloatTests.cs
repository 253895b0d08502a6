using Google.Protobuf;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Networks.Rewrites;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;
using static Occam.Networks.Onnx.TensorProto.Types;
using static Occam.Tests.Networks.TestGraphs;

namespace Occam.Tests.Networks;

/// <summary>Rounding to numbers of 4 and 8 bits with a point, and to whole numbers of 2 and 4, against ONNX Runtime and the bits.</summary>
public sealed class SmallFloatTests
{
    private const long Float = 1;

    /// <summary>The types, with the worth of their bits.</summary>
    public static TheoryData<int> Types => [17, 18, 19, 20, 23];

    /// <summary>Those that ONNX Runtime casts to on a processor.</summary>
    public static TheoryData<int, bool> Cast => new(new[] { 17, 18, 19, 20 }.SelectMany(type => new[] { (type, true), (type, false) }));

    [Theory]
    [MemberData(nameof(Types))]
    public void What_can_be_stored_stays_and_what_lies_halfway_goes_to_the_even_one(int type)
    {
        using var scope = Libtorch.NewDisposeScope();
        var stored = Enumerable.Range(0, type == 23 ? 8 : 128).Select(bits => Worth(type, bits)).Where(float.IsFinite).ToArray();
        var rounding = SmallFloat.Of(type)!;
        Assert.Equal(stored.Max(), rounding.Largest);
        Close.Equal(Column(stored), rounding.Round(Column(stored), limited: true));
        Close.Equal(-Column(stored), rounding.Round(-Column(stored), limited: true));

        var (below, above) = (Column(stored[..^1]), Column(stored[1..]));
        var even = Column([.. stored[..^1].Select((number, i) => i % 2 == 0 ? number : stored[i + 1])]);
        Close.Equal(even, rounding.Round((below + above) / 2, limited: true));
        Close.Equal(below, rounding.Round((below * 0.51) + (above * 0.49), limited: true));
        Close.Equal(above, rounding.Round((below * 0.49) + (above * 0.51), limited: true));
    }

    /// <summary>But where numbers aren't limited and lie between the largest and twice that: there ONNX Runtime goes by the bits.</summary>
    [Theory]
    [MemberData(nameof(Cast))]
    public void Casts_give_what_ONNX_Runtime_gives(int type, bool limited)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        float[] special =
        [
            0, 1e-9f, -1e-9f, 240, 247, 248, 249, 448, 463, 464, 465, 480, 500, 57344, 61439, 61440, 61441, 65536, 1e9f, -1e9f,
            float.PositiveInfinity, float.NegativeInfinity, float.NaN,
        ];
        var random = OneNode.Random(1, 500) * (OneNode.Random(2, 500) * 4).Exp();
        var largest = SmallFloat.Of(type)!.Largest;
        float[] numbers =
        [
            .. special.Concat(random.ToArray<double>().Select(x => (float)x))
                .Where(x => limited || !(Math.Abs(x) > largest && Math.Abs(x) < 2 * largest)),
        ];
        var graph = Graph(
            [numbers.Length],
            [
                Node("Cast", ["x"], ["small"], Attributes.Of(("to", (long)type), ("saturate", limited ? 1L : 0L))),
                Node("Cast", ["small"], ["y"], Attributes.Of(("to", Float))),
            ]) with { Opset = 19 };
        OnnxWriter.Write(graph, folder.File("cast.onnx"));
        var x = Tensor.FromArray(numbers, numbers.Length);
        Assert.Equal(
            OnnxRuntimePeer.Run(folder.File("cast.onnx"), x).ToArray<double>(),
            new Network(graph).Run(x, ["y"])["y"].To(ScalarType.Float64).ToArray<double>());
    }

    [Theory]
    [InlineData(17, 464, 448, double.NaN)]
    [InlineData(19, 61439, 57344, double.PositiveInfinity)]
    public void What_is_not_limited_is_rounded_first(int type, double last, double largest, double beyond)
    {
        using var scope = Libtorch.NewDisposeScope();
        var rounded = SmallFloat.Of(type)!.Round(OneNode.Numbers(last, last + 1, -last - 1), limited: false);
        Assert.Equal([largest, beyond, -beyond], rounded.ToArray<double>());
    }

    /// <summary>By what ONNX says of each rounding; powers of two stay, of whatever rounding.</summary>
    [Theory]
    [InlineData("up", 2, 4, 4, 4)]
    [InlineData("down", 1, 2, 2, 2)]
    [InlineData("nearest", 1, 2, 4, 4)]
    public void Casts_to_exponents_give_powers_of_two(string mode, double ofLittleMore, double ofLess, double ofThree, double ofMore)
    {
        using var scope = Libtorch.NewDisposeScope();
        var all = Enumerable.Range(0, 255).Select(bits => (double)SmallFloats.E8M0((byte)bits)).ToArray();
        OneNode Cast(double[] numbers, bool limited) => new(
            "Cast",
            [OneNode.Numbers(numbers)],
            Attributes.Of(("to", PowersOfTwo.Type), ("round_mode", mode), ("saturate", limited ? 1L : 0L)),
            opset: 25);
        Assert.Equal(all, Cast(all, limited: true).Run().ToArray<double>());
        Assert.Equal(all, Cast([.. all.Select(number => -number)], limited: false).Run().ToArray<double>());

        var largest = Math.ScaleB(1, 127);
        double[] numbers = [1.001, 2.99, 3, -3, 3.01, 0, double.PositiveInfinity, double.NaN];
        double[] expected = [ofLittleMore, ofLess, ofThree, ofThree, ofMore, Math.ScaleB(1, -127), double.NaN, double.NaN];
        Assert.Equal(expected, Cast(numbers, limited: true).Run().ToArray<double>());
        Assert.Equal(largest, Cast([largest * 1.9], limited: true).Run().Item());
        Assert.Equal(mode == "down" ? largest : double.NaN, Cast([largest * 1.9], limited: false).Run().Item());
    }

    [Fact]
    public void A_rounding_that_there_is_not_is_told()
    {
        using var scope = Libtorch.NewDisposeScope();
        var told = Assert.Throws<OccamException>(() => PowersOfTwo.Round(OneNode.Numbers(1), limited: true, "sideways"));
        Assert.Equal("the rounding 'sideways' is none that ONNX has: expected up, down or nearest", told.Message);
    }

    [Theory]
    [InlineData(25, -1.5, 2.9, 6, 3, 2, 2)]
    [InlineData(26, -1.5, 2.9, 6, -1, -2, -2)]
    public void Casts_to_two_bits_do_likewise(
        int type, double first, double second, double third, long ofFirst, long ofSecond, long ofThird)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = new OneNode("Cast", [OneNode.Numbers(first, second, third)], Attributes.Of(("to", (long)type)), opset: 25);
        Assert.Equal([ofFirst, ofSecond, ofThird], node.Run().ToArray<long>());
    }

    [Theory]
    [InlineData(21, 0, 15)]
    [InlineData(22, -8, 7)]
    public void Casts_to_four_bits_cut_fractions_and_keep_the_lower_bits(int type, long least, long greatest)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = new OneNode("Cast", [OneNode.Numbers(least, 2.9, greatest, greatest + 3)], Attributes.Of(("to", (long)type)), opset: 21);
        Assert.Equal([least, 2, greatest, least + 2], node.Run().ToArray<long>());
    }

    /// <summary>Of the zero point and of what a cast is like nothing but the type counts, which the tensor in memory hasn't.</summary>
    [Theory]
    [InlineData(17, 448)]
    [InlineData(19, 57344)]
    public void Stored_types_say_what_is_quantized_and_cast_to(int type, double largest)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var path = folder.File("fewer.onnx");
        File.WriteAllBytes(path, Model(type).ToByteArray());
        var x = (OneNode.Random(3, 4, 25) * 40).To(ScalarType.Float32);
        OnnxRuntimePeer.Agrees(path, x);

        // Rounding has no derivative; what is measured is the function without it, on the range.
        var loaded = NetworkLoader.Load(path);
        Assert.Contains(loaded.Notes, note => note.StartsWith("measured as the dequantized function: 2 ", StringComparison.Ordinal));
        var far = Tensor.FromArray([1f, -1e6f, 1e6f], 1, 3).RequireGrad();
        var y = loaded.Network!.Forward(far);
        Close.Equal(OneNode.Numbers(1 + 1, -largest * 1.5, largest * 1.5), y.Reshape(-1).To(ScalarType.Float64), 1e-6);
        Close.Equal(OneNode.Numbers(2, 0, 0), Autograd.Grad(y.Sum(), far).Reshape(-1).To(ScalarType.Float64));
    }

    [Fact]
    public void A_cast_to_fewer_bits_is_measured_without_its_rounding()
    {
        using var scope = Libtorch.NewDisposeScope();
        var graph = Graph(
            [null, 2],
            [Node("Cast", ["x"], ["s"], Attributes.Of(("to", 17L))), Node("Cast", ["s"], ["y"], Attributes.Of(("to", Float)))]);
        Assert.DoesNotContain("y", new Network(graph).Differentiable);
        var (real, note) = Dequantization.Apply(graph);
        Assert.StartsWith("measured as the dequantized function: 1 quantization of", note, StringComparison.Ordinal);
        Assert.Contains("y", new Network(real).Differentiable);
    }

    // x → quantized by half its scale and back, plus x cast like a stored number and back.
    private static ModelProto Model(int type)
    {
        GraphProto graph = new()
        {
            Name = "fewer",
            Initializer =
            {
                Stored("scale", DataType.Float, BitConverter.GetBytes(0.5f)), Stored("zero", (DataType)type, [0]),
                Stored("one", DataType.Float, BitConverter.GetBytes(1f)),
            },
            Node =
            {
                Made("QuantizeLinear", ["x", "scale", "zero"], "q"), Made("DequantizeLinear", ["q", "scale", "zero"], "a"),
                Made("CastLike", ["x", "zero"], "s"), Made("CastLike", ["s", "one"], "b"), Made("Add", ["a", "b"], "y"),
            },
            Input = { Value("x") },
            Output = { Value("y") },
        };
        return new ModelProto { IrVersion = 9, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 19 } } };
    }

    private static TensorProto Stored(string name, DataType type, byte[] bytes) =>
        new() { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };

    private static NodeProto Made(string type, string[] inputs, string output) =>
        new() { OpType = type, Input = { inputs }, Output = { output } };

    private static ValueInfoProto Value(string name)
    {
        TensorShapeProto shape = new();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "n" });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "m" });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = shape } },
        };
    }

    private static float Worth(int type, int bits) => type switch
    {
        17 => SmallFloats.E4M3FN((byte)bits),
        18 => SmallFloats.E4M3FNUZ((byte)bits),
        19 => SmallFloats.E5M2((byte)bits),
        20 => SmallFloats.E5M2FNUZ((byte)bits),
        _ => SmallFloats.E2M1(bits),
    };

    private static Tensor Column(float[] numbers) => Tensor.FromArray(Array.ConvertAll(numbers, x => (double)x), numbers.Length);
}
