using System.Collections.Immutable;

namespace Occam.Cli.Running;

/// <summary>How this program is started again: by itself, or by the runtime where another program hosts it.</summary>
internal static class OwnProgram
{
    /// <summary>The command, without arguments.</summary>
    public static ImmutableArray<string> Command
    {
        get
        {
            var (process, assembly) = (Environment.ProcessPath ?? "dotnet", typeof(OwnProgram).Assembly);
            return Path.GetFileName(process) == assembly.GetName().Name ? [process]
                : Path.GetFileName(process) == "dotnet" ? [process, assembly.Location]
                : ["dotnet", assembly.Location];
        }
    }
}
