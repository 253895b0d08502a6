using System.Text;
using Occam.Cli;
using Occam.Cli.Commands;
using Occam.Cli.Running;
using static Occam.Site.Pages.MarkdownText;

namespace Occam.Site.Pages;

/// <summary>A page a command, from what its help says.</summary>
internal static class CommandPages
{
    /// <summary>The pages with their places in the site, and the list of them.</summary>
    public static IEnumerable<(string Path, string Text)> All()
    {
        OccamCommand[] commands = [.. CommandLine.Commands(new Session(TextWriter.Null, TextWriter.Null))];
        var list = new StringBuilder("# Commands\n\nEvery command takes `--help`, and ends with 0, with 1 where what was asked for ")
            .Append("doesn't hold, and with 2 where the command is mistaken.\n\n| command | what it does |\n| --- | --- |\n");
        var contents = new StringBuilder("- name: All\n  href: index.md\n");
        foreach (var command in commands)
        {
            list.Append($"| [`occam {command.Name}`]({command.Name}.md) | {Plain(command.Description!)} |\n");
            contents.Append($"- name: {command.Name}\n  href: {command.Name}.md\n");
            yield return ($"reference/commands/{command.Name}.md", Page(command));
        }

        yield return ("reference/commands/index.md", list.ToString());
        yield return ("reference/commands/toc.yml", contents.ToString());
    }

    private static string Page(OccamCommand command)
    {
        var text = new StringBuilder();
        Tell(text, command, "#");
        foreach (var part in command.Subcommands.OfType<OccamCommand>())
        {
            Tell(text, part, "##");
        }

        return text.ToString();
    }

    private static void Tell(StringBuilder text, OccamCommand command, string heading)
    {
        text.Append($"{heading} {CommandText.PathOf(command)}\n\n{Plain(command.Description!)}.\n\n")
            .Append($"```text\n{Help.Usage(command)}\n```\n\n");
        Table(text, "command", command.Subcommands.Select(part => (part.Name, part.Description)));
        Table(text, "argument", command.Arguments.Select(argument => (argument.Name, argument.Description)));
        Table(text, "option", command.Options.Where(option => !option.Hidden).Select(option => (Help.Write(option), option.Description)));
        text.Append("```sh\n");
        foreach (var example in command.Examples)
        {
            text.Append($"# {example.Purpose}\n{example.Command}\n");
        }

        text.Append("```\n\n");
    }

    private static void Table(StringBuilder text, string head, IEnumerable<(string Name, string? Description)> rows)
    {
        (string Name, string? Description)[] all = [.. rows];
        if (all.Length == 0)
        {
            return;
        }

        text.Append($"| {head} | what it is |\n| --- | --- |\n");
        foreach (var (name, description) in all)
        {
            text.Append($"| {Code(name)} | {Plain(description ?? "")} |\n");
        }

        text.Append('\n');
    }
}
