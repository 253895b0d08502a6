using System.Globalization;

namespace Occam.Training;

/// <summary>What the numbers of a state can't be, whatever the training: weights and moments are finite, and means of squares not
/// negative.</summary>
internal static class StoredNumbers
{
    private const string Weight = "weight.";
    private const string Slot = "optimizer";

    /// <summary>The name of the first array that can't be, and why; null where all can.</summary>
    /// <param name="archive">The state.</param>
    /// <param name="optimizer">What remembers the moments.</param>
    /// <param name="mayBeInfinite">Whether the training diverged.</param>
    public static (string Name, string Why)? Problem(StateArchive archive, Optimizer optimizer, bool mayBeInfinite)
    {
        foreach (var name in archive.Names)
        {
            var slot = SlotOf(name);
            if (!mayBeInfinite && (slot >= 0 || IsTrained(archive, name)) && !archive.IsFinite(name))
            {
                return (name, "its numbers aren't finite");
            }

            if (slot >= 0 && optimizer.IsSquare(slot) && archive.HasNegative(name))
            {
                return (name, "a mean of squares can't be negative");
            }
        }

        return null;
    }

    // Of the best network also numbers that don't move are kept, which may be infinite: a mask's are.
    private static bool IsTrained(StateArchive archive, string name) =>
        name.StartsWith(Weight, StringComparison.Ordinal)
        || (name.StartsWith(BestWeights.Prefix, StringComparison.Ordinal)
            && archive.Names.Contains(Weight + name[BestWeights.Prefix.Length..]));

    private static int SlotOf(string name) =>
        name.StartsWith(Slot, StringComparison.Ordinal)
        && name.IndexOf('.', StringComparison.Ordinal) is > 0 and var end
        && int.TryParse(name.AsSpan(Slot.Length..end), NumberStyles.None, CultureInfo.InvariantCulture, out var slot)
            ? slot
            : -1;
}
