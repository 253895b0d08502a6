using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Explaining.Pages;

/// <summary>Where in the network, and at which data, the complexity sits.</summary>
internal static class PlaceSection
{
    private const string Quantity = "‖J(x)‖² (Frobenius)";
    private const double RangeOfLogScale = 100;

    public static Section? Of(Placement? place)
    {
        if (place is null)
        {
            return null;
        }

        Chart?[] charts = [Layers(place), Classes(place)];
        Chart[] present = [.. charts.OfType<Chart>()];
        return new Section("Where it sits",
        [
            .. present.Length == 2 ? new Block[] { new SideBySide(present) } : present,
            Spread(place),
            .. Extremes(place),
        ]);
    }

    private static Chart? Layers(Placement place)
    {
        var layers = place.Complexity.Layers;
        if (layers.Length < 2)
        {
            return null;
        }

        var isLog = layers.All(layer => layer.Value > 0)
            && layers.Max(layer => layer.Value) > RangeOfLogScale * layers.Min(layer => layer.Value);
        return new Chart("Layer by layer", isLog
            ? new Axis("geometric complexity", Scale.Log)
            : new Axis("geometric complexity", Minimum: 0), new Axis("", Scale.Category),
            new Bars([.. layers.Select(layer => layer.Name)], [.. layers.Select(layer => layer.Value)])
            {
                Errors = [.. layers.Select(layer => layer.StandardError)],
                Tone = Tone.Purple,
            })
        {
            Caption = "The geometric complexity of each layer’s output as a function of the input, ± its standard error: a layer with a "
                + "longer bar than the one above it stretches the data, one with a shorter bar folds differences away. It sums over a "
                    + "layer’s outputs, so that wide layers have long bars.",
        };
    }

    private static Chart? Classes(Placement place) => place.Classes.Length < 2
        ? null
        : new Chart("Class by class", new Axis(Quantity, Minimum: 0), new Axis("", Scale.Category),
            new Bars([.. place.Classes.Select(each => $"class {each.Class}")], [.. place.Classes.Select(each => each.Complexity.Value)])
            {
                Errors =
                [
                    .. place.Classes.Select(each => double.IsFinite(each.Complexity.StandardError) ? each.Complexity.StandardError : 0),
                ],
                Tone = Tone.Orange,
            })
        {
            Caption = RichText.Html(
                $"The mean over the examples of a class ({place.Classes.Min(each => each.Count)} to ",
                $"{place.Classes.Max(each => each.Count)} each), ± what other examples ",
                $"would change{(place.Classes.Any(each => each.Count == 1) ? " (which a single one can’t tell)" : "")}: classes with ")
                    + RichText.Html($"long bars lie where the network has to turn sharply to tell them apart."),
        };

    private static Chart Spread(Placement place) => new("Example by example", new Axis(Quantity), new Axis("examples"),
        new Histogram(place.Complexity.PerExample) { Tone = Tone.Blue },
        new VerticalRule(place.Complexity.PerExample.Average(), "mean"))
    {
        Caption = "A long tail to the right means that a few examples carry much of the complexity: look at them below, they are often "
            + "hard, rare or wrongly labelled.",
        AspectRatio = 3.4,
    };

    private static IEnumerable<Block> Extremes(Placement place)
    {
        if (place.Most.IsEmpty)
        {
            yield break;
        }

        if (place.Most[0].Picture is not null)
        {
            yield return Pictures("Where the function is steepest", place.Most);
            yield return Pictures("Where it is flattest", place.Least);
        }
        else
        {
            yield return new SideBySide(
                TableOf("Where the function is steepest", place.Most), TableOf("Where it is flattest", place.Least));
        }

        yield return new Prose("Steep places are those where a small change of the input changes the output most: the number is ‖J(x)‖². "
            + "Examples are numbered from 0, as they are in the whole of the data.");
    }

    private static Thumbnails Pictures(string title, IEnumerable<ExampleComplexity> examples) =>
        new(title, [.. examples.Select(example => new Thumbnail(
            example.Picture!, RichText.Html($"{ClassOf(example)}{Numbers.Format(example.Complexity, 3)}<br>example {example.Index}")))]);

    private static RichText ClassOf(ExampleComplexity example) => example.Class is not { } label ? ""
        : example.Predicted == label ? RichText.Html($"class {label}<br>")
        : RichText.Html($"class {label}, taken for {example.Predicted!.Value}<br>");

    private static Table TableOf(string caption, IReadOnlyList<ExampleComplexity> examples)
    {
        var columns = new List<(RichText, Func<ExampleComplexity, RichText>)> { ("Example", example => (long)example.Index) };
        columns.AddRange(Enumerable.Range(0, examples[0].Inputs.Length).Select(i => ((RichText)RichText.Html(
            $"<var>x</var><sub>{i + 1}</sub>"), (Func<ExampleComplexity, RichText>)(example => example.Inputs[i]))));
        if (examples[0].Class is not null)
        {
            columns.Add(("Class", example => (long)example.Class!.Value));
            columns.Add(("Taken for", example => (long)example.Predicted!.Value));
        }

        columns.Add((Quantity, example => example.Complexity));
        return Table.Of(examples, columns) with { Caption = caption };
    }
}
