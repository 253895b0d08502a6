using System.Globalization;

namespace Occam.Torch;

/// <summary>A cap on what .NET's own heap takes, which the budget of tensors doesn't see: arrays, texts, messages of files.</summary>
internal static class ManagedMemory
{
    // What the program itself needs before it holds anything of its user's, several times over.
    private const long LeastLimit = 256L << 20;
    private const string Setting = "GCHeapHardLimit";

    /// <summary>What .NET could take of the machine, or of its container, before a cap was set.</summary>
    public static long OfMachine { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The cap in bytes; null where none is set.</summary>
    public static long? Limit { get; private set; }

    /// <summary>
    /// Caps the heap of this process: what would be more is an <see cref="OutOfMemoryException"/>. A cap that the process was started
    /// with (<c>DOTNET_GCHeapHardLimit</c>) stays.
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
        AppContext.SetData(Setting, (ulong)bytes);
        try
        {
            GC.RefreshMemoryLimit();
        }
        catch (InvalidOperationException)
        {
            return false;
        }

        Limit = bytes;
        return true;
    }
}
