using System.Reflection;

namespace Occam.Bench;

/// <summary>How the benchmarks were asked to run, and where their files are.</summary>
internal sealed record Setting
{
    /// <summary>How often each contender is timed.</summary>
    public required int Rounds { get; init; }

    /// <summary>The memory on 10,000 images.</summary>
    public required bool Full { get; init; }

    /// <summary>The Python that exports networks and runs small scripts.</summary>
    public required string Python { get; init; }

    /// <summary>The Pythons with PyTorch that are compared with.</summary>
    public required string[] Pythons { get; init; }

    /// <summary>The threads of Occam and of the peers.</summary>
    public required int Threads { get; init; }

    /// <summary>The root of the repository that this was built from.</summary>
    public static string Root { get; } =
        typeof(Setting).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Root").Value!;

    /// <summary>A script beside the benchmarks.</summary>
    public static string Script(string name) => Path.Combine(Root, "bench", name);

    /// <summary>A file that export.py made.</summary>
    public static string Exported(string name) => Path.Combine(Root, "build", "bench", name);
}
