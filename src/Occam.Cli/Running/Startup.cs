using System.Diagnostics;
using System.Runtime.InteropServices;
using Occam.Cli.Options;
using Occam.Lab.Measuring;

namespace Occam.Cli.Running;

/// <summary>
/// The beginning and the end of a command that needs libtorch, which takes as long to load and to take apart as a small network takes
/// to be measured: it loads while the command line is read, and is left as it is at the end.
/// </summary>
internal static partial class Startup
{
    // Commands that need it for nearly every argument.
    private static readonly string[] s_withLibtorch = ["measure", "merge", "compare", "audit", "run", "verify", "text", "watch", "explain"];

    // TorchScript is measured in a child of this process.
    private static readonly string[] s_without = ["--help", "-h", "-?", FunctionOptions.TrustName];

    private static bool s_begun;

    /// <summary>Begins to load libtorch where the arguments name a command that needs it.</summary>
    public static void Begin(IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 1 && s_withLibtorch.Contains(arguments[0]) && !arguments.Any(s_without.Contains) && !Confinement.IsInside)
        {
            s_begun = true;
            LookUp();
            Measurer.WarmUp();
        }
    }

    // While a library loads, the system's loader lets no function of another be looked up. What reading files takes is looked up before,
    // so that they are read while libtorch loads.
    private static void LookUp()
    {
        try
        {
            // Archives' times are local ones.
            _ = (Stopwatch.GetTimestamp(), TimeZoneInfo.Local, Environment.IsPrivilegedProcess);
            var path = Path.GetFullPath(typeof(Startup).Assembly.Location);
            if (File.Exists(path) && !Directory.Exists(path) && new FileInfo(path).LinkTarget is null)
            {
                using var file = PlainFile.Open(path);
                file.Position = file.Length / 2;
                file.ReadByte();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing was read that is needed.
        }
    }

    /// <summary>Ends the process at once, where nothing is left to a terminal to be put right; otherwise it ends as any does.</summary>
    public static void End(int code, Session session)
    {
        if (s_begun && !session.OutputIsTerminal)
        {
            session.Output.Flush();
            session.Error.Flush();
            _exit(code);
        }
    }

    [LibraryImport("libc")]
    private static partial void _exit(int code);
}
