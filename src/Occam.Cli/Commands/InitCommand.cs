using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Examples;
using Spectre.Console;

namespace Occam.Cli.Commands;

/// <summary><c>occam init</c>: configurations to begin with.</summary>
internal sealed class InitCommand : OccamCommand
{
    private readonly Argument<string?> _name =
        new("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = $"Which example [default: {ExampleConfigurations.First}]" };
    private readonly Option<bool> _list = new("--list") { Description = "List the examples" };
    private readonly Option<bool> _reference =
        new("--reference") { Description = "Print every key that a configuration takes, as Markdown" };
    private readonly Option<string> _out = new("--out") { HelpName = "FILE", Description = "Where to write it [default: NAME.yaml]" };

    public InitCommand(Session session) : base("init", "Write an example configuration to train from", session)
    {
        _name.CompletionSources.Add(
            _ => ExampleConfigurations.All.Keys.Select(name => new CompletionItem(name, detail: ExampleConfigurations.Title(name))));
        Add(_name);
        Add(_list);
        Add(_reference);
        Add(_out);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam init", "write mlp-glyphs.yaml, with a comment at every key"),
        new("occam init --list", "which examples there are"),
        new("occam init loukas-task-1 --out waves.yaml", "another one, under a name of one's own"),
    ];

    protected override int Run(ParseResult arguments)
    {
        if (arguments.GetValue(_reference))
        {
            Session.Output.Write(ConfigurationReference.Markdown());
            return ExitCode.Success;
        }

        if (arguments.GetValue(_list))
        {
            Terminal.Print(Session, console =>
            {
                var table = Terminal.Table("Name", "What");
                foreach (var example in ExampleConfigurations.All.Keys)
                {
                    table.AddRow(Terminal.Text(example, Terminal.Strong), Terminal.Text(ExampleConfigurations.Title(example)));
                }

                console.Write(table);
            });
            return ExitCode.Success;
        }

        var name = arguments.GetValue(_name) ?? ExampleConfigurations.First;
        var text = ExampleConfigurations.Find(name);
        var file = arguments.GetValue(_out) ?? $"{name}.yaml";
        if (File.Exists(file))
        {
            throw new OccamException($"'{file}' is there already, and is left as it is: give another name by --out");
        }

        AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        Session.Tell($"wrote {file}; train it with: occam train {file}");
        return ExitCode.Success;
    }
}
