using Google.Protobuf;
using Occam.Data;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Xunit;
using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Tests.Networks;

/// <summary>Files as they are, run on arrays.</summary>
public sealed class RunnableModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int, object, object> Types => new()
    {
        { (int)DataType.Float, new[] { 1.5f }, new[] { 3f } },
        { (int)DataType.Double, new[] { 1e300 }, new[] { 2e300 } },
        { (int)DataType.Float16, new[] { (Half)1.5 }, new[] { (Half)3 } },
        { (int)DataType.Bfloat16, new[] { 1.5f }, new[] { 3f } },
        { (int)DataType.Int8, new sbyte[] { 100 }, new sbyte[] { -56 } },
        { (int)DataType.Uint8, new byte[] { 200 }, new byte[] { 144 } },
        { (int)DataType.Int16, new short[] { -3 }, new short[] { -6 } },
        { (int)DataType.Uint16, new ushort[] { 40_000 }, new ushort[] { 14_464 } },
        { (int)DataType.Int32, new[] { -5 }, new[] { -10 } },
        { (int)DataType.Uint32, new[] { 4_000_000_000 }, new[] { 3_705_032_704 } },
        { (int)DataType.Int64, new[] { 1L << 60 }, new[] { 1L << 61 } },
        { (int)DataType.Uint64, new[] { 1UL << 62 }, new[] { 1UL << 63 } },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public void Arrays_go_in_and_come_out_in_the_types_that_the_model_declares(int type, object x, object twice)
    {
        var model = Load([Tensor("x", type, 1)], [Node("Add", "y", "x", "x")], [Tensor("y", type, 1)]);

        var y = model.Run(Arrays(("x", new NumberArray((Array)x, 1))))["y"];

        Assert.Equal(twice.GetType(), y.Elements.GetType());
        Assert.Equal((Array)twice, y.Elements);
    }

    [Fact]
    public void Truth_values_are_taken_and_given()
    {
        var model = Load([Tensor("x", DataType.Bool, 2)], [Node("Not", "y", "x")], [Tensor("y", DataType.Bool, 2)]);

        Assert.Equal(new[] { false, true }, model.Run(Arrays(("x", new NumberArray(new[] { true, false }, 2))))["y"].Elements);
        Assert.Equal(new[] { false, true }, model.Run(Arrays(("x", new NumberArray(new[] { 1L, 0 }, 2))))["y"].Elements);
    }

    [Fact]
    public void Numbers_of_another_type_that_hold_the_same_are_taken()
    {
        var model = Load([Tensor("x", DataType.Float, 2)], [Node("Neg", "y", "x")], [Tensor("y", DataType.Float, 2)]);

        foreach (var x in (Array[])[new[] { 1.0, 2 }, new[] { 1, 2 }, new byte[] { 1, 2 }, new[] { (Half)1, (Half)2 }])
        {
            Assert.Equal(new[] { -1f, -2 }, model.Run(Arrays(("x", new NumberArray(x, 2))))["y"].Elements);
        }
    }

    [Fact]
    public void The_bits_of_bfloat16_are_taken()
    {
        var model = Load([Tensor("x", DataType.Bfloat16, 2)], [Node("Neg", "y", "x")], [Tensor("y", DataType.Bfloat16, 2)]);

        // 1.5 is 0x3FC00000 in float32, and −2 is 0xC0000000.
        var found = model.Run(Arrays(("x", new NumberArray(new ushort[] { 0x3FC0, 0xC000 }, 2))));

        Assert.Equal(new[] { -1.5f, 2 }, found["y"].Elements);
    }

    [Fact]
    public void In_float64_all_digits_are_given()
    {
        var model = Load([Tensor("x", DataType.Float, 1)], [Node("Exp", "y", "x")], [Tensor("y", DataType.Float, 1)]);

        var found = model.To(Occam.Torch.ScalarType.Float64, Occam.Torch.Device.Cpu).Run(Arrays(("x", new NumberArray(new[] { 1.0 }, 1))));

        Assert.Equal(Math.E, ((double[])found["y"].Elements)[0], 14);
    }

    [Fact]
    public void Single_numbers_and_empty_arrays_are_run()
    {
        var model = Load(
            [Tensor("x", DataType.Float), Tensor("z", DataType.Float, 0, 3)],
            [Node("Exp", "y", "x"), Node("ReduceSum", "s", "z")],
            [Tensor("y", DataType.Float), Tensor("s", DataType.Float), Tensor("z", DataType.Float, 0, 3)]);

        var found = model.Run(Arrays(("x", new NumberArray(new[] { 0f })), ("z", new NumberArray(Array.Empty<float>(), 0, 3))));

        Assert.Empty(found["y"].Shape);
        Assert.Equal(new[] { 1f }, found["y"].Elements);
        Assert.Equal(new[] { 0f }, found["s"].Elements);
        Assert.Equal([0, 3], found["z"].Shape);
    }

    [Theory]
    [InlineData("ReduceMax", DataType.Bool, new[] { false })]
    [InlineData("ReduceMin", DataType.Bool, new[] { true })]
    [InlineData("ReduceMax", DataType.Int64, new[] { long.MinValue })]
    [InlineData("ReduceMin", DataType.Int64, new[] { long.MaxValue })]
    [InlineData("ReduceMax", DataType.Float, new[] { float.NegativeInfinity })]
    public void The_extreme_of_no_numbers_is_the_least_or_greatest_of_its_type(string type, object elements, object expected)
    {
        var empty = Array.CreateInstance(expected.GetType().GetElementType()!, 0);
        var declared = (DataType)elements;
        var model = Load([Tensor("x", declared, 0)], [Node(type, "y", "x")], [Tensor("y", declared, 1)]);

        Assert.Equal((Array)expected, model.Run(Arrays(("x", new NumberArray(empty, 0))))["y"].Elements);
    }

    [Fact]
    public void Outputs_may_be_inputs_and_stored_tensors_and_a_model_may_have_no_node()
    {
        var stored = new TensorProto { Name = "w", DataType = (int)DataType.Int64, Dims = { 2 }, Int64Data = { 7, 8 } };
        var model = Load(
            [Tensor("x", DataType.Float, 1)], [], [Tensor("x", DataType.Float, 1), Tensor("w", DataType.Int64, 2)], stored);

        var found = model.Run(Arrays(("x", new NumberArray(new[] { 5f }, 1))));

        Assert.Equal(new[] { 5f }, found["x"].Elements);
        Assert.Equal(new[] { 7L, 8 }, found["w"].Elements);
    }

    [Fact]
    public void A_model_without_inputs_is_run()
    {
        var stored = new TensorProto { Name = "w", DataType = (int)DataType.Float, Dims = { 2 }, FloatData = { 1, -1 } };
        var model = Load([], [Node("Relu", "y", "w")], [Tensor("y", DataType.Float, 2)], stored);

        Assert.Empty(model.Inputs);
        Assert.Equal(new[] { 1f, 0 }, model.Run(Arrays())["y"].Elements);
    }

    [Fact]
    public void Inner_values_are_chosen_and_only_what_they_need_is_asked_for()
    {
        var path = Write(
            [Tensor("a", DataType.Float, 1), Tensor("b", DataType.Float, 1)],
            [Node("Neg", "n", "a"), Node("Unheard", "u", "b")],
            [Tensor("u", DataType.Float, 1)]);

        var model = RunnableModel.Load(path, "n");

        Assert.Equal(["a"], model.Inputs.Select(input => input.Name));
        Assert.Equal(new[] { -2f }, model.Run(Arrays(("a", new NumberArray(new[] { 2f }, 1))))["n"].Elements);
        Assert.Contains("Unheard", Assert.Throws<OccamException>(() => RunnableModel.Load(path)).Message);
        Assert.Contains("did you mean 'n'?", Assert.Throws<OccamException>(() => RunnableModel.Load(path, "nn")).Message);
    }

    [Fact]
    public void The_only_input_takes_the_array_x_and_several_take_their_own()
    {
        var one = Load([Tensor("pixels", DataType.Float, 1)], [Node("Neg", "y", "pixels")], [Tensor("y", DataType.Float, 1)]);
        var two = Load(
            [Tensor("ids", DataType.Int64, 1), Tensor("mask", DataType.Int64, 1)], [Node("Add", "y", "ids", "mask")],
            [Tensor("y", DataType.Int64, 1)]);

        Assert.Equal("x", one.Match(["x", "y"], "data.npz")["pixels"]);
        Assert.Equal("pixels", one.Match(["x", "pixels"], "data.npz")["pixels"]);
        Assert.Contains(
            "takes 'mask', but the arrays in data.npz are ids, masks: is 'masks' meant?",
            Assert.Throws<OccamException>(() => two.Match(["ids", "masks"], "data.npz")).Message);
    }

    [Theory]
    [MemberData(nameof(Misfits))]
    public void What_does_not_fit_is_one_line(int type, Array elements, int[] shape, string expected)
    {
        var model = Load([Tensor("x", type, -1, 2)], [Node("Identity", "y", "x")], [Tensor("y", type, -1, 2)]);

        var refusal = Assert.Throws<OccamException>(() => model.Run(Arrays(("x", new NumberArray(elements, shape)))));

        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Contains(expected, refusal.Message);
    }

    public static TheoryData<int, Array, int[], string> Misfits => new()
    {
        { (int)DataType.Float, new float[3], [1, 3], "'x' is float32 1×3: the model takes float32 N×2" },
        { (int)DataType.Float, new float[2], [2], "'x' is float32 2: the model takes float32 N×2" },
        { (int)DataType.Float, new float[1], [], "'x' is float32, a single number: the model takes float32 N×2" },
        { (int)DataType.Int64, new double[2], [1, 2], "'x' is float64 1×2: the model takes int64 N×2" },
        { (int)DataType.Uint8, new[] { 1, 256 }, [1, 2], "'x' holds 256: the model takes uint8 N×2" },
        { (int)DataType.Uint64, new[] { 1L, -1 }, [1, 2], "'x' holds -1: the model takes uint64 N×2" },
        { (int)DataType.Int64, new ulong[] { 1, ulong.MaxValue }, [1, 2], "'x' holds a number above 9223372036854775807" },
        { (int)DataType.Bool, new[] { 0L, 2 }, [1, 2], "'x' holds 2: the model takes bool N×2" },
        { (int)DataType.String, new[] { 0L, 2 }, [1, 2], "the model takes string at 'x'" },
    };

    private RunnableModel Load(ValueInfoProto[] inputs, NodeProto[] nodes, ValueInfoProto[] outputs, params TensorProto[] stored) =>
        RunnableModel.Load(Write(inputs, nodes, outputs, stored));

    private string Write(ValueInfoProto[] inputs, NodeProto[] nodes, ValueInfoProto[] outputs, params TensorProto[] stored)
    {
        var model = new ModelProto
        {
            IrVersion = 8,
            Graph = new GraphProto { Name = "made", Input = { inputs }, Node = { nodes }, Output = { outputs }, Initializer = { stored } },
            OpsetImport = { new OperatorSetIdProto { Version = 17 } },
        };
        File.WriteAllBytes(_folder.File("made.onnx"), model.ToByteArray());
        return _folder.File("made.onnx");
    }

    private static Dictionary<string, NumberArray> Arrays(params (string Name, NumberArray Array)[] arrays) =>
        arrays.ToDictionary(pair => pair.Name, pair => pair.Array);

    private static NodeProto Node(string type, string output, params string[] inputs) =>
        new() { OpType = type, Output = { output }, Input = { inputs } };

    private static ValueInfoProto Tensor(string name, DataType type, params int[] shape) => Tensor(name, (int)type, shape);

    // A size of −1 is free.
    private static ValueInfoProto Tensor(string name, int type, params int[] shape)
    {
        var sizes = new TensorShapeProto();
        sizes.Dim.Add(shape.Select(size =>
            size < 0 ? new TensorShapeProto.Types.Dimension() : new TensorShapeProto.Types.Dimension { DimValue = size }));
        var tensor = new TypeProto.Types.Tensor { ElemType = type, Shape = sizes };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
