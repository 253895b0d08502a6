using Occam.Torch;

namespace Occam.Networks;

/// <summary>How messages say that memory was refused, and what to do.</summary>
internal static class MemoryText
{
    /// <summary>
    /// What was wanted, what is in use, what the limit is and how it is raised, as the end of a sentence about who wanted it.
    /// </summary>
    public static string Of(TorchMemoryException refusal)
    {
        string Size(long bytes) => TorchMemoryException.Size(bytes);
        var wanted = Size(refusal.Wanted) + (refusal.InUse > 0 ? $" beside {Size(refusal.InUse)} in use" : "");
        return refusal.IsCeiling && LoadingScope.Current is { } loading
            ? $"{wanted} for shapes and constants, more than {loading.Allowance}"
            : $"{wanted}, more than the {Size(refusal.Limit)} that this run may take: a smaller --batch or --limit needs less, and "
                + $"--memory (in C#, {nameof(Libtorch)}.{nameof(Libtorch.MemoryBudget)}) allows more";
    }
}
