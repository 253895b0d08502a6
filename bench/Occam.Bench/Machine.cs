using System.Runtime.Intrinsics.X86;
using Occam.Torch;

namespace Occam.Bench;

/// <summary>What the figures depend on beside the programs.</summary>
internal static class Machine
{
    /// <summary>Refuses to compare where OpenBLAS would take the processor for an old one.</summary>
    /// <exception cref="OccamException">The variable that chooses its kernels is not set.</exception>
    public static void RequireChosenKernels()
    {
        if (Avx2.IsSupported && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE")))
        {
            throw new OccamException(
                "OPENBLAS_CORETYPE is not set, and figures would mislead: run the benchmarks by ./occam bench, which sets it");
        }
    }

    /// <summary>One line.</summary>
    public static string Describe(int threads) =>
        $"{Environment.ProcessorCount} cores, load {Load()}; {threads} threads; Occam: libtorch {Libtorch.Version}, {Blas()}";

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    /// <summary>Which library multiplies matrices: one without kernels for this processor is tens of times slower.</summary>
    private static string Blas()
    {
        var libraries = File.Exists("/proc/self/maps") ? File.ReadAllText("/proc/self/maps") : "";
        string[] known = ["libopenblas", "libmkl", "libblis", "libatlas"];
        return known.FirstOrDefault(libraries.Contains) is { } library ? library[3..]
            : libraries.Contains("libblas.so") ? "the reference BLAS, which is slow: install libopenblas0"
            : "its own BLAS";
    }
}
