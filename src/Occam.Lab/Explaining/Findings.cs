using Occam.Lab.Reports;

namespace Occam.Lab.Explaining;

/// <summary>What an explanation comes to, in plain sentences.</summary>
public static class Findings
{
    /// <summary>The sentences, in the order of the questions; none where nothing is known.</summary>
    public static IEnumerable<string> Of(Explanation explanation) =>
        ((string?[])[Growth(explanation), Holding(explanation.Mechanisms), Layers(explanation.Place), Classes(explanation.Place), Comparison(explanation.Comparison)]).OfType<string>();

    private static string? Growth(Explanation explanation)
    {
        if (explanation.Place is not { Complexity: { Value: { } end } complexity, Initial.Value: { } beginning })
        {
            return null;
        }

        var change = beginning > 0 ? end / beginning : double.NaN;
        var words = change switch
        {
            > 1.1 => $"{Numbers.Format(change, 3)} times that of the network before its first step ({Numbers.Format(beginning)})",
            < 0.9 => $"lower than before the first step ({Numbers.Format(beginning)})",
            _ => $"about what it was before the first step ({Numbers.Format(beginning)})",
        };
        return $"The geometric complexity of the function, its mean squared slope at the data, is {new Uncertain(end, complexity.StandardError)} at the end, {words}.";
    }

    private static string? Holding(Mechanisms? mechanisms)
    {
        if (mechanisms is null)
        {
            return null;
        }

        var loss = mechanisms.Pulls[0];
        var fitting = loss.Effect.IsClear
            ? $"At the end the loss alone would still {(loss.Effect.Value > 0 ? "raise" : "lower")} it"
            : "The loss alone no longer moves it clearly";
        var holders = mechanisms.Pulls.Skip(1).Where(pull => pull.Effect.Value < 0 && pull.Effect.IsClear).OrderBy(pull => pull.Effect.Value).ToArray();
        return holders.Length == 0
            ? $"{fitting}; of what was weighed, nothing clearly holds it down."
            : $"{fitting}; what holds it down most is {holders[0].Name}{(holders.Length > 1 ? $", then {string.Join(", ", holders.Skip(1).Select(pull => pull.Name))}" : "")}.";
    }

    private static string? Layers(Placement? place)
    {
        if (place is not { Complexity.Layers: { Length: > 1 } layers })
        {
            return null;
        }

        var (name, factor) = layers.Skip(1).Zip(layers, (layer, before) => (layer.Name, layer.Value / before.Value)).MaxBy(pair => pair.Item2);
        return !double.IsFinite(factor) ? null
            : factor > 1 ? $"From layer to layer it grows most at {name}, by a factor of {Numbers.Format(factor, 3)}."
            : $"Of the layers’ outputs that of the first, {layers[0].Name}, changes most with the input, and each later one less (the last, {layers[^1].Name}, {Numbers.Format(layers[^1].Value / layers[0].Value, 2)} of it).";
    }

    private static string? Classes(Placement? place)
    {
        if (place is not { Classes.Length: > 1 })
        {
            return null;
        }

        var (most, least) = (place.Classes.MaxBy(each => each.Complexity.Value)!, place.Classes.MinBy(each => each.Complexity.Value)!);
        var difference = new Uncertain(most.Complexity.Value - least.Complexity.Value, double.Hypot(most.Complexity.StandardError, least.Complexity.StandardError));
        return difference.IsClear
            ? $"It is highest at the examples of class {most.Class} ({most.Complexity}) and lowest at those of class {least.Class} ({least.Complexity})."
            : "No class stands out beyond its error.";
    }

    private static string? Comparison(RunComparison? comparison) => comparison is { Runs.Length: > 1 }
        ? $"Of {comparison.Runs.Length} runs in the store it is number {comparison.PlaceByComplexity} by simplicity and number {comparison.PlaceByOutcome} by {comparison.Outcome}{(comparison.RankCorrelation is { } tau ? $"; over these runs the two {(!tau.IsClear ? "have no clear relation" : tau.Value > 0 ? "go together" : "go against each other")} (Kendall’s τ = {tau})" : "")}."
        : null;
}
