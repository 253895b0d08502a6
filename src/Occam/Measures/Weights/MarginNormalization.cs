using System.Collections.Immutable;

namespace Occam.Measures.Weights;

/// <summary>
/// What makes a norm a capacity (Neyshabur et al. 2017, §2.2): division by γ², γ the 5th percentile of the margins, and
/// the terms that depend on the depth and the h_i only.
/// </summary>
internal static class MarginNormalization
{
    /// <summary>γ, where labelled data and two outputs or more give one.</summary>
    public static double? Margin(MeasureContext context) =>
        context.Missing(MeasureNeeds.Data | MeasureNeeds.Labels) is null && context.Outputs > 1
            ? Measures.Loss.Margin.Percentile5(context)
            : null;

    /// <summary>Why nothing can be divided by a margin, or null where it can.</summary>
    public static string? Why(double? margin) =>
        margin is not { } γ ? "divides by the margin, which is defined for two outputs or more"
        : γ > 0 ? null
        : "divides by the square of the margin, whose 5th percentile is "
            + $"{Numbers.Format(γ, 3)}: it would mean nothing";

    /// <summary>
    /// A result with the natural logarithm of the norm, the norm over γ² (as the paper plots it), and the capacity with
    /// all its terms, both as they are and as logarithms; without the latter two where there is no positive margin.
    /// </summary>
    /// <param name="result">The result, its value the bare norm.</param>
    /// <param name="context">For the margin.</param>
    /// <param name="lnNorm">ln of what is divided by γ².</param>
    /// <param name="lnTerms">ln of the terms in the h_i and the depth; null where the paper gives none.</param>
    public static MeasureResult WithCapacity(this MeasureResult result, MeasureContext context, double lnNorm, double? lnTerms)
    {
        var details = result.Details.ToBuilder();
        var notes = result.Notes.ToBuilder();
        if (result.Value is { } value && lnNorm > double.NegativeInfinity)
        {
            details.Add(new("ln", lnNorm));
            if (!double.IsFinite(value) || value == 0)
            {
                notes.Add("the value leaves the range of a double: ln is its natural logarithm");
            }
        }

        var margin = Margin(context);
        if (margin is { } γ)
        {
            details.Add(new("margin", γ));
            if (γ > 0)
            {
                AddBoth(details, "overMargin", lnNorm - (2 * Math.Log(γ)));
                if (lnTerms is { } terms)
                {
                    AddBoth(details, "capacity", lnNorm + terms - (2 * Math.Log(γ)));
                }
            }
            else
            {
                notes.Add($"no capacity: the margin's 5th percentile is {Numbers.Format(γ, 3)}, and what is "
                    + "divided by its square means nothing");
            }
        }

        return result with { Details = details.ToImmutable(), Notes = notes.ToImmutable() };
    }

    private static void AddBoth(ImmutableArray<KeyValuePair<string, double>>.Builder details, string name, double ln)
    {
        details.Add(new(name, Math.Exp(ln)));
        if (ln > double.NegativeInfinity)
        {
            details.Add(new("ln" + char.ToUpperInvariant(name[0]) + name[1..], ln));
        }
    }
}
