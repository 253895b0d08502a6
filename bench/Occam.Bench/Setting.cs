using System.Reflection;

namespace Occam.Bench;

/// <summary>How the benchmarks were asked to run, and where their files are.</summary>
internal sealed record Setting
{
    /// <summary>The names of the cases to run; all when empty.</summary>
    public required string[] Only { get; init; }

    /// <summary>Fewer rounds, smaller data for the memory.</summary>
    public required bool Quick { get; init; }

    /// <summary>The memory on 10,000 images.</summary>
    public required bool Full { get; init; }

    /// <summary>The Python that has PyTorch.</summary>
    public required string Python { get; init; }

    /// <summary>The threads of Occam and of the peer.</summary>
    public required int Threads { get; init; }

    /// <summary>The root of the repository that this was built from.</summary>
    public static string Root { get; } =
        typeof(Setting).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Root").Value!;

    /// <summary>How often each contestant is timed.</summary>
    public int Rounds => Quick ? 3 : 7;

    /// <summary>Whether a case is to be run.</summary>
    public bool Wants(string name) => Only.Length == 0 || Only.Contains(name);

    /// <summary>A script beside the benchmarks.</summary>
    public static string Script(string name) => Path.Combine(Root, "bench", name);

    /// <summary>A file that export.py made.</summary>
    public static string Exported(string name) => Path.Combine(Root, "build", "bench", name);
}
