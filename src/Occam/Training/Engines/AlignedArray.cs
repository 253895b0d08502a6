using System.Runtime.InteropServices;

namespace Occam.Training.Engines;

/// <summary>
/// Zeros in memory that stays where it is and begins where a cache line does, so that a step takes the same time in
/// every run.
/// </summary>
internal sealed class AlignedArray
{
    private const int Line = 64 / sizeof(float);

    private readonly float[] _numbers;
    private readonly int _start;

    public AlignedArray(int length)
    {
        _numbers = GC.AllocateArray<float>(length + Line, pinned: true);
        Length = length;
        var address = (long)Marshal.UnsafeAddrOfPinnedArrayElement(_numbers, 0) / sizeof(float);
        _start = (int)((Line - (address % Line)) % Line);
    }

    public int Length { get; }

    public Span<float> Span => _numbers.AsSpan(_start, Length);

    /// <summary>The length that rows of so many numbers take: whole groups of vectors, so that no loop has a rest.</summary>
    public static int Padded(int length) => checked((length + DenseKernels.Group - 1) / DenseKernels.Group * DenseKernels.Group);
}
