using System.Collections.Immutable;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Lab.Text;
using Occam.Measures.Weights;

namespace Occam.Lab.Measuring.Pages;

/// <summary>Two files of weights side by side, as a page.</summary>
internal static class WeightComparisonPage
{
    private const int MostBars = 60;

    /// <summary>Makes the page.</summary>
    /// <param name="comparison">The weights.</param>
    /// <param name="command">The command line that compared them.</param>
    public static Page Of(WeightComparison comparison, string command)
    {
        WeightChange[] ordered = [.. comparison.Changes.OrderByDescending(change => change.Relative)];
        WeightChange[] changed = [.. ordered.Where(change => change.Distance > 0)];
        Block?[] blocks =
        [
            new Section("In short", new Prose(InShort(comparison))),
            ordered.Length == 0 ? null : new Section("Matrix by matrix", Table.Of(
                ordered,
                ("Matrix", change => change.Name),
                ("Shape", change => string.Join("×", change.Shape)),
                ("‖A‖_F", change => change.Norm),
                ("‖B − A‖_F", change => change.Distance),
                ("‖B − A‖_F/‖A‖_F", change => change.Relative),
                ("σ_max(B − A)", change => change.Spectral),
                ("stable rank of B − A", change => change.StableRank),
                ("effective rank of B − A", change => change.EffectiveRank),
                ("α of A", change => Exponent(change.FitOfA)),
                ("α of B", change => Exponent(change.FitOfB))) with
                {
                    IsSortable = true,
                }),
            changed.Length == 0 ? null : new Section(
                "How far each moved",
                new Chart(
                    "Relative distance", new Axis("‖B − A‖_F/‖A‖_F", Minimum: 0), new Axis("", Scale.Category),
                    new Bars(
                        [.. changed.Take(MostBars).Select(change => change.Name)],
                        [.. changed.Take(MostBars).Select(change => change.Relative)])),
                new Prose(changed.Length > MostBars ? $"The {MostBars} that moved furthest." : "Those that moved, furthest first.")),
            SpectrumSection.Of(
                [
                    .. ordered.Select(change => (
                        change.Name,
                        (IReadOnlyList<(string, ImmutableArray<double>, PowerLawFit, Tone)>)
                        [
                            ("A", change.A, change.FitOfA, Tone.Blue), ("B", change.B, change.FitOfB, Tone.Red),
                        ])),
                ],
                "Those that moved furthest come first."),
            comparison.Unpaired.IsEmpty ? null : new Section("Not compared", Table.Of(
                comparison.Unpaired, ("Tensor", left => left.Node), ("Why", left => left.Why))),
        ];
        return new Page(
            $"{Name(comparison.PathOfA)} and {Name(comparison.PathOfB)}",
            $"Two files of weights: {comparison.PathOfA} is A, {comparison.PathOfB} is B",
            [.. blocks.OfType<Block>()])
        {
            Command = command,
            Kicker = "Occam compare",
        };
    }

    /// <summary>What the comparison comes to, in a few sentences.</summary>
    public static string InShort(WeightComparison comparison)
    {
        var moved = comparison.Changes.Count(change => change.Distance > 0);
        var all = $"Over {NumberText.Count(comparison.Compared)} numbers the weights moved by {Numbers.Format(comparison.Distance)}, "
            + $"{Numbers.Format(comparison.Distance / comparison.Norm, 3)} of their norm {Numbers.Format(comparison.Norm)}.";
        if (moved == 0)
        {
            return $"{all} No matrix changed.";
        }

        var furthest = comparison.Changes.MaxBy(change => change.Relative)!;
        var lowest = comparison.Changes.Where(change => change.Distance > 0).MinBy(change => change.StableRank)!;
        return $"{all} {moved} of {comparison.Changes.Length} matrices changed, furthest {furthest.Name} "
            + $"({Numbers.Format(furthest.Relative, 3)} of its norm). The update of the least stable rank is that of {lowest.Name}, "
            + $"{Numbers.Format(lowest.StableRank, 3)}.";
    }

    /// <summary>α with its error, or that there is no grade.</summary>
    public static RichText Exponent(PowerLawFit fit) =>
        fit.Why is null ? RichText.WithError(fit.Alpha.Value, fit.Alpha.StandardError) : "no grade";

    private static string Name(string path) => Path.GetFileName(path);
}
