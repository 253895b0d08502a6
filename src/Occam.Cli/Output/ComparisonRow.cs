using Occam.Lab.Measuring;
using Occam.Lab.Text;
using Occam.Measures;

namespace Occam.Cli.Output;

/// <summary>A quantity of two networks in words and digits, as tables show it.</summary>
/// <param name="Name">The quantity, or a detail of the one above it.</param>
/// <param name="A">Its value of the first network, with its error.</param>
/// <param name="B">Of the second.</param>
/// <param name="Difference">B − A, with its error.</param>
/// <param name="Ratio">B/A, where both are positive.</param>
/// <param name="Verdict">Whether it is larger, and whether beyond chance.</param>
/// <param name="IsDetail">Whether it is a detail.</param>
internal sealed record ComparisonRow(string Name, string A, string B, string Difference, string Ratio, string Verdict, bool IsDetail)
{
    /// <summary>Of everything that both networks have a value of.</summary>
    public static IEnumerable<ComparisonRow> Of(Comparison comparison) =>
        comparison.Measures.Where(measure => measure.NotApplicable is null).SelectMany(Of);

    private static IEnumerable<ComparisonRow> Of(MeasureComparison measure)
    {
        var (a, b) = (measure.A, measure.B);
        var difference = NumberText.WithError(measure.Difference);
        yield return new(MeasureTable.Title(a), Value(a), Value(b), difference, Times(a.Value, b.Value), measure.Verdict, false);
        foreach (var (name, value) in a.Details.Where(detail => b.Details.Any(other => other.Key == detail.Key)))
        {
            var other = b.Detail(name);
            yield return new(
                NumberText.Words(name), NumberText.Plain(value), NumberText.Plain(other), NumberText.Plain(other - value),
                Times(value, other), "", true);
        }
    }

    private static string Value(MeasureResult result) => NumberText.WithError(result.Quantity ?? double.NaN);

    // How many times a negative number is another tells nobody anything.
    private static string Times(double? a, double? b) =>
        a is > 0 && b is > 0 && double.IsFinite(b.Value / a.Value) ? $"{NumberText.Plain(b.Value / a.Value)}×" : "";
}
