using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Measuring;
using Occam.Lab.Measuring.Pages;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Lab.Text;

namespace Occam.Lab.Auditing;

/// <summary>
/// An audit as a page: the examples that stand out, as pictures where they are some, and how well each score finds wrong labels.
/// </summary>
public static class AuditPage
{
    private const int PairsShown = 12;

    /// <summary>Makes the page.</summary>
    /// <param name="audit">The audit.</param>
    /// <param name="by">The score that the examples are ranked by.</param>
    /// <param name="foremost">Those that stand out most by it, in their order.</param>
    /// <param name="command">The command line that made it.</param>
    public static Page Of(DataAudit audit, string by, IReadOnlyList<AuditedExample> foremost, string command)
    {
        var (measured, score) = (audit.Measured, audit.Find(by));
        var missing = measured.Results.Where(result => result.NotApplicable is not null).ToArray();
        Block?[] blocks =
        [
            InShort(audit, score, foremost),
            Foremost(audit, score, foremost),
            Finding(audit),
            new Section("All examples", Spread(audit, score)),
            Duplicates(audit),
            missing.Length == 0
                ? null
                : new Section(
                    "Not measured", Table.Of(missing, ("Score", result => result.Title), ("Why", result => result.NotApplicable!))),
            new Section("The network", MeasurePage.Facts(measured), new Prose($"Data: {measured.Data.Description}.")),
        ];
        return new Page(
            $"Which examples stand out to {measured.Name}",
            $"{NumberText.Count(measured.Data.Count)} examples of {measured.Data.Name}, ranked by {Named(score)}",
            [.. blocks.OfType<Block>()])
        {
            Command = command,
            Kicker = "Occam audit",
        };
    }

    // A measure's title tells of the mean over the examples.
    private static string Named(AuditScore score) => score.Name.StartsWith('-') ? $"{score.Name[1..]}, low first" : score.Name;

    private static Section InShort(DataAudit audit, AuditScore score, IReadOnlyList<AuditedExample> foremost)
    {
        var first = foremost[0];
        var sentences = new List<RichText>
        {
            $"Example {first.IndexInWhole} stands out most by {Named(score)}"
                + (first.Label is { } label ? $": it is labelled {label}, and the network takes it for {first.TakenFor}." : "."),
        };
        if (foremost[0].Label is not null)
        {
            sentences.Add(
                $"The network disagrees with the labels of {foremost.Count(example => example.Label != example.TakenFor)} of the first "
                    + $"{foremost.Count}.");
        }

        if (audit.Mislabelled is { } wrong)
        {
            var (all, found) = (wrong.Count(one => one), foremost.Count(example => example.IsMislabelled == true));
            sentences.Add($"{NumberText.Count(all)} labels are known to be wrong, {found} of them among the first {foremost.Count}; by "
                + $"chance there would be {Numbers.Format((double)all * foremost.Count / wrong.Length, 2)}.");
        }
        else
        {
            sentences.Add("What stands out may be labelled wrongly, be odd, or lie between two classes: the number doesn’t tell which, "
                + "a look may.");
        }

        if (audit.Duplicates is { } pairs)
        {
            sentences.Add(pairs.IsEmpty
                ? "No two examples are nearly the same."
                : $"{NumberText.Count(pairs.Length)} pairs of examples are nearly the same, and "
                    + $"{NumberText.Count(pairs.Count(pair => pair.SameAnswer == false))} of them have different labels.");
        }

        return new Section("In short", new Prose([.. sentences]));
    }

    private static Section Foremost(DataAudit audit, AuditScore score, IReadOnlyList<AuditedExample> foremost)
    {
        var (data, at) = (audit.Measured.Data, audit.Scores.IndexOf(score));
        List<(RichText, Func<AuditedExample, RichText>)> columns = [("Example", example => (long)example.IndexInWhole)];
        if (data.Labels is not null)
        {
            columns.Add(("Label", example => (long)example.Label!.Value));
            columns.Add(("Taken for", example => (long)example.TakenFor!.Value));
        }

        if (audit.Mislabelled is not null)
        {
            columns.Add(("Label is", example => example.IsMislabelled == true ? "wrong" : "right"));
        }

        columns.AddRange(audit.Scores.Select((each, i) => (
            RichText.Html($"<code>{each.Name}</code>"),
            (Func<AuditedExample, RichText>)(example => RichText.Rounded(example.Scores[i], 3)))));
        var table = Table.Of(foremost, columns) with { IsSortable = true };
        var numbered = new Prose("Examples are numbered from 0, as they are in the whole of the data.");
        return ExamplePicture.Of(data, foremost[0].Example) is null
            ? new Section("The examples that stand out", table, numbered)
            : new Section(
                "The examples that stand out",
                new Thumbnails($"By {Named(score)}", [.. foremost.Select(example => new Thumbnail(
                    ExamplePicture.Of(data, example.Example)!,
                    RichText.Html($"{Answers(example)}{Numbers.Format(example.Scores[at], 3)}<br>example {example.IndexInWhole}")))]),
                table,
                numbered);
    }

    private static RichText Answers(AuditedExample example)
    {
        if (example.Label is not { } label)
        {
            return "";
        }

        var taken = label == example.TakenFor ? "" : $", taken for {example.TakenFor}";
        return example.IsMislabelled == true
            ? RichText.Html($"<strong>wrong</strong> class {label}{taken}<br>")
            : RichText.Html($"class {label}{taken}<br>");
    }

    private static Section? Finding(DataAudit audit)
    {
        if (audit.Mislabelled is not { } wrong)
        {
            return null;
        }

        var table = Table.Of(
            audit.Scores,
            ("Score", score => RichText.Html($"<code>{score.Name}</code>")),
            ("What it is", score => score.Title),
            ("Area under the curve", score => score.AreaUnderCurve is { } area ? area : "there are none, or no others"),
            ("95 % interval", score => score.AreaUnderCurve?.Interval95 is { } interval
                ? $"{Numbers.Format(interval.Low, 3)} to {Numbers.Format(Math.Min(interval.High, 1), 3)}"
                : "")) with
        { IsSortable = true };
        return new Section(
            "How well each score finds wrong labels",
            table,
            new Prose("The area is the chance that a wrong label has a higher score than a right one: ½ knows nothing, 1 puts all wrong "
                + "ones first. Its error is over other examples (DeLong et al. 1988). A score is worth its time where it is above the "
                + $"loss, which costs nothing. {NumberText.Count(wrong.Count(one => one))} of {NumberText.Count(wrong.Length)} labels are "
                + "wrong."));
    }

    private static Chart Spread(DataAudit audit, AuditScore score)
    {
        // Losses span orders of magnitude.
        var isWide = score.Values.All(value => value > 0);
        ImmutableArray<double> values = isWide ? [.. score.Values.Select(Math.Log10)] : score.Values;
        var axis = new Axis(isWide ? $"log₁₀ of {score.Name}" : score.Name);
        return audit.Mislabelled is not { } wrong || wrong.All(one => !one) || wrong.All(one => one)
            ? new Chart(Named(score), axis, new Axis("examples"), new Histogram(values) { Tone = Tone.Blue })
            : new Chart(
                Named(score), axis, new Axis("examples"),
                new Histogram([.. values.Where((_, i) => !wrong[i])]) { Name = "labelled rightly", Tone = Tone.Blue },
                new Histogram([.. values.Where((_, i) => wrong[i])]) { Name = "labelled wrongly", Tone = Tone.Red });
    }

    private static Section? Duplicates(DataAudit audit)
    {
        if (audit.Duplicates is not { IsEmpty: false } pairs)
        {
            return null;
        }

        var data = audit.Measured.Data;
        var table = Table.Of(
            pairs.Take(PairsShown),
            ("Example", pair => (long)data.IndexInWhole(pair.First)),
            ("As", pair => (long)data.IndexInWhole(pair.Second)),
            ("Distance", pair => RichText.Rounded(pair.Distance, 3)),
            ("Labels", pair => pair.SameAnswer switch { true => "the same", false => "differ", null => "" }));
        var told = new Prose("Distances are in the data’s spread, the root of the mean squared distance from their mean."
            + (pairs.Length > PairsShown ? $" The nearest {PairsShown} of {NumberText.Count(pairs.Length)} pairs; JSON has all." : ""));
        return ExamplePicture.Of(data, pairs[0].First) is null
            ? new Section("Examples that are there twice", table, told)
            : new Section(
                "Examples that are there twice",
                new Thumbnails("The nearest pairs, one beside the other", [.. pairs.Take(PairsShown)
                    .SelectMany(pair => new[] { pair.First, pair.Second })
                    .Select(i => new Thumbnail(ExamplePicture.Of(data, i)!, Caption(data, i)))]),
                table,
                told);
    }

    private static RichText Caption(DataSet data, int i) => data.Labels is { } labels
        ? RichText.Html($"class {labels[i]}<br>example {data.IndexInWhole(i)}")
        : $"example {data.IndexInWhole(i)}";
}
