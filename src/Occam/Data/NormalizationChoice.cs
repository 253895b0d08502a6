using System.Globalization;

namespace Occam.Data;

/// <summary>What the user asks about normalization: the data set's own, none, or given numbers.</summary>
public sealed record NormalizationChoice
{
    private NormalizationChoice(bool usesDefault, Normalization? given)
    {
        UsesDefault = usesDefault;
        Given = given;
    }

    /// <summary>The published normalization of a named image set; none for a file of the user's.</summary>
    public static NormalizationChoice Default { get; } = new(true, null);

    /// <summary>None: pixels stay in [0, 1], other numbers as they are stored.</summary>
    public static NormalizationChoice None { get; } = new(false, null);

    /// <summary>Whether the data set's own normalization is asked for.</summary>
    public bool UsesDefault { get; }

    /// <summary>The numbers that the user gave, if any.</summary>
    public Normalization? Given { get; }

    /// <summary>The given normalization.</summary>
    public static NormalizationChoice Of(Normalization normalization) => new(false, normalization);

    /// <summary>
    /// Reads <c>default</c>, <c>none</c>, one mean and standard deviation for all channels (<c>0.1307,0.3081</c>), or the
    /// means and the standard deviations of the channels (<c>0.49,0.48,0.45/0.25,0.24,0.26</c>).
    /// </summary>
    /// <exception cref="OccamException">The text is none of these.</exception>
    public static NormalizationChoice Parse(string text)
    {
        switch (text.Trim().ToLowerInvariant())
        {
            case "default":
                return Default;
            case "none":
                return None;
        }

        var halves = text.Split('/');
        double[][] numbers = [.. halves.Select(half => half.Split(',').Select(Number).ToArray())];
        return numbers switch
        {
            [[double mean, double deviation]] => Of(new([mean], [deviation])),
            [double[] means, double[] deviations] => Of(new(means, deviations)),
            _ => throw Unreadable(text),
        };

        double Number(string part) =>
            double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Unreadable(text);
    }

    /// <summary>What applies to data whose own normalization is <paramref name="usual"/>.</summary>
    internal Normalization? Resolve(Normalization? usual) => UsesDefault ? usual : Given;

    private static OccamException Unreadable(string text) => new(
        $"the normalization '{Message.Clean(text)}' can't be read: write default, none, MEAN,STD or MEAN,MEAN,MEAN/STD,STD,STD");
}
