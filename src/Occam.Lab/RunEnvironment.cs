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
/// <param name="Commit">The commit that Occam was built from; null where it was built outside of a repository.</param>
public sealed record RunEnvironment(
    string Occam, string Libtorch, string Runtime, string System, string Processor, int Cores, string? Commit = null)
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
        Environment.ProcessorCount,
        BuiltFrom());

    // The compiler is told the commit, which it puts after the version and a plus sign.
    private static string? BuiltFrom() =>
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+', 2)
            is [_, var commit] ? commit : null;

    private static string? ProcessorName() =>
        File.Exists(ProcessorFile)
            ? File.ReadLines(ProcessorFile).FirstOrDefault(
                line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
}
