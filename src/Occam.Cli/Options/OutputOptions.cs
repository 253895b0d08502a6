using System.CommandLine;
using System.CommandLine.Parsing;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Reports;

namespace Occam.Cli.Options;

/// <summary>Where results go beside the terminal.</summary>
internal sealed class OutputOptions
{
    private const string JsonName = "--json";
    private const string HtmlName = "--html";

    private readonly Option<string> _json = new(JsonName)
    {
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Write JSON to FILE; without FILE to standard output, and nothing else there",
    };

    private readonly Option<string> _html =
        new(HtmlName) { HelpName = "FILE", Description = "Write a page with charts, complete in one file" };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="page">Whether there is a page of its results.</param>
    public OutputOptions(Command command, bool page = true)
    {
        command.Add(_json);
        if (page)
        {
            command.Add(_html);
        }
    }

    /// <summary>The files that any command's options ask for.</summary>
    public static IReadOnlyCollection<string> FilesOf(ParseResult arguments) =>
    [
        .. arguments.CommandResult.Children.OfType<OptionResult>()
            .Where(option => option.Option.Name is JsonName or HtmlName)
            .SelectMany(option => option.Tokens)
            .Select(token => token.Value)
            .Where(file => file != JsonOutput.StandardOutput)
            .Distinct(),
    ];

    /// <summary>What the options ask for, with files that can be written.</summary>
    /// <exception cref="OccamException">One can't.</exception>
    public Outputs Read(ParseResult arguments)
    {
        var json = arguments.GetResult(_json) is null ? null : arguments.GetValue(_json) ?? JsonOutput.StandardOutput;
        var html = arguments.GetValue(_html);
        foreach (var file in new[] { json, html })
        {
            if (file is not (null or JsonOutput.StandardOutput))
            {
                AtomicFile.Check(file);
            }
        }

        return new Outputs(json, html);
    }

    /// <summary>Where results go beside the terminal.</summary>
    /// <param name="Json">The file for JSON, or <see cref="JsonOutput.StandardOutput"/>.</param>
    /// <param name="Html">The file for the page.</param>
    internal sealed record Outputs(string? Json, string? Html)
    {
        /// <summary>Whether JSON is all there may be on standard output.</summary>
        public bool JsonIsTheResult => Json == JsonOutput.StandardOutput;

        /// <summary>Writes JSON and the page, those that are asked for.</summary>
        /// <param name="session">Where it is told.</param>
        /// <param name="document">Makes the numbers.</param>
        /// <param name="page">Makes the page that follows from them.</param>
        /// <exception cref="OccamException">A file can't be written.</exception>
        public void Write<T>(Session session, Func<T> document, Func<Page> page)
        {
            if (Json is null && Html is null)
            {
                return;
            }

            var numbers = document();
            if (Json is not null)
            {
                JsonOutput.Write(Json, session, numbers);
            }

            if (Html is not null)
            {
                PageOutput.Write(Html, session, page(), numbers);
            }
        }
    }
}
