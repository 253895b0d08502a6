using Occam.Lab.Text;
using Occam.Lab.Texts;
using Occam.Measures.Tokens;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>Where a network is steep on a text, for a person at a terminal.</summary>
internal static class TextTable
{
    private const int BarWidth = 20;

    /// <summary>Prints a row a token.</summary>
    public static void Print(IAnsiConsole console, MeasuredText measured)
    {
        var slopes = measured.Slopes;
        console.WriteLine();
        Terminal.Facts(
            console,
            ("network", $"{measured.Network.Loaded.Path}: {measured.Network.Function}"),
            ("text", $"{measured.Text.Ids.Length} tokens"),
            ("‖J‖²", NumberText.Plain(slopes.SquaredNorms.Sum(norm => norm.Value)) + (slopes.Note is { } note ? $": {note}" : ", exact")),
            ("losses", slopes.Target switch
            {
                TokenTarget.Next => slopes.Perplexity is { } perplexity
                    ? $"of the next token; perplexity {NumberText.Plain(perplexity)}, {First(slopes)}"
                    : "of the next token: there is none",
                TokenTarget.Same => "of the token itself, which the model sees: no perplexity",
                TokenTarget.Features => "none: as many outputs as an embedding has numbers are taken for features of the text",
                _ => $"of class {slopes.Targets[0]}, the one chosen: {NumberText.Plain(slopes.Losses[0])}",
            }));
        var table = Terminal.Table("", "Token", "Slope²", "", "Effective rank", "Loss");
        table.Columns[2].RightAligned();
        table.Columns[4].RightAligned();
        table.Columns[5].RightAligned();
        var most = slopes.SquaredNorms.Max(norm => norm.Value);
        for (var at = 0; at < measured.Text.Ids.Length; at++)
        {
            var norm = slopes.SquaredNorms[at];
            var bar = most > 0 ? (int)Math.Round(BarWidth * norm.Value / most) : 0;
            table.AddRow(
                Terminal.Text(NumberText.Count(at + 1), Terminal.Dim),
                Terminal.Text(PrintableText.Short(measured.Text.Pieces[at].Trim()), Terminal.Strong),
                Terminal.Text(NumberText.WithError(norm)),
                Terminal.Text(new string('█', bar)),
                Terminal.Text(slopes.SingularValues.IsEmpty ? "" : NumberText.Plain(slopes.EffectiveRanks[at])),
                Terminal.Text(Loss(slopes, at) is { } loss ? NumberText.Plain(loss) : ""));
        }

        console.Write(table);
    }

    private static string First(TokenSlopes slopes) =>
        $"{slopes.Margins.Count(margin => margin > 0)} of {slopes.Margins.Length} expected before all others";

    private static double? Loss(TokenSlopes slopes, int at) => slopes.Target switch
    {
        TokenTarget.Next when at > 0 => slopes.Losses[at - 1],
        TokenTarget.Same => slopes.Losses[at],
        _ => null,
    };
}
