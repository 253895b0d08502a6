using MathNet.Numerics.Distributions;

namespace Occam.Lab.Explaining;

/// <summary>What an explanation comes to, in plain sentences.</summary>
internal static class Findings
{
    /// <summary>The sentences, in the order of the questions; none where nothing is known.</summary>
    public static IEnumerable<string> Of(Explanation explanation) =>
        ((string?[])[
            Growth(explanation), Holding(explanation), Layers(explanation.Place), Classes(explanation.Place),
            Comparison(explanation.Comparison),
        ]).OfType<string>();

    private static string? Growth(Explanation explanation)
    {
        if (explanation.Place is not { Complexity.Quantity: { } end, Initial.Value: { } beginning })
        {
            return null;
        }

        var change = end.Value / beginning;
        var words = change switch
        {
            _ when beginning == 0 => "and was 0 before the first step",
            > 1.1 => $"{Numbers.Format(change, 3)} times that of the network before its first step ({Numbers.Format(beginning)})",
            < 0.9 => $"lower than before the first step ({Numbers.Format(beginning)})",
            _ => $"about what it was before the first step ({Numbers.Format(beginning)})",
        };
        var complexity = $"{Numbers.Format(end)} {explanation.Moment}";
        return $"The geometric complexity of the function, its mean squared slope at the data, is {complexity}, {words}.";
    }

    private static string? Holding(Explanation explanation)
    {
        if (explanation.Mechanisms is not { } mechanisms)
        {
            return null;
        }

        var loss = mechanisms.Pulls[0];
        var fitting = loss.Effect.DiffersFromZero()
            ? $"{char.ToUpperInvariant(explanation.Moment[0])}{explanation.Moment[1..]} the loss alone would still "
                + $"{(loss.Effect.Value > 0 ? "raise" : "lower")} it"
            : "The loss alone no longer moves it clearly";
        var holders = mechanisms.Pulls.Skip(1)
            .Where(pull => pull.Effect.Value < 0 && pull.Effect.DiffersFromZero()).OrderBy(pull => pull.Effect.Value).ToArray();
        return holders.Length == 0
            ? $"{fitting}; of what was weighed, nothing clearly holds it down."
            : $"{fitting}; what holds it down most is {holders[0].Name}"
                + $"{(holders.Length > 1 ? $", then {string.Join(", ", holders.Skip(1).Select(pull => pull.Name))}" : "")}.";
    }

    private static string? Layers(Placement? place)
    {
        if (place is not { Complexity.Layers: { Length: > 1 } layers })
        {
            return null;
        }

        var (name, factor) = layers.Skip(1)
            .Zip(layers, (layer, before) => (layer.Name, layer.Value / before.Value))
            .MaxBy(pair => pair.Item2);
        return !double.IsFinite(factor) ? null
            : factor > 1 ? $"From layer to layer it grows most at {name}, by a factor of {Numbers.Format(factor, 3)}."
            : $"Of the layers’ outputs that of the first, {layers[0].Name}, changes most with the input, and each later one "
                + $"less (the last, {layers[^1].Name}, {Numbers.Format(layers[^1].Value / layers[0].Value, 2)} of it).";
    }

    private static string? Classes(Placement? place)
    {
        // Of one example there is no telling how it would be at others of its class.
        if (place?.Classes.Where(each => each.Count > 1).ToArray() is not { Length: > 1 } classes)
        {
            return null;
        }

        var (most, least) = (classes.MaxBy(each => each.Complexity.Value)!, classes.MinBy(each => each.Complexity.Value)!);
        var difference = most.Complexity - least.Complexity;
        return difference.DiffersFromZero(FarthestOf(classes.Length, Math.Min(most.Count, least.Count) - 1))
            ? $"It is highest at the examples of class {most.Class} ({Numbers.Format(most.Complexity)})"
                + $" and lowest at those of class {least.Class} ({Numbers.Format(least.Complexity)})."
            : "No class stands out beyond its error.";
    }

    // As rare as two standard errors between two classes, between the two farthest of many: by Bonferroni, and Student's
    // distribution with the degrees of freedom of the smaller class.
    private static double FarthestOf(int classes, int freedom)
    {
        const double beyondTwo = 0.0455;
        return StudentT.InvCDF(0, 1, freedom, 1 - (beyondTwo / (classes * (classes - 1))));
    }

    private static string? Comparison(RunComparison? comparison) => comparison is { Runs.Length: > 1 }
        ? $"Of {comparison.Runs.Length} runs in the store it is number {comparison.PlaceByComplexity} by simplicity and number "
            + $"{comparison.PlaceByOutcome} by {comparison.Outcome}"
            + (comparison.RankCorrelation is { } tau
                ? $"; over these runs the two {Relation(tau)} (Kendall’s τ = {Numbers.Format(tau)})."
                : ".")
        : null;

    private static string Relation(Uncertain tau) =>
        !tau.DiffersFromZero() ? "have no clear relation" : tau.Value > 0 ? "go together" : "go against each other";
}
