using System.Collections.Immutable;

namespace Occam.Data;

/// <summary>Fits examples to a network's input.</summary>
public static class InputShape
{
    /// <summary>
    /// The sizes in which examples go into a network: their own where they match the declared ones, the declared
    /// ones where only the arrangement differs (an image of 1 × 28 × 28 into an input of 784).
    /// </summary>
    /// <exception cref="OccamException">The sizes don't fit.</exception>
    public static long[] Fit(ImmutableArray<long?> declared, DataSet data)
    {
        long[] own = [.. data.ExampleShape.Select(size => (long)size)];
        if (declared.IsDefaultOrEmpty || Matches(declared, own))
        {
            return own;
        }

        if (declared.All(size => size is not null))
        {
            long[] whole = [.. declared.Select(size => size!.Value)];
            if (whole.Aggregate(1L, (product, size) => product * size) == data.ExampleSize)
            {
                return whole;
            }
        }

        var expected = string.Join(" × ", declared.Select(size => size?.ToString() ?? "?"));
        throw new OccamException($"the network takes examples of {expected}, and those of {data.Name} are {string.Join(" × ", own)}");
    }

    private static bool Matches(ImmutableArray<long?> declared, long[] own) =>
        declared.Length == own.Length && declared.Zip(own).All(pair => pair.First is null || pair.First == pair.Second);
}
