using System.Runtime.InteropServices;

namespace Occam;

/// <summary>
/// Opens files for reading that are files: a pipe blocks whoever opens it until somebody writes, a device gives bytes without
/// end, and a file of any length may be given where a small one is expected.
/// </summary>
internal static partial class PlainFile
{
    private const int CurrentFolder = -100;
    private const uint TypeAndMode = 0x3;
    private const uint Blocks = 0x400;
    private const int ModeOffset = 28;
    private const int BlocksOffset = 48;
    private const int BlockBytes = 512;
    private const int StatxBytes = 256;
    private const int TypeMask = 0xF000;
    private const int Pipe = 0x1000;
    private const int CharacterDevice = 0x2000;
    private const int BlockDevice = 0x6000;
    private const int Socket = 0xC000;

    /// <summary>Opens a file for reading; others may write to it meanwhile where <paramref name="share"/> says so.</summary>
    /// <exception cref="IOException">It is not there, or is a pipe, a socket or a device.</exception>
    /// <exception cref="UnauthorizedAccessException">It is a folder, or may not be read.</exception>
    public static FileStream Open(string path, FileShare share = FileShare.Read, int buffer = 4096)
    {
        Check(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, share, buffer);
    }

    /// <summary>Says no to what is a pipe, a socket or a device.</summary>
    /// <exception cref="IOException">It is one.</exception>
    public static void Check(string path)
    {
        if (TypeOf(path) is { } what)
        {
            throw new IOException($"it is a {what}: give a file, which has an end and can be read more than once");
        }
    }

    /// <summary>Whether a path is none of these: a file, a folder, or nothing.</summary>
    public static bool Is(string path) => TypeOf(path) is null;

    /// <summary>The bytes of a file that is no longer than that.</summary>
    /// <exception cref="IOException">It is longer, or not there, or no plain file.</exception>
    /// <exception cref="UnauthorizedAccessException">It is a folder, or may not be read.</exception>
    public static byte[] ReadAllBytes(string path, long most)
    {
        using var file = Open(path, buffer: 0);
        if (file.Length > Math.Min(most, Array.MaxLength))
        {
            throw new IOException($"it has {file.Length:N0} bytes, where at most {most:N0} were expected");
        }

        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>
    /// The bytes that a file has on the disk: fewer than its length where it has holes, which read as zeros and cost its maker nothing.
    /// </summary>
    /// <exception cref="IOException">It is not there.</exception>
    public static unsafe long AllocatedBytes(string path)
    {
        var length = new FileInfo(path).Length;
        if (!OperatingSystem.IsLinux())
        {
            return length;
        }

        // Small files may lie in the folder's own blocks, and new ones in memory alone.
        var status = stackalloc byte[StatxBytes];
        return statx(CurrentFolder, path, 0, Blocks, status) == 0 && (*(uint*)status & Blocks) != 0
            ? Math.Min(length, *(long*)(status + BlocksOffset) * BlockBytes)
            : length;
    }

    private static unsafe string? TypeOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var status = stackalloc byte[StatxBytes];
        if (statx(CurrentFolder, path, 0, TypeAndMode, status) != 0)
        {
            return null;
        }

        return (*(ushort*)(status + ModeOffset) & TypeMask) switch
        {
            Pipe => "pipe",
            Socket => "socket",
            CharacterDevice or BlockDevice => "device",
            _ => null,
        };
    }

    // Its layout is the same on every processor, which stat's isn't.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint mask, byte* result);
}
