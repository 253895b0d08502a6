using System.Reflection;
using System.Runtime.InteropServices;

namespace Occam.Lab;

/// <summary>Where an experiment was run: what its bits and its time depend on beside its configuration.</summary>
/// <param name="Occam">Occam's version.</param>
/// <param name="Libtorch">libtorch's version.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="System">The operating system.</param>
/// <param name="Processor">The processor, as it calls itself.</param>
/// <param name="Cores">How many threads of it this process may use.</param>
public sealed record RunEnvironment(string Occam, string Libtorch, string Runtime, string System, string Processor, int Cores)
{
    private const string ProcessorFile = "/proc/cpuinfo";

    /// <summary>The version of Occam that runs.</summary>
    public static string Version { get; } = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3);

    /// <summary>The environment of this process.</summary>
    public static RunEnvironment Current() => new(
        Version,
        Torch.Libtorch.Version,
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        ProcessorName() ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount);

    private static string? ProcessorName() =>
        File.Exists(ProcessorFile)
            ? File.ReadLines(ProcessorFile).FirstOrDefault(
                line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
}
