using System.Collections.Immutable;
using Occam.Lab.Measuring.Pages;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Lab.Text;
using Occam.Measures.Tokens;

namespace Occam.Lab.Texts;

/// <summary>Where a network is steep on a text, as a page.</summary>
internal static class TextPage
{
    private const int MostSingularCurves = 4;

    /// <summary>Makes the page.</summary>
    public static Page Of(MeasuredText measured, string command)
    {
        Block?[] blocks =
        [
            new Section("In short", new Prose(Summary(measured))),
            new Section("Where it is steep", Steepness(measured), Slopes(measured)),
            Layers(measured),
            Predictions(measured),
            Spectra(measured),
            MadeOf(measured),
            new Section("By token", Tokens(measured)),
            new Section("The network", MeasurePage.Facts(measured.Network)),
            PreparationSection.Of(measured.Network),
        ];
        var subtitle = $"Where it is steep on a text of {measured.Text.Ids.Length} tokens";
        return new Page(measured.Network.Name, subtitle, [.. blocks.OfType<Block>()])
        {
            Command = command,
            Kicker = "Occam text",
        };
    }

    private static RichText Summary(MeasuredText measured)
    {
        var slopes = measured.Slopes;
        var norms = slopes.SquaredNorms;
        var (sum, steepest) = (norms.Sum(norm => norm.Value), Enumerable.Range(0, norms.Length).MaxBy(at => norms[at].Value));
        var share = sum > 0 ? 100 * norms[steepest].Value / sum : 0;
        var beginning = RichText.Html(
            $"The output moves most with token {steepest + 1}, “{measured.Text.Pieces[steepest].Trim()}”: ",
            $"{RichText.Rounded(share, 2)} % of ‖<var>J</var>‖² = {RichText.Rounded(sum, 4)}",
            $"{(slopes.Note is null ? "" : ", an estimate")}, where an equal share were {RichText.Rounded(100.0 / norms.Length, 2)} %.");
        if (slopes.Losses.IsEmpty)
        {
            return beginning;
        }

        var hardest = Enumerable.Range(0, slopes.Losses.Length).MaxBy(at => slopes.Losses[at]);
        var prediction = slopes.Target switch
        {
            TokenTarget.Next => RichText.Html(
                $" Its perplexity on this text is {slopes.Perplexity!.Value}; it expected ",
                $"{slopes.Margins.Count(margin => margin > 0)} of {slopes.Margins.Length} tokens before all others, and least token ",
                $"{hardest + 2}, “{measured.Text.Pieces[hardest + 1].Trim()}”."),
            TokenTarget.Same => RichText.Html(
                $" It sees the whole text, so that its losses on tokens it is shown are no perplexity; least sure is it of token ",
                $"{hardest + 1}, “{measured.Text.Pieces[hardest].Trim()}”."),
            _ => RichText.Html($" It chooses class {slopes.Targets[0]}, with a loss −log <var>p</var> of {slopes.Losses[0]}."),
        };
        return beginning + prediction;
    }

    private static ShadedText Steepness(MeasuredText measured)
    {
        var lengths = measured.Slopes.SquaredNorms.Select(norm => Math.Sqrt(Math.Max(norm.Value, 0))).ToArray();
        var most = lengths.Max();
        return new ShadedText(
            RichText.Html($"How much the output moves with each token: ‖∂<var>f</var>/∂<var>e<sub>t</sub></var>‖"),
            [.. lengths.Select((length, at) => (measured.Text.Pieces[at], Share(length, most), NumberText.Plain(length)))])
        {
            Caption = RichText.Html(
                $"The Frobenius norm of the output's Jacobian by the token's embedding; ",
                $"the most strongly shaded has {RichText.Rounded(most, 4)}. ",
                $"The squares add up to ‖<var>J</var>‖², the geometric complexity at this one text ",
                $"(Dherin et al. 2022, Def. 2.1)."),
        };
    }

    private static Chart Slopes(MeasuredText measured)
    {
        var norms = measured.Slopes.SquaredNorms;
        var isEstimated = norms.Any(norm => norm.StandardError > 0);
        return ByToken(measured, "Squared slope by token", "Squared norm", [.. norms.Select(norm => norm.Value)],
            isEstimated ? [.. norms.Select(norm => norm.StandardError)] : null) with
        {
            Caption = isEstimated
                ? $"{char.ToUpperInvariant(measured.Slopes.Note![0])}{measured.Slopes.Note[1..]}; with ± a standard error."
                : default(RichText?),
        };
    }

    // A bar for each token, lying, by its name.
    private static Chart ByToken(MeasuredText measured, RichText title, string quantity, double[] values, double[]? errors = null) => new(
        title, new Axis(quantity), new Axis("", Scale.Category),
        new Bars([.. measured.Text.Pieces.Select((piece, at) => $"{at + 1} {piece.Trim()}")], values)
        {
            Errors = errors,
            Tone = Tone.Blue,
        });

    private static Section? Layers(MeasuredText measured) => measured.Layers.IsEmpty ? null : new Section(
        "By layer",
        new Chart(
            "How much each layer’s output moves with the text", new Axis("‖∂h/∂e‖²"), new Axis("", Scale.Category),
            new Bars([.. measured.Layers.Select(layer => layer.Name)], [.. measured.Layers.Select(layer => layer.Value)])
            {
                Errors = [.. measured.Layers.Select(layer => layer.Quantity.StandardError)],
                Tone = Tone.Blue,
            })
        {
            Caption = RichText.Html(
                $"The squared Frobenius norm of the Jacobian of each layer with weights, by all embedded tokens, in the network's order; ",
                $"estimated by random tangents, with ± a standard error."),
        });

    private static Section? Predictions(MeasuredText measured)
    {
        var slopes = measured.Slopes;
        if (slopes.Losses.IsEmpty)
        {
            return null;
        }

        var (rows, columns) = (slopes.Losses.Length, measured.Text.Ids.Length);
        var influence = new Chart(
            "Which token moves which prediction",
            new Axis("Token", Minimum: 0.5, Maximum: columns + 0.5),
            new Axis(slopes.Target == TokenTarget.Class ? "Prediction" : "Prediction after token", Minimum: 0.5, Maximum: rows + 0.5),
            new HeatMap(0.5, columns + 0.5, 0.5, rows + 0.5, columns, [.. slopes.Influence.SelectMany((row, s) => row.Select(
                (value, t) => slopes.Target == TokenTarget.Next && t > s ? float.NaN : (float)value))]))
        {
            Shade = new ShadeScale("Influence on the loss", Ramp: Ramp.Sequential),
            Caption = RichText.Html(
                $"The norm of ∂ℓ<sub><var>s</var></sub>/∂<var>e<sub>t</sub></var>: how fast the loss ",
                $"ℓ<sub><var>s</var></sub> = −log <var>p<sub>s</sub></var>(<var>y<sub>s</sub></var>) of a prediction changes as a ",
                $"token's embedding moves. Exact."),
        };
        var most = slopes.Losses.Max();
        return slopes.Target == TokenTarget.Class
            ? new Section("What moves the prediction", Influence(measured), influence)
            : new Section(
                "What is expected, and what moves the predictions",
                new ShadedText(
                    "The loss of each token",
                    [
                        .. measured.Text.Pieces.Select((piece, at) => slopes.Target == TokenTarget.Next
                            ? at == 0 ? (piece, 0, "not predicted") : Loss(piece, slopes.Losses[at - 1], most)
                            : Loss(piece, slopes.Losses[at], most)),
                    ])
                {
                    Caption = RichText.Html($"−log <var>p</var> in nats; the most strongly shaded has {RichText.Rounded(most, 4)}."),
                },
                influence);
    }

    private static (string Text, double Share, string Value) Loss(string piece, double loss, double most) =>
        (piece, Share(loss, most), $"{NumberText.Plain(loss)}, a probability of {NumberText.Plain(Math.Exp(-loss))}");

    private static double Share(double value, double most) => most > 0 ? value / most : 0;

    private static ShadedText Influence(MeasuredText measured)
    {
        var row = measured.Slopes.Influence[0];
        var most = row.Max();
        return new ShadedText(
            "How much each token moves the loss of the chosen class",
            [.. row.Select((value, at) => (measured.Text.Pieces[at], Share(value, most), NumberText.Plain(value)))]);
    }

    private static Section? Spectra(MeasuredText measured)
    {
        var values = measured.Slopes.SingularValues;
        if (values.IsEmpty)
        {
            return null;
        }

        int[] steepest =
            [.. Enumerable.Range(0, values.Length).OrderByDescending(at => values[at][0]).Take(MostSingularCurves).Order()];
        return new Section("How many directions of a token count", new Chart(
            "Singular values by token",
            new Axis("Number of the singular value"), new Axis("Singular value", Scale.Log),
            [.. steepest.Where(at => values[at][0] > 0).Select(at => Curve(measured, at))])
        {
            Caption = RichText.Html(
                $"Of ∂<var>f</var>/∂<var>e<sub>t</sub></var>, at the {steepest.Length} steepest tokens. The effective rank of the table ",
                $"below is exp <var>H</var> of their shares (Roy and Vetterli 2007): how many directions of an embedding the output moves ",
                $"with."),
        });
    }

    private static Section? MadeOf(MeasuredText measured)
    {
        if (measured.Linear is not { } map)
        {
            return null;
        }

        var most = map.Contributions.Max(Math.Abs);
        return new Section(
            "What the last prediction is made of",
            new ShadedText(
                RichText.Html($"What each token adds to the logit {map.Logit} of {map.Class}, the largest at the end"),
                [.. map.Contributions.Select((value, at) => (
                    measured.Text.Pieces[at], Share(Math.Abs(value), most), NumberText.Plain(value)))])
            {
                Caption = RichText.Html(
                    $"With attention weights, gates and the scales of normalizations held at their values, the network is a linear map ",
                    $"of this text, <var>f</var>(<var>e</var>) = <var>J</var>⁺<var>e</var> (Golden 2025; here up to ",
                    $"{RichText.Rounded(map.Residual, 2)} of its size): a logit is a sum over the tokens."),
            },
            ByToken(measured, "Contribution by token", "Contribution", [.. map.Contributions]));
    }

    private static Line Curve(MeasuredText measured, int at)
    {
        // Rounding leaves what is zero at some 1e-8 of the largest.
        var values = measured.Slopes.SingularValues[at].TakeWhile(value => value > 1e-7 * measured.Slopes.SingularValues[at][0]).ToArray();
        return new Line([.. Enumerable.Range(1, values.Length).Select(i => (double)i)], values)
        {
            Name = $"{at + 1} “{measured.Text.Pieces[at].Trim()}”",
        };
    }

    private static Table Tokens(MeasuredText measured)
    {
        var slopes = measured.Slopes;
        RichText None() => ((RichText)"").AsNumber();
        RichText Predicted(ImmutableArray<double> values, int at) => slopes.Target switch
        {
            TokenTarget.Next when at > 0 => values[at - 1],
            TokenTarget.Same => values[at],
            _ => None(),
        };
        (RichText, Func<int, RichText>)[] columns =
        [
            ("Token", at => (long)at + 1),
            ("Text", at => measured.Text.Pieces[at]),
            ("Number in the vocabulary", at => (long)measured.Text.Ids[at]),
            (RichText.Html($"‖∂<var>f</var>/∂<var>e<sub>t</sub></var>‖²"), at => slopes.SquaredNorms[at]),
            ("Effective rank", at => slopes.SingularValues.IsEmpty ? None() : slopes.EffectiveRanks[at]),
        ];
        return Table.Of(
            Enumerable.Range(0, measured.Text.Ids.Length),
            [
                .. columns,
                .. slopes.Losses.IsEmpty
                    ? Array.Empty<(RichText, Func<int, RichText>)>()
                    : [("Loss", at => Predicted(slopes.Losses, at)), ("Margin", at => Predicted(slopes.Margins, at))],
            ]);
    }
}
