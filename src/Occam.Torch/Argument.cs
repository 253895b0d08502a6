namespace Occam.Torch;

/// <summary>The tags of <c>ArgumentKind</c> in the C++ file.</summary>
internal enum ArgumentKind
{
    Default = 0,
    None = 1,
    Tensor = 2,
    Int = 3,
    Double = 4,
    Bool = 5,
    IntList = 6,
    DoubleList = 7,
    BoolList = 8,
    TensorList = 9,
    String = 10,
    Device = 11,
    Generator = 12,
}

/// <summary>
/// An argument of a libtorch operator. Tensors, numbers, lists and strings convert to it by
/// themselves; <see cref="Default"/> leaves the choice to the operator's schema.
/// </summary>
internal readonly struct Argument
{
    private Argument(ArgumentKind kind, object? reference = null, long integer = 0, double real = 0)
    {
        Kind = kind;
        Reference = reference;
        Integer = integer;
        Real = real;
    }

    internal ArgumentKind Kind { get; }

    internal object? Reference { get; }

    internal long Integer { get; }

    internal double Real { get; }

    /// <summary>The operator's own default value.</summary>
    public static Argument Default => default;

    /// <summary>No value, for an optional argument.</summary>
    public static Argument None => new(ArgumentKind.None);

    /// <summary>A tensor, or no value when null.</summary>
    public static implicit operator Argument(Tensor? tensor) => tensor is null ? None : new(ArgumentKind.Tensor, tensor);

    /// <summary>A whole number.</summary>
    public static implicit operator Argument(long value) => new(ArgumentKind.Int, integer: value);

    /// <summary>A real number.</summary>
    public static implicit operator Argument(double value) => new(ArgumentKind.Double, real: value);

    /// <summary>A truth value.</summary>
    public static implicit operator Argument(bool value) => new(ArgumentKind.Bool, integer: value ? 1 : 0);

    /// <summary>An element type, or the operator's default when null.</summary>
    public static implicit operator Argument(ScalarType? type) => type is null ? None : new(ArgumentKind.Int, integer: (long)type);

    /// <summary>An element type.</summary>
    public static implicit operator Argument(ScalarType type) => new(ArgumentKind.Int, integer: (long)type);

    /// <summary>A list of whole numbers, such as a shape.</summary>
    public static implicit operator Argument(long[] values) => new(ArgumentKind.IntList, values);

    /// <summary>A list of real numbers.</summary>
    public static implicit operator Argument(double[] values) => new(ArgumentKind.DoubleList, values);

    /// <summary>A list of truth values.</summary>
    public static implicit operator Argument(bool[] values) => new(ArgumentKind.BoolList, values);

    /// <summary>A list of tensors; null stands for "none" where the operator takes optional ones.</summary>
    public static implicit operator Argument(Tensor?[] tensors) => new(ArgumentKind.TensorList, tensors);

    /// <summary>A string.</summary>
    public static implicit operator Argument(string text) => new(ArgumentKind.String, text);

    /// <summary>A device.</summary>
    public static implicit operator Argument(Device device) => new(ArgumentKind.Device, integer: device.Packed);

    /// <summary>A generator of random numbers.</summary>
    public static implicit operator Argument(Generator generator) => new(ArgumentKind.Generator, generator);
}
