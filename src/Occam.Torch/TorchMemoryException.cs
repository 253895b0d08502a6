using System.Globalization;

namespace Occam.Torch;

/// <summary>Memory that was refused before it was taken: more than <see cref="Libtorch.MemoryBudget"/> or a
/// <see cref="MemoryCeiling"/> allows.</summary>
/// <param name="wanted">How many bytes were asked for.</param>
/// <param name="inUse">How many were in use, with those of .NET's heap where it shares the limit; for a ceiling, since it began.</param>
/// <param name="limit">How many may be.</param>
/// <param name="isCeiling">Whether it is a <see cref="MemoryCeiling"/> that refused.</param>
public sealed class TorchMemoryException(long wanted, long inUse, long limit, bool isCeiling)
    : TorchException($"{Size(wanted)} beside the {Size(inUse)} in use is more than the {Size(limit)} that may be taken")
{
    private const double Unit = 1024;

    /// <summary>How many bytes were asked for.</summary>
    public long Wanted => wanted;

    /// <summary>How many bytes were in use; for a ceiling, since it began.</summary>
    public long InUse => inUse;

    /// <summary>How many bytes may be in use.</summary>
    public long Limit => limit;

    /// <summary>Whether it is a <see cref="MemoryCeiling"/> that refused.</summary>
    public bool IsCeiling => isCeiling;

    /// <summary>A number of bytes with three digits, as 1.25 GiB.</summary>
    public static string Size(long bytes)
    {
        var (size, unit) = ((double)bytes, 0);
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        for (; size >= Unit && unit < units.Length - 1; unit++)
        {
            size /= Unit;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:G3} {units[unit]}");
    }
}
