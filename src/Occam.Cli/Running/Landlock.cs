using System.Runtime.InteropServices;

namespace Occam.Cli.Running;

/// <summary>
/// The kernel's Landlock (Linux 5.13 and later): from a call on, a thread and what it starts can't write to files, make or remove any,
/// except in one folder; since Linux 6.7 it makes no TCP connections either.
/// </summary>
internal static unsafe partial class Landlock
{
    // The same on every processor.
    private const int CreateRuleset = 444;
    private const int AddRule = 445;
    private const int RestrictSelf = 446;
    private const int AskVersion = 1;
    private const int PathBeneath = 1;

    private const ulong WriteFile = 1 << 1;
    private const ulong RemoveAndMake = 0x1FF0;
    private const ulong Refer = 1 << 13;
    private const ulong Truncate = 1 << 14;
    private const ulong BindAndConnect = 3;
    private const ulong SocketsAndSignals = 3;

    private const int NoNewPrivileges = 38;
    private const int PathOnly = 0x200000 | 0x80000;

    [StructLayout(LayoutKind.Sequential)]
    private struct Ruleset
    {
        public ulong Files;
        public ulong Network;
        public ulong Scopes;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Rule
    {
        public ulong Allowed;
        public int Parent;
    }

    /// <summary>Restricts this thread, and the program that it becomes.</summary>
    /// <param name="folder">The folder in which it may write, make and remove; none when null.</param>
    /// <returns>Whether the kernel does it.</returns>
    public static bool Restrict(string? folder)
    {
        var version = syscall(CreateRuleset, 0, 0, AskVersion);
        if (version < 1)
        {
            return false;
        }

        var rules = new Ruleset
        {
            Files = WriteFile | RemoveAndMake | (version >= 2 ? Refer : 0) | (version >= 3 ? Truncate : 0),
            Network = version >= 4 ? BindAndConnect : 0,
            Scopes = version >= 6 ? SocketsAndSignals : 0,
        };
        var size = version >= 6 ? 3 : version >= 4 ? 2 : 1;
        var ruleset = syscall(CreateRuleset, (nint)(&rules), size * sizeof(ulong), 0);
        return ruleset >= 0
            && Allow(ruleset, "/dev/null", WriteFile | (rules.Files & Truncate))
            && (folder is null || Allow(ruleset, folder, rules.Files))
            && prctl(NoNewPrivileges, 1, 0, 0, 0) == 0
            && syscall(RestrictSelf, ruleset, 0, 0) == 0;
    }

    private static bool Allow(nint ruleset, string path, ulong rights)
    {
        var parent = open(path, PathOnly);
        var rule = new Rule { Allowed = rights, Parent = parent };
        return parent >= 0 && syscall(AddRule, ruleset, PathBeneath, (nint)(&rule), 0) == 0;
    }

    [LibraryImport("libc")]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth = 0);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);
}
