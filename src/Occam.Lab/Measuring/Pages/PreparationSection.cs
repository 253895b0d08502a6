using Occam.Lab.Reports;

namespace Occam.Lab.Measuring.Pages;

/// <summary>What was done to the network before it was measured, and what was left as it was.</summary>
internal static class PreparationSection
{
    /// <summary>Makes the section; null where there is nothing to say.</summary>
    public static Section? Of(MeasuredNetwork measured)
    {
        Block[] blocks =
        [
            .. measured.Done.Select(line => new Prose($"{char.ToUpperInvariant(line[0])}{line[1..]}.")),
            .. measured.LeftUnfolded.IsEmpty
                ? Array.Empty<Block>()
                : [Table.Of(measured.LeftUnfolded, ("Batch normalization left as it is", left => left.Node), ("Why", left => left.Why))],
        ];
        return blocks.Length == 0 ? null : new Section("How the network was prepared", blocks);
    }
}
