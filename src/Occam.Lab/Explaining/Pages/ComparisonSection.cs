using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Explaining.Pages;

/// <summary>How a run compares with the others of its store.</summary>
internal static class ComparisonSection
{
    private const double RangeOfLogScale = 30;
    private const int MostRows = 20;

    public static Section? Of(RunComparison? comparison) => comparison is not { Runs.Length: > 1 }
        ? null
        : new Section(
            "How it compares", Scatter(comparison), Ranked(comparison),
            new Prose(
                $"The best first; this run is number {comparison.PlaceByOutcome} of {comparison.Runs.Length} by {comparison.Outcome} "
                    + $"and number {comparison.PlaceByComplexity} by simplicity. {Order(comparison)}"));

    private static string Order(RunComparison comparison) => comparison.RankCorrelation is { } tau
        ? $"Kendall’s τ between the two is {Numbers.Format(tau)}, ± what chance alone makes of runs without any relation "
            + "(1: the simpler, the better, always; 0: no relation)."
        : "Fewer than five runs say nothing of an order.";

    private static Chart Scatter(RunComparison comparison)
    {
        var (own, others) = (comparison.This, comparison.Runs.Where(run => !run.IsThis).ToArray());
        var complexities = comparison.Runs.Select(run => run.Complexity.Value).ToArray();
        var isLog = complexities.Min() > 0 && complexities.Max() > RangeOfLogScale * complexities.Min();
        return new Chart(
            RichText.Html($"Complexity and {comparison.Outcome}"),
            new Axis("geometric complexity at the end", isLog ? Scale.Log : Scale.Linear),
            new Axis(comparison.Outcome),
            new Dots([.. others.Select(run => run.Complexity.Value)], [.. others.Select(run => run.Outcome)])
            {
                Name = "another run",
                Tone = Tone.Gray,
                Hollow = true,
            },
            new Dots([own.Complexity.Value], [own.Outcome]) { Name = "this run", Tone = Tone.Red })
        {
            Caption = RichText.Html(
                $"Down is better, left is simpler: a run to the lower left of another fits new data at least as well with a tamer ",
                $"function. All networks were measured on the same {comparison.Examples} examples."),
        };
    }

    private static Table Ranked(RunComparison comparison) => Table.Of(
        comparison.Runs.OrderBy(run => run.Outcome).ThenBy(run => run.Complexity.Value).Take(MostRows),
        ("Run", run => run.IsThis ? RichText.Html($"<strong>{run.Name}</strong>") : run.Name),
        ("Geometric complexity", run => run.Complexity),
        ($"{char.ToUpperInvariant(comparison.Outcome[0])}{comparison.Outcome[1..]}", run => run.Outcome));
}
