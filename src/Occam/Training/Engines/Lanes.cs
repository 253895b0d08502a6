using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Occam.Training.Engines;

/// <summary>A vector register of single-precision numbers: the library has no common type of its two.</summary>
internal interface ILanes<T>
    where T : struct, ILanes<T>
{
    static abstract int Count { get; }

    static abstract T Load(ref float source, nuint offset);

    static abstract void Store(T value, ref float target, nuint offset);

    static abstract T All(float value);

    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T Add(T a, T b);

    static abstract float Sum(T value);
}

/// <summary>The vectors that the runtime takes by itself, of 256 bits at most.</summary>
internal readonly struct UsualLanes(Vector<float> value) : ILanes<UsualLanes>
{
    private readonly Vector<float> _value = value;

    public static int Count => Vector<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes Load(ref float source, nuint offset) => new(Vector.LoadUnsafe(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(UsualLanes value, ref float target, nuint offset) => value._value.StoreUnsafe(ref target, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes All(float value) => new(new Vector<float>(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes MultiplyAdd(UsualLanes a, UsualLanes b, UsualLanes c) =>
        new(Vector.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes Add(UsualLanes a, UsualLanes b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(UsualLanes value) => Vector.Sum(value._value);
}

/// <summary>Vectors of 512 bits, which only x86 has.</summary>
internal readonly struct WideLanes(Vector512<float> value) : ILanes<WideLanes>
{
    private readonly Vector512<float> _value = value;

    public static int Count => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes Load(ref float source, nuint offset) => new(Vector512.LoadUnsafe(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(WideLanes value, ref float target, nuint offset) => value._value.StoreUnsafe(ref target, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes All(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes MultiplyAdd(WideLanes a, WideLanes b, WideLanes c) =>
        new(Vector512.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes Add(WideLanes a, WideLanes b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(WideLanes value)
    {
        // In the order of the library's sum, which adds up one quarter after the other: here all four at once.
        var sums = value._value + Avx512F.Permute4x32(value._value, 0b_10_11_00_01);
        sums += Avx512F.Permute4x32(sums, 0b_01_00_11_10);
        sums += Avx512F.Shuffle4x128(sums, sums, 0b_10_11_00_01);
        return sums.ToScalar() + sums.GetUpper().ToScalar();
    }
}
