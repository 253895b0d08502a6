using System.Globalization;

namespace Occam.Lab.Measuring.Shards;

/// <summary>Which of how many shards of a data set: a run of its batches, with whole batches in each.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Of">Of how many.</param>
internal sealed record ShardPlace(int Number, int Of)
{
    /// <summary>The most shards of one data set.</summary>
    public const int Most = 100_000;

    /// <summary>Reads <c>2/4</c>.</summary>
    /// <exception cref="OccamException">It is none.</exception>
    public static ShardPlace Parse(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var of)
            && number >= 1 && number <= of && of <= Most
                ? new ShardPlace(number, of)
                : throw new OccamException($"'{text}' is no shard: give one such as 2/4, from 1/N to N/N with N at most {Most:N0}");
    }

    /// <summary>The examples of the shard.</summary>
    /// <param name="examples">How many there are in all.</param>
    /// <param name="batch">How many are computed at once.</param>
    /// <exception cref="OccamException">There are fewer batches than shards.</exception>
    public (int First, int Count) Range(int examples, int batch)
    {
        var batches = ((long)examples + batch - 1) / batch;
        if (batches < Of)
        {
            throw new OccamException($"{examples:N0} examples in batches of {batch:N0} can't be divided into {Of:N0} shards: give at most "
                + $"{batches:N0}, or a smaller --batch");
        }

        int At(long number) => (int)Math.Min(batches * number / Of * batch, examples);
        return (At(Number - 1), At(Number) - At(Number - 1));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Of}");
}
