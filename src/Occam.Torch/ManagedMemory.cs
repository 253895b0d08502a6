using System.Globalization;

namespace Occam.Torch;

/// <summary>
/// A cap on what .NET's own heap takes: arrays, texts, messages of files. Tensors share it: as they take more, the heap may take less.
/// </summary>
internal static class ManagedMemory
{
    // What the program itself needs before it holds anything of its user's, several times over.
    private const long LeastLimit = 256L << 20;

    // What the heap must still have room for where tensors take more.
    private const long Room = 16L << 20;

    // The heap is told of pieces: telling it takes some 30 microseconds.
    private const int Pieces = 32;

    /// <summary>What <see cref="LeaveToTensors"/> returns where the heap can't stay so small.</summary>
    public const long Nothing = -1;

    private const string Setting = "GCHeapHardLimit";

    /// <summary>What .NET could take of the machine, or of its container, before a cap was set.</summary>
    public static long OfMachine { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The cap in bytes; null where none is set.</summary>
    public static long? Limit { get; private set; }

    /// <summary>What the heap and tensors on the CPU may take together; 0 where each has a limit of its own.</summary>
    public static long Shared { get; private set; }

    /// <summary>What the heap has, as of its last collection, and the room that it must have.</summary>
    public static long Held => GC.GetGCMemoryInfo().TotalCommittedBytes + Room;

    /// <summary>By how many bytes tensors fall before the heap may grow again.</summary>
    public static long Fall => 2 * Piece;

    private static long Piece => Math.Max(1, Shared / Pieces);

    /// <summary>
    /// Caps the heap of this process, and tensors together with it: what would be more is an <see cref="OutOfMemoryException"/> or a
    /// <see cref="TorchMemoryException"/>. A cap that the process was started with (<c>DOTNET_GCHeapHardLimit</c>) stays, for the heap
    /// alone.
    /// </summary>
    /// <param name="bytes">The cap; at least 256 MiB are left.</param>
    /// <returns>Whether a cap holds.</returns>
    public static bool SetLimit(long bytes)
    {
        if (Environment.GetEnvironmentVariable($"DOTNET_{Setting}") is { Length: > 0 } given)
        {
            Limit = long.TryParse(given, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var before) ? before : null;
            return true;
        }

        // The machine's own is asked for first: afterwards the runtime tells the cap in its place.
        bytes = Math.Min(Math.Max(bytes, LeastLimit), OfMachine);
        if (!TrySet(bytes))
        {
            return false;
        }

        (Limit, Shared) = (bytes, bytes);
        NativeMethods.ShareMemory();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            // What libtorch frees at the end of the process can't call back any more.
            Shared = 0;
            NativeMethods.ShareMemory();
        };
        return true;
    }

    /// <summary>Makes the heap's cap what tensors leave of the shared one.</summary>
    /// <param name="bytes">What they take, beside arrays of the heap.</param>
    /// <returns>How much they may take before this is to be asked again; <see cref="Nothing"/> where the heap holds too much.</returns>
    public static long LeaveToTensors(long bytes)
    {
        var whole = ((bytes / Piece) + 1) * Piece;
        if (TryLeave(whole))
        {
            return whole;
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return TryLeave(whole) ? whole : TryLeave(bytes) ? bytes : Nothing;
    }

    // First with less: a heap without any room would end at whatever it is asked for next.
    private static bool TryLeave(long bytes) => Shared - bytes > Room && TrySet(Shared - bytes - Room) && TrySet(Shared - bytes);

    // The runtime refuses a cap below what the heap has.
    private static bool TrySet(long bytes)
    {
        AppContext.SetData(Setting, (ulong)bytes);
        try
        {
            GC.RefreshMemoryLimit();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
