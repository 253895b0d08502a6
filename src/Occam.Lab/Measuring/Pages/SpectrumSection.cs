using System.Collections.Immutable;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Measures.Weights;

namespace Occam.Lab.Measuring.Pages;

/// <summary>
/// Spectra of weights: of each matrix the share of the eigenvalues of W Wᵀ that are at least λ, over λ, both logarithmic, where a power
/// law is a straight line. The law that was fitted is drawn over its range; one that gets no grade is broken and says why.
/// </summary>
internal static class SpectrumSection
{
    private const int MostCharts = 24;

    // Places of a curve; more look the same.
    private const int MostPlaces = 300;

    /// <summary>The spectra of a measured network; null where no power law was asked for.</summary>
    public static Section? Of(MeasuredNetwork measured)
    {
        var found = measured.Results.FirstOrDefault(result => result.Id == new PowerLawExponent().Id);
        if (found is null || measured.Graph is null)
        {
            return null;
        }

        var samples = found.Parameters.FirstOrDefault(parameter => parameter.Name == "samples")?.Value as int?
            ?? new PowerLawExponent().Samples;
        return Of(
            [
                .. WeightSpectrum.Of(measured.Context).Zip(PowerLawFit.Of(measured.Context, samples)).Select(layer => (
                    layer.First.Layer.Name,
                    (IReadOnlyList<(string, ImmutableArray<double>, PowerLawFit, Tone)>)[
                        ("eigenvalues", layer.First.Eigenvalues, layer.Second, Tone.Blue)])),
            ],
            "Each layer once, in the order of the network.");
    }

    /// <summary>The spectra of matrices; null where there are none.</summary>
    /// <param name="matrices">A chart each: its name, and one spectrum or several with their fits.</param>
    /// <param name="order">In which order they come, a sentence.</param>
    public static Section? Of(
        IReadOnlyList<(string Name, IReadOnlyList<(string Of, ImmutableArray<double> Eigenvalues, PowerLawFit Fit, Tone Tone)> Spectra)>
            matrices,
        string order)
    {
        var left = matrices.Count - MostCharts;
        return matrices.Count == 0 ? null : new Section(
            "Spectra of the weights",
            [
                .. matrices.Take(MostCharts).Select(matrix => ChartOf(matrix.Name, matrix.Spectra)).Chunk(2)
                    .Select(pair => new SideBySide(pair)),
                new Prose(
                    $"The share of the eigenvalues of W Wᵀ that are at least as large, from the largest on. {order}"
                    + (left > 0 ? $" {left} more are not drawn." : "")),
            ]);
    }

    private static Chart ChartOf(
        string name, IReadOnlyList<(string Of, ImmutableArray<double> Eigenvalues, PowerLawFit Fit, Tone Tone)> spectra)
    {
        List<Mark> marks = [];
        List<string> captions = [];
        foreach (var (of, eigenvalues, fit, tone) in spectra)
        {
            double[] positive = [.. eigenvalues.Where(value => value > 0).OrderDescending()];
            if (positive.Length == 0)
            {
                captions.Add($"{of}: all 0.");
                continue;
            }

            int[] shown = [.. Places(positive.Length)];
            marks.Add(new Dots(
                [.. shown.Select(i => positive[i])], [.. shown.Select(i => (i + 1.0) / positive.Length)])
            { Name = of, Tone = tone });
            captions.Add(Caption(of, fit));
            if (fit.Tail is { } tail)
            {
                double[] ends = [tail.From, Math.Max(positive[0], tail.From)];
                marks.Add(new Line(
                    ends,
                    [.. ends.Select(x => (double)tail.Count / positive.Length * Math.Pow(x / tail.From, 1 - tail.Alpha))])
                {
                    Name = fit.Why is null ? $"{of}: power law" : $"{of}: no grade",
                    Tone = fit.Why is null ? tone : Tone.Gray,
                    Dashed = fit.Why is not null,
                });
            }
        }

        return new Chart(name, new Axis("eigenvalue of W Wᵀ", Scale.Log), new Axis("share at least as large", Scale.Log), marks)
        {
            Caption = string.Join(' ', captions),
        };
    }

    private static string Caption(string of, PowerLawFit fit) => fit switch
    {
        { Why: { } why } => $"{of}: {why}.",
        _ => $"{of}: α = {Numbers.WithError(fit.Alpha.Value, fit.Alpha.StandardError)} from {Numbers.Format(fit.Tail!.Value.From)} "
            + $"on, by {fit.Tail.Value.Count} eigenvalues; p = {Numbers.Format(fit.Plausibility, 2)}.",
    };

    private static IEnumerable<int> Places(int count) => count <= MostPlaces
        ? Enumerable.Range(0, count)
        : Enumerable.Range(0, MostPlaces).Select(i => (int)Math.Round(Math.Pow(count, i / (MostPlaces - 1.0))) - 1).Distinct();
}
