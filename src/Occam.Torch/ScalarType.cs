namespace Occam.Torch;

/// <summary>The element types that Occam computes with. The numbers are libtorch's own.</summary>
public enum ScalarType
{
    /// <summary>8-bit unsigned integer.</summary>
    Byte = 0,

    /// <summary>8-bit signed integer.</summary>
    Int8 = 1,

    /// <summary>16-bit signed integer.</summary>
    Int16 = 2,

    /// <summary>32-bit signed integer.</summary>
    Int32 = 3,

    /// <summary>64-bit signed integer.</summary>
    Int64 = 4,

    /// <summary>IEEE 754 half precision (read from files; nothing computes in it).</summary>
    Float16 = 5,

    /// <summary>IEEE 754 single precision.</summary>
    Float32 = 6,

    /// <summary>IEEE 754 double precision.</summary>
    Float64 = 7,

    /// <summary>Truth value.</summary>
    Bool = 11,

    /// <summary>The upper half of a single: 8 bits of exponent, 8 of significand.</summary>
    BFloat16 = 15,
}
