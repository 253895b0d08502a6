namespace Occam.Torch;

/// <content>New tensors.</content>
public sealed partial class Tensor
{
    private static readonly TorchOperator s_arangeStartStep = new("aten::arange.start_step");
    private static readonly TorchOperator s_empty = new("aten::empty.memory_format");
    private static readonly TorchOperator s_eye = new("aten::eye");
    private static readonly TorchOperator s_full = new("aten::full");
    private static readonly TorchOperator s_normalInPlace = new("aten::normal_");
    private static readonly TorchOperator s_ones = new("aten::ones");
    private static readonly TorchOperator s_randGenerator = new("aten::rand.generator");
    private static readonly TorchOperator s_randintGenerator = new("aten::randint.generator");
    private static readonly TorchOperator s_randnGenerator = new("aten::randn.generator");
    private static readonly TorchOperator s_zeros = new("aten::zeros");

    /// <summary>Numbers that are whatever they are, to be written to.</summary>
    public static Tensor Empty(long[] shape, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_empty.Call(shape, type, Argument.Default, device ?? Device.Cpu);

    /// <summary>Zeros.</summary>
    public static Tensor Zeros(long[] shape, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_zeros.Call(shape, type, Argument.Default, device ?? Device.Cpu);

    /// <summary>Ones.</summary>
    public static Tensor Ones(long[] shape, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_ones.Call(shape, type, Argument.Default, device ?? Device.Cpu);

    /// <summary>One value everywhere.</summary>
    public static Tensor Full(long[] shape, double value, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_full.Call(shape, value, type, Argument.Default, device ?? Device.Cpu);

    /// <summary>The identity matrix.</summary>
    public static Tensor Eye(long size, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_eye.Call(size, type, Argument.Default, device ?? Device.Cpu);

    /// <summary>start, start + step, … up to and without end.</summary>
    public static Tensor Arange(double start, double end, double step, ScalarType type, Device? device = null) =>
        s_arangeStartStep.Call(start, end, step, type, Argument.Default, device ?? Device.Cpu);

    /// <summary>Standard normal numbers.</summary>
    public static Tensor Randn(long[] shape, Generator generator, ScalarType type = ScalarType.Float32) =>
        s_randnGenerator.Call(shape, generator, type, Argument.Default, generator.Device);

    /// <summary>Numbers uniform in [0, 1).</summary>
    public static Tensor Rand(long[] shape, Generator generator, ScalarType type = ScalarType.Float32) =>
        s_randGenerator.Call(shape, generator, type, Argument.Default, generator.Device);

    /// <summary>Whole numbers uniform in [0, bound).</summary>
    public static Tensor RandInt(long bound, long[] shape, Generator generator, ScalarType type = ScalarType.Int64) =>
        s_randintGenerator.Call(bound, shape, generator, type, Argument.Default, generator.Device);

    /// <summary>Fills this with standard normal numbers in place; returns itself.</summary>
    public Tensor NormalInPlace(Generator generator)
    {
        s_normalInPlace.Call(this, 0.0, 1.0, generator).Dispose();
        return this;
    }
}
