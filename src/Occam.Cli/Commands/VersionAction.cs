using System.CommandLine;
using System.CommandLine.Invocation;
using Occam.Cli.Running;
using Occam.Lab;

namespace Occam.Cli.Commands;

/// <summary>Prints the version.</summary>
internal sealed class VersionAction(Session session) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        session.Output.WriteLine($"occam {RunEnvironment.Version}");
        return ExitCode.Success;
    }
}
