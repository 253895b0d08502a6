using Occam.Torch;

namespace Occam;

/// <summary>
/// What a file may ask for while it is read, which its maker decides and not its reader: a network of a hundred bytes can name a
/// shape of any size, and an archive of a megabyte unpack to gigabytes. Holds for the process.
/// </summary>
public static class FileAllowance
{
    private const int Times = 16;
    private const double BytesPerSecond = 1 << 20;

    /// <summary>The bytes of memory that the smallest file may ask for: 1 GiB, until it is set.</summary>
    public static long Least { get; set; } = 1L << 30;

    /// <summary>How long the shapes and constants of the smallest network may take: 10 seconds, until it is set.</summary>
    public static TimeSpan LeastTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The bytes of memory that a file of this size may ask for: <see cref="Least"/> and 16 times its size, and no more than
    /// <see cref="Libtorch.MemoryBudget"/>.
    /// </summary>
    public static long Of(long fileBytes) =>
        (long)Int128.Min(Libtorch.MemoryBudget, (Int128)Least + ((Int128)Times * Math.Max(0, fileBytes)));

    /// <summary>How long the shapes and constants of a network of this size may take: <see cref="LeastTime"/> and a second a MiB.</summary>
    internal static TimeSpan TimeOf(long fileBytes) => LeastTime + TimeSpan.FromSeconds(Math.Max(0, fileBytes) / BytesPerSecond);
}
