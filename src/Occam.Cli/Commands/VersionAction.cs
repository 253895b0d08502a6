using System.CommandLine;
using System.CommandLine.Invocation;
using Occam.Cli.Running;

namespace Occam.Cli.Commands;

/// <summary>Prints the version.</summary>
internal sealed class VersionAction(Session session) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        session.Output.WriteLine($"occam {ProgramVersion.Text}");
        return ExitCode.Success;
    }
}
