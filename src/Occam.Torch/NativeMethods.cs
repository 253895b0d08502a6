using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Occam.Torch;

/// <summary>The C ABI of <c>native/occam_torch.cpp</c>.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "occam_torch";
    private const int MemoryRefused = 2;
    private const int ByCeiling = 1;
    private const int ByShared = 2;

    private static readonly Lock s_gate = new();
    private static nint s_library;

    static NativeMethods()
    {
        ChooseBlasKernels();
        WaitBriefly();
        NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Load);
    }

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    internal struct NativeArgument
    {
        [FieldOffset(0)] public ArgumentKind Kind;
        [FieldOffset(4)] public int Count;
        [FieldOffset(8)] public long Integer;
        [FieldOffset(8)] public double Real;
        [FieldOffset(8)] public nint Pointer;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct TensorInfo
    {
        public int ScalarType;
        public int Dimensions;
        public long Elements;
        public int DeviceType;
        public int DeviceIndex;
        public int RequiresGrad;
        public int Contiguous;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct MemoryCeiling
    {
        public long Most;
        public long Here;
        public long All;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct MemoryRefusal
    {
        public long Wanted;
        public long InUse;
        public long Limit;
        public int By;
    }

    /// <summary>Throws what libtorch said if a call returned an error.</summary>
    internal static void Check(int status)
    {
        if (status == MemoryRefused)
        {
            occam_memory_refusal(out var refusal);
            throw refusal.By == ByShared
                ? new TorchMemoryException(
                    refusal.Wanted, refusal.InUse + ManagedMemory.Held, ManagedMemory.Shared, isCeiling: false)
                : new TorchMemoryException(refusal.Wanted, refusal.InUse, refusal.Limit, refusal.By == ByCeiling);
        }

        if (status != 0)
        {
            throw new TorchException(Marshal.PtrToStringUTF8(occam_last_error()) ?? "libtorch failed without a message");
        }
    }

    // Some ten microseconds: longer than what lies between two operators of a network, shorter than a slice of a core's time.
    private const string TurnsOfWaiting = "3000";

    /// <summary>
    /// An OpenBLAS that is older than the processor falls back to its slowest kernels, about ten
    /// times slower. It reads its choice from the native environment while it loads, so the choice
    /// must stand there before libtorch does; .NET's own environment is a copy that C never sees.
    /// </summary>
    private static void ChooseBlasKernels()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE") is not null)
        {
            return;
        }

        var kernels = Avx512BW.IsSupported ? "SkylakeX" : Avx2.IsSupported ? "Haswell" : null;
        if (kernels is not null)
        {
            _ = setenv("OPENBLAS_CORETYPE", kernels, 0);
        }
    }

    /// <summary>
    /// OpenMP's threads wait for each other in a loop for milliseconds before they sleep. Where other programs want the
    /// cores too, those that wait keep those that are waited for from going on, and a step takes dozens of times as long.
    /// Like the above, it is read from the native environment while libgomp loads.
    /// </summary>
    private static void WaitBriefly()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            _ = setenv("GOMP_SPINCOUNT", TurnsOfWaiting, 0);
        }
    }

    private static nint Load(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Library)
        {
            return 0;
        }

        // Asked for once for each function, and by several threads.
        lock (s_gate)
        {
            if (s_library == 0)
            {
                s_library = NativeLibraryFile.Load(name, assembly, search);
                LimitMemory(s_library);
            }

            return s_library;
        }
    }

    // Before the first tensor is made, and without a call by name: the library is only just being found.
    private static void LimitMemory(nint library)
    {
        var budget = (delegate* unmanaged<long, void>)NativeLibrary.GetExport(library, nameof(occam_set_memory_budget));
        var reclaim = (delegate* unmanaged<delegate* unmanaged<void>, void>)NativeLibrary.GetExport(library, "occam_set_memory_reclaim");
        budget(Libtorch.MemoryBudget);
        reclaim(&FreeUnheld);
        ShareMemory(library);
    }

    /// <summary>Has tensors share their limit with .NET's heap from now on, or no longer, as <see cref="ManagedMemory"/> says.</summary>
    internal static void ShareMemory()
    {
        lock (s_gate)
        {
            if (s_library != 0)
            {
                ShareMemory(s_library);
            }
        }
    }

    private static void ShareMemory(nint library)
    {
        var share =
            (delegate* unmanaged<delegate* unmanaged<long, long>, long, void>)NativeLibrary.GetExport(library, "occam_share_memory");
        var isShared = ManagedMemory.Shared > 0;
        share(isShared ? &LeaveToTensors : null, isShared ? ManagedMemory.Fall : 0);
    }

    [UnmanagedCallersOnly]
    private static long LeaveToTensors(long bytes)
    {
        try
        {
            return ManagedMemory.LeaveToTensors(bytes);
        }
        catch (OutOfMemoryException)
        {
            return ManagedMemory.Nothing;
        }
    }

    [UnmanagedCallersOnly]
    private static void FreeUnheld()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport(Library)]
    internal static partial nint occam_last_error();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int occam_operator(string name, string overload, out nint result);

    [LibraryImport(Library)]
    internal static partial int occam_call(
        nint target, NativeArgument* arguments, int count, nint* results, int capacity, out int produced);

    [LibraryImport(Library)]
    internal static partial void occam_tensor_free(nint tensor);

    [LibraryImport(Library)]
    internal static partial int occam_tensor_alias(nint tensor, out nint result);

    [LibraryImport(Library)]
    internal static partial int occam_tensor_info(nint tensor, out TensorInfo info);

    [LibraryImport(Library)]
    internal static partial int occam_tensor_shape(nint tensor, long* sizes);

    [LibraryImport(Library)]
    internal static partial int occam_tensor_data(nint tensor, out nint data);

    [LibraryImport(Library)]
    internal static partial int occam_tensor_from_memory(
        nint data, long* sizes, int dimensions, int scalarType, delegate* unmanaged<nint, void> release, nint context, out nint result);

    [LibraryImport(Library)]
    internal static partial int occam_tensor_item(nint tensor, out double value);

    [LibraryImport(Library)]
    internal static partial int occam_tensor_item_integer(nint tensor, out long value);

    [LibraryImport(Library)]
    internal static partial int occam_tensor_require_grad(nint tensor, int required);

    [LibraryImport(Library)]
    internal static partial int occam_gradients(
        nint* outputs, int outputCount, nint* inputs, int inputCount, nint* cotangents, int retainGraph, int createGraph, int allowUnused,
        nint* results);

    [LibraryImport(Library)]
    internal static partial void occam_return_memory_from(int bytes);

    [LibraryImport(Library)]
    internal static partial int occam_add_gradients(
        nint* outputs, int outputCount, nint* inputs, int inputCount, nint* cotangents, int retainGraph, nint* sums);

    [LibraryImport(Library)]
    internal static partial int occam_set_grad_enabled(int enabled);

    [LibraryImport(Library)]
    internal static partial int occam_enter_forward_ad(out long level);

    [LibraryImport(Library)]
    internal static partial int occam_leave_forward_ad(long level);

    [LibraryImport(Library)]
    internal static partial int occam_generator(long device, ulong seed, out nint result);

    [LibraryImport(Library)]
    internal static partial void occam_generator_free(nint generator);

    [LibraryImport(Library)]
    internal static partial int occam_generator_state(nint generator, out nint state);

    [LibraryImport(Library)]
    internal static partial int occam_generator_set_state(nint generator, nint state);

    [LibraryImport(Library)]
    internal static partial int occam_set_threads(int count);

    [LibraryImport(Library)]
    internal static partial int occam_set_threads_here(int count);

    [LibraryImport(Library)]
    internal static partial int occam_threads();

    [LibraryImport(Library)]
    internal static partial int occam_cuda_devices();

    [LibraryImport(Library)]
    internal static partial int occam_set_tf32(int allowed);

    [LibraryImport(Library)]
    internal static partial nint occam_libtorch_version();

    [LibraryImport(Library)]
    internal static partial long occam_memory_in_use();

    [LibraryImport(Library)]
    internal static partial long occam_memory_peak();

    [LibraryImport(Library)]
    internal static partial void occam_reset_memory_peak();

    [LibraryImport(Library)]
    internal static partial void occam_set_memory_budget(long bytes);

    [LibraryImport(Library)]
    internal static partial void occam_begin_memory_ceiling(long bytes, out MemoryCeiling before);

    [LibraryImport(Library)]
    internal static partial void occam_end_memory_ceiling(in MemoryCeiling before);

    [LibraryImport(Library)]
    internal static partial void occam_memory_refusal(out MemoryRefusal refusal);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int occam_script_load(string path, long device, out nint result);

    [LibraryImport(Library)]
    internal static partial void occam_script_free(nint module);

    [LibraryImport(Library)]
    internal static partial int occam_script_convert(nint module, int scalarType);

    [LibraryImport(Library)]
    internal static partial int occam_script_forward(nint module, nint input, out nint result);

    [LibraryImport(Library)]
    internal static partial int occam_script_parameters(nint module, nint* results, int capacity, out int produced);
}
