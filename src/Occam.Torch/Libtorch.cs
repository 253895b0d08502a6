using System.Runtime.InteropServices;

namespace Occam.Torch;

/// <summary>What holds for all of libtorch: its version, threads, devices, and scopes.</summary>
public static class Libtorch
{
    private const double UsualShare = 0.75;
    private static long s_budget;

    /// <summary>The version of the libtorch that was loaded, such as <c>1.13.1</c>.</summary>
    public static string Version => Marshal.PtrToStringUTF8(NativeMethods.occam_libtorch_version()) ?? "";

    /// <summary>How many CUDA devices there are: 0 when libtorch has no CUDA in it.</summary>
    public static int CudaDeviceCount => NativeMethods.occam_cuda_devices();

    /// <summary>
    /// How many threads one operator may use. Small networks run best on one. It is set for the whole process, and not while other
    /// threads compute: those have <see cref="SetThreadsHere"/>. Sums may end in other last digits by it.
    /// </summary>
    public static int Threads
    {
        get => NativeMethods.occam_threads();
        set => NativeMethods.Check(NativeMethods.occam_set_threads(value));
    }

    /// <summary>
    /// How many threads an operator may use when it is called from this thread, until it is set again. Unlike
    /// <see cref="Threads"/> it may be set while other threads compute.
    /// </summary>
    public static void SetThreadsHere(int count) => NativeMethods.Check(NativeMethods.occam_set_threads_here(count));

    /// <summary>
    /// How many bytes tensors on the CPU may take together in this process: more is refused with a <see cref="TorchMemoryException"/>
    /// before it is taken. Three quarters of what was free when it was first asked for, until it is set.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It would be less than 1.</exception>
    public static long MemoryBudget
    {
        get
        {
            if (Interlocked.Read(ref s_budget) == 0)
            {
                Interlocked.CompareExchange(ref s_budget, Math.Max(1, (long)(FreeMemory.Bytes * UsualShare)), 0);
            }

            return Interlocked.Read(ref s_budget);
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Interlocked.Exchange(ref s_budget, value);
            NativeMethods.occam_set_memory_budget(value);
        }
    }

    /// <summary>
    /// How many bytes tensors on the CPU take in this process now, in libtorch's memory and in arrays of .NET that they share.
    /// </summary>
    public static long MemoryInUse => NativeMethods.occam_memory_in_use();

    /// <summary>The most that <see cref="MemoryInUse"/> has been, since the last <see cref="ResetPeakMemory"/>.</summary>
    public static long PeakMemory => NativeMethods.occam_memory_peak();

    /// <summary>Begins to look for the peak anew, from what is in use now.</summary>
    public static void ResetPeakMemory() => NativeMethods.occam_reset_memory_peak();

    /// <summary>
    /// From now on tensors of so many bytes on the CPU are given back to the machine as soon as they are freed, for the whole process:
    /// slower, as each has to be made of fresh pages, and for work that fills the memory.
    /// </summary>
    internal static void ReturnMemoryFrom(int bytes) => NativeMethods.occam_return_memory_from(bytes);

    /// <summary>Lets CUDA multiply float32 in TF32: faster, with 10 bits of significand; for the whole process.</summary>
    public static void AllowTf32(bool allowed) => NativeMethods.Check(NativeMethods.occam_set_tf32(allowed ? 1 : 0));

    /// <summary>Opens a scope that frees, when disposed, the tensors made inside it on this thread.</summary>
    public static DisposeScope NewDisposeScope() => new();

    /// <summary>Stops recording for autograd on this thread until disposed.</summary>
    public static GradModeScope NoGrad() => new(enabled: false);

    /// <summary>Records for autograd on this thread until disposed, also inside <see cref="NoGrad"/>.</summary>
    public static GradModeScope EnableGrad() => new(enabled: true);
}
