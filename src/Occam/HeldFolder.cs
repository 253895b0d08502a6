using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Occam;

/// <summary>
/// A folder that is locked itself, where the system has such locks (flock of Linux and macOS): elsewhere, and on file systems
/// without them, nothing is held.
/// </summary>
internal sealed partial class HeldFolder : IDisposable
{
    private const int CloseOnExecute = 0x80000;
    private const int CloseOnExecuteOfMac = 0x1000000;
    private const int Shared = 1;
    private const int Exclusive = 2;
    private const int AtOnce = 4;
    private const int Tries = 20;
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(5);

    private readonly SafeFileHandle _handle;

    private HeldFolder(SafeFileHandle handle) => _handle = handle;

    // EWOULDBLOCK.
    private static int Taken => OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>Holds a folder until it is disposed of.</summary>
    /// <param name="path">The folder, which is there.</param>
    /// <param name="held">What holds it; null where nothing can.</param>
    /// <returns>False where another process holds it.</returns>
    public static bool TryHold(string path, out HeldFolder? held)
    {
        held = null;
        if (Open(path) is not { } handle)
        {
            return true;
        }

        // Who asks whether it is held has it for a moment.
        for (var i = 0; i < Tries; i++)
        {
            if (Lock(handle, Exclusive | AtOnce) == 0)
            {
                held = new HeldFolder(handle);
                return true;
            }

            if (Marshal.GetLastPInvokeError() != Taken)
            {
                handle.Dispose();
                return true;
            }

            Thread.Sleep(s_moment);
        }

        handle.Dispose();
        return false;
    }

    /// <summary>Whether a process holds a folder right now.</summary>
    public static bool IsHeld(string path)
    {
        using var handle = Open(path);
        return handle is not null && Lock(handle, Shared | AtOnce) != 0 && Marshal.GetLastPInvokeError() == Taken;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static SafeFileHandle? Open(string path)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return null;
        }

        var handle = new SafeFileHandle(
            OpenPath(path, OperatingSystem.IsMacOS() ? CloseOnExecuteOfMac : CloseOnExecute, 0), ownsHandle: true);
        if (!handle.IsInvalid)
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenPath(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);
}
