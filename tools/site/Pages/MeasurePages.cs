using System.Text;
using Occam.Lab.Measuring.Pages;
using Occam.Lab.PaperItems.Results;
using Occam.Measures;
using static Occam.Site.Pages.MarkdownText;

namespace Occam.Site.Pages;

/// <summary>The page of all measures with their definitions, family by family, from the measures themselves.</summary>
internal static class MeasurePages
{
    /// <summary>The page, and its place in the site.</summary>
    /// <param name="handbook">The text of docs/measures.md.</param>
    public static IEnumerable<(string Path, string Text)> All(string handbook)
    {
        var text = new StringBuilder("""
            # Definitions of the measures

            f is the network's logits, D the data, J(x) = ∂f/∂x the Jacobian at x. The [handbook](../docs/measures.md) has the
            conventions and how each is computed; `occam measures ID` tells about one.


            """);
        foreach (var family in MeasureFamily.InOrder(MeasureCatalogue.All.Values, measure => measure.Id)
            .GroupBy(measure => MeasureFamily.TitleOf(measure.Id)))
        {
            text.Append($"## {family.Key}\n\n");
            foreach (var measure in family)
            {
                var room = measure.GetType().Namespace!.Split('.')[^1];
                Tell(text, measure, Place(handbook, measure.Id) ?? Place(handbook, room));
            }
        }

        yield return ("reference/measures.md", text.ToString());
    }

    private static void Tell(StringBuilder text, Measure measure, string? documented)
    {
        text.Append($"### {Plain(measure.Title)}\n\n{Plain(measure.Meaning)}\n\n")
            .Append($"<div class=\"formula\">{measure.Definition.ToHtmlBlock()}</div>\n\n")
            .Append($"`{measure.Id}` · {Plain(measure.Source)} · [how it is computed](../docs/measures.md{documented})\n\n");
        if (!measure.Parameters.IsEmpty)
        {
            text.Append("Parameters, with their defaults: ")
                .AppendJoin(", ", measure.Parameters.Select(parameter => $"`{parameter}`")).Append("\n\n");
        }

        var claims = MeasureClaims.Of(measure.Id);
        if (claims.Count > 0)
        {
            text.Append("What raises and lowers it:\n\n").AppendJoin("\n", claims.Select(claim => $"- {Plain(claim)}")).Append("\n\n");
        }
    }

    // The anchor of the section whose heading has a name.
    private static string? Place(string handbook, string name)
    {
        var heading = handbook.Split('\n').FirstOrDefault(line =>
            line.StartsWith("## ", StringComparison.Ordinal) && line[3..].Split(", ").Contains(name, StringComparer.OrdinalIgnoreCase));
        return heading is null ? null : "#" + heading[3..].ToLowerInvariant().Replace(",", "").Replace(' ', '-');
    }
}
