using System.CommandLine;
using Occam.Cli.Running;

namespace Occam.Cli.Commands;

/// <summary>A command of the program: a file in this folder, listed in <see cref="CommandLine"/>.</summary>
public abstract class OccamCommand : Command
{
    /// <summary>Makes a command that runs in a session.</summary>
    protected OccamCommand(string name, string description, Session session) : base(name, description)
    {
        Session = session;
        SetAction(Run);
    }

    /// <summary>What the help shows at its end.</summary>
    public abstract IReadOnlyList<Example> Examples { get; }

    /// <summary>What the command talks to.</summary>
    protected Session Session { get; }

    /// <summary>Does what the command is for.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="OccamException">The user's mistake.</exception>
    protected abstract int Run(ParseResult arguments);
}
