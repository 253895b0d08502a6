using System.CommandLine;
using System.CommandLine.Invocation;
using Occam.Cli.Running;

namespace Occam.Cli.Commands;

/// <summary>What a command is for, how it is written, its options, and at the end what it looks like in use.</summary>
internal sealed class Help(Session session) : SynchronousCommandLineAction
{
    private const int Indent = 2;
    private const int Gap = 3;

    private static readonly Example[] OfTheProgram =
    [
        new("occam measure net.onnx --data mnist:test", "how complex is it?"),
        new("occam compare old.onnx new.onnx --data mnist:test", "has it become more complex?"),
        new("occam measure --help", "the options and examples of a command"),
    ];

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        session.Output.WriteLine(command.Description);
        session.Output.WriteLine();
        session.Output.WriteLine($"  {Usage(command)}");
        Section("Commands", command.Subcommands.Select(sub => (sub.Name, sub.Description)));
        Section("Arguments", command.Arguments.Select(argument => (argument.Name, argument.Description)));
        Section("Options", WithInherited(command).Where(option => !option.Hidden).Select(option => (Write(option), option.Description)));
        session.Output.WriteLine();
        session.Output.WriteLine("Examples");
        foreach (var example in command is OccamCommand { Examples: var own } ? own : OfTheProgram)
        {
            session.Output.WriteLine($"  # {example.Purpose}");
            session.Output.WriteLine($"  {example.Command}");
        }

        return ExitCode.Success;
    }

    /// <summary>How a command is written.</summary>
    public static string Usage(Command command) => string.Join(' ', (string[])
    [
        CommandText.PathOf(command),
        .. command.Subcommands.Count > 0 ? ["COMMAND"] : Array.Empty<string>(),
        .. command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues > 0 ? argument.Name : $"[{argument.Name}]"),
        .. command.Options.Where(option => option.Required).Select(Write),
        "[options]",
    ]);

    /// <summary>How an option is written: its names, and what it takes.</summary>
    public static string Write(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(alias => alias.StartsWith('-') && alias != "-?").Append(option.Name));
        return option.ValueType == typeof(bool) || option.HelpName is not { } value ? names
            : option.Arity.MinimumNumberOfValues == 0 ? $"{names} [{value}]"
            : $"{names} {value}";
    }

    private static IEnumerable<Option> WithInherited(Command command) =>
        command.Options.Concat(
            command.Parents.OfType<Command>().SelectMany(parent => WithInherited(parent).Where(option => option.Recursive)));

    private void Section(string heading, IEnumerable<(string Name, string? Description)> entries)
    {
        (string Name, string? Description)[] all = [.. entries];
        if (all.Length == 0)
        {
            return;
        }

        session.Output.WriteLine();
        session.Output.WriteLine(heading);
        var column = Indent + all.Max(entry => entry.Name.Length) + Gap;
        foreach (var (name, description) in all)
        {
            var start = (new string(' ', Indent) + name).PadRight(column);
            foreach (var line in Wrapped(description ?? "", session.Width - column))
            {
                session.Output.WriteLine(start + line);
                start = new string(' ', column);
            }
        }
    }

    private static IEnumerable<string> Wrapped(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }
}
