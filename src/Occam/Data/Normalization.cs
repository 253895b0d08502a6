using System.Globalization;

namespace Occam.Data;

/// <summary>
/// The normalization of a data set's inputs, channel by channel: (x − mean)/standard deviation, where x is a pixel
/// scaled to [0, 1] for images and the stored number for arrays. The channel is the first index of an example's
/// shape; one mean and deviation alone serve all channels.
/// </summary>
public sealed class Normalization : IEquatable<Normalization>
{
    /// <summary>Makes a normalization of one mean and one standard deviation per channel.</summary>
    /// <exception cref="OccamException">The lists differ in length, are empty, or hold a number that can't serve.</exception>
    public Normalization(IReadOnlyList<double> mean, IReadOnlyList<double> standardDeviation)
    {
        if (mean.Count == 0 || mean.Count != standardDeviation.Count)
        {
            throw new OccamException(
                $"the normalization has {mean.Count} means and {standardDeviation.Count} standard deviations; give one of "
                    + "each per channel");
        }

        if (!mean.All(double.IsFinite) || !standardDeviation.All(s => double.IsFinite(s) && s > 0))
        {
            throw new OccamException("the normalization's means must be finite and its standard deviations finite and positive");
        }

        Mean = [.. mean];
        StandardDeviation = [.. standardDeviation];
    }

    /// <summary>The mean that is subtracted, per channel.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>The standard deviation that is divided by, per channel.</summary>
    public IReadOnlyList<double> StandardDeviation { get; }

    /// <inheritdoc/>
    public bool Equals(Normalization? other) =>
        other is not null && Mean.SequenceEqual(other.Mean) && StandardDeviation.SequenceEqual(other.StandardDeviation);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Normalization);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mean[0], StandardDeviation[0], Mean.Count);

    /// <summary>The formula with its numbers, as <c>(x − 0.1307)/0.3081</c>.</summary>
    public override string ToString() => $"(x − {Join(Mean)})/{Join(StandardDeviation)}";

    /// <summary>The same normalization with a mean and a deviation for each of so many channels.</summary>
    /// <exception cref="OccamException">It is made for another number of channels.</exception>
    internal Normalization ForChannels(int channels)
    {
        if (Mean.Count == channels)
        {
            return this;
        }

        return Mean.Count == 1
            ? new(Enumerable.Repeat(Mean[0], channels).ToArray(), Enumerable.Repeat(StandardDeviation[0], channels).ToArray())
            : throw new OccamException(
                $"the normalization has {Mean.Count} channels but the data have {channels}: give {channels} means and standard "
                    + "deviations, or one of each");
    }

    private static string Join(IReadOnlyList<double> numbers) => numbers.Distinct().Count() == 1
        ? numbers[0].ToString(CultureInfo.InvariantCulture)
        : $"({string.Join(", ", numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)))})";
}
