using Occam.Cli.Running;

namespace Occam.Cli;

/// <summary>The program's entry.</summary>
public static class Program
{
    /// <summary>Runs the command line of this process.</summary>
    public static int Main(string[] arguments)
    {
        Confinement.Enter();
        using var interruption = new Interruption();
        using TextWriter output = Console.IsOutputRedirected
            ? new StreamWriter(Console.OpenStandardOutput())
            : new TerminalWriter(new StreamWriter(Console.OpenStandardOutput()));
        var session = new Session(output, Console.IsErrorRedirected ? Console.Error : new TerminalWriter(Console.Error))
        {
            OutputIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Cancellation = interruption.Token,
            IsProgram = true,
            AskPatience = patience => interruption.Patience = patience,
        };
        Startup.Begin(arguments);
        var code = CommandLine.Run(arguments, session);
        code = interruption.ExitCode ?? code;
        Startup.End(code, session);
        return code;
    }
}
