using System.Collections;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Cli.Running;

/// <summary>
/// Runs a command once more in a child process, for the sake of TorchScript, which is a program of a stranger's: the child may take
/// only so much memory, writes no files where the kernel has Landlock, and its crash is a line here. Its results, where they are
/// files, it writes into a folder of its own, from which they are fetched when it has ended well.
/// </summary>
internal static partial class Confinement
{
    private const string Variable = "OCCAM_CONFINED";
    private const string Asked = "asked";
    private const string Held = "held";
    private const string Loose = "loose";
    private const char Between = '|';

    // What .NET, libtorch and threads' stacks take beside tensors.
    private const long Beside = 2L << 30;
    private const long LargestFile = 1L << 30;

    private const int FileSize = 1;
    private const int Data = 2;
    private const int Core = 4;
    private const int ParentDeathSignal = 1;
    private const int Kill = 9;
    private const int Terminate = 15;
    private const int OfSignal = 128;
    private const int WriteOnly = 1;
    private const int StandardError = 2;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private static readonly Dictionary<int, string> s_signals = new()
    {
        [4] = "an illegal instruction",
        [6] = "an abort",
        [7] = "a bus error",
        [8] = "an arithmetic error",
        [Kill] = "a kill, perhaps for want of memory",
        [11] = "a segmentation fault",
        [25] = "an attempt to write a file of more than a gigabyte",
        [31] = "a call to the kernel that isn't allowed",
    };

    /// <summary>Whether this process is the child.</summary>
    public static bool IsInside => State[0] is Held or Loose;

    private static string[] State => (Environment.GetEnvironmentVariable(Variable) ?? "").Split(Between);

    /// <summary>
    /// First of all in the program: what was started to be confined takes on its limits and begins anew, so that every thread has them.
    /// </summary>
    public static void Enter()
    {
        if (State is [Asked, var folder, var memory])
        {
            var holds = Restrict(folder.Length == 0 ? null : folder, long.Parse(memory, CultureInfo.InvariantCulture));
            Environment.SetEnvironmentVariable(Variable, $"{(holds ? Held : Loose)}{Between}{folder}");
            string?[] arguments = [.. OwnProgram.Command, .. Environment.GetCommandLineArgs()[1..], null];
            string?[] environment =
                [.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(pair => $"{pair.Key}={pair.Value}"), null];
            _ = execvpe(arguments[0]!, arguments, environment);
            throw new OccamException("the process that runs TorchScript can't be started once more within its limits");
        }
    }

    /// <summary>In the child, before the command: results go into its folder, and a program that hangs ends it.</summary>
    public static void Begin(Session session)
    {
        Silence();
        AtomicFile.Elsewhere = State is [_, { Length: > 0 } folder] ? folder : null;
        ScriptWatch.Overdue = line =>
        {
            session.Note($"occam: {line}");
            session.Error.Flush();
            _exit(ExitCode.UserError);
        };
        if (State[0] == Loose)
        {
            session.Note("occam: this kernel has no Landlock: what the TorchScript file runs could empty or remove files of yours");
        }
    }

    /// <summary>Runs a command line in the child.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="files">The files that it writes its results to.</param>
    /// <param name="session">Where to tell of a crash; the child writes to this process's own streams.</param>
    /// <returns>The child's exit code.</returns>
    /// <exception cref="OccamException">It crashed, or a result can't be written.</exception>
    public static int Run(IReadOnlyList<string> arguments, IReadOnlyCollection<string> files, Session session)
    {
        foreach (var file in files)
        {
            AtomicFile.Check(file);
        }

        session.AskPatience(s_patience);
        var folder = files.Count == 0 ? null : Directory.CreateTempSubdirectory("occam-").FullName;
        try
        {
            var code = RunChild(arguments, folder, session);
            foreach (var file in files)
            {
                var made = AtomicFile.PlaceIn(folder!, file);
                if (File.Exists(made))
                {
                    using var content = PlainFile.Open(made);
                    AtomicFile.Write(file, stream => content.CopyTo(stream));
                }
            }

            return code;
        }
        finally
        {
            if (folder is not null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static int RunChild(IReadOnlyList<string> arguments, string? folder, Session session)
    {
        var command = OwnProgram.Command;
        var memory = Libtorch.MemoryBudget;
        var start = new ProcessStartInfo(command[0], [.. command[1..], .. arguments]) { UseShellExecute = false };
        start.Environment[Variable] = string.Create(
            CultureInfo.InvariantCulture, $"{Asked}{Between}{folder}{Between}{memory + Beside}");

        // What .NET writes to files of its own accord, it can't there.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_GCHeapHardLimit"] = memory.ToString("x", CultureInfo.InvariantCulture);
        try
        {
            session.Output.Flush();
            using var child = Process.Start(start)!;
            using (session.Cancellation.Register(() => _ = kill(child.Id, Terminate)))
            {
                child.WaitForExit();
            }

            return s_signals.TryGetValue(child.ExitCode - OfSignal, out var signal)
                ? throw new OccamException($"the process that ran TorchScript was ended by {signal}: the file is damaged, or hostile, or a "
                    + "mistake of libtorch's; export the network to ONNX, which runs no code")
                : child.ExitCode;
        }
        catch (Win32Exception e)
        {
            throw new OccamException($"the process that runs TorchScript can't be started: {e.Message}", e);
        }
    }

    // What libraries say as they die would stand before the line that tells of it. .NET's own writers have a handle of their own.
    private static void Silence()
    {
        var nothing = open("/dev/null", WriteOnly);
        if (nothing >= 0)
        {
            _ = dup2(nothing, StandardError);
        }
    }

    private static bool Restrict(string? folder, long memory)
    {
        // An end that this process doesn't tell is that of the one that waits for it.
        _ = prctl(ParentDeathSignal, Kill, 0, 0, 0);
        Limit(Core, 0);
        Limit(Data, memory);

        // Not 0: standard output may be a file.
        Limit(FileSize, LargestFile);
        return Landlock.Restrict(folder);
    }

    private static void Limit(int what, long most)
    {
        var limits = new Limits { Soft = (nint)most, Hard = (nint)most };
        _ = setrlimit(what, in limits);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public nint Soft;
        public nint Hard;
    }

    [LibraryImport("libc")]
    private static partial int setrlimit(int what, in Limits limits);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execvpe(string program, string?[] arguments, string?[] environment);

    [LibraryImport("libc")]
    private static partial void _exit(int code);
}
