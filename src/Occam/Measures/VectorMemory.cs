using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>
/// What a measure takes that by its nature holds vectors as long as all weights together, told before it is taken: with a large network
/// it would end in the middle.
/// </summary>
internal static class VectorMemory
{
    /// <summary>Why there isn't the memory for so many vectors; null where there is.</summary>
    /// <param name="network">Whose parameters.</param>
    /// <param name="vectors">How many vectors, beside the parameters themselves.</param>
    public static string? Problem(Network network, int vectors)
    {
        var numbers = network.ParameterCount;
        var wanted = (Int128)numbers * vectors * (network.Type == ScalarType.Float64 ? 8 : 4);
        var (inUse, limit) = (Libtorch.MemoryInUse, Libtorch.MemoryBudget);
        string Size(Int128 bytes) => TorchMemoryException.Size((long)Int128.Min(bytes, long.MaxValue));
        return !network.Device.IsCpu || wanted <= limit - inUse
            ? null
            : $"needs about {Size(wanted)} for {vectors} vectors as long as the {Numbers.Format(numbers)} weights, "
                + $"beside {Size(inUse)} in use, more than the {Size(limit)} that this run may take: --memory "
                + $"(in C#, {nameof(Libtorch)}.{nameof(Libtorch.MemoryBudget)}) allows more";
    }
}
