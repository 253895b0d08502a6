using System.CommandLine;
using System.Net;
using Occam.Cli.Options;
using Occam.Cli.Running;
using Occam.Ui;

namespace Occam.Cli.Commands;

/// <summary><c>occam ui</c>: the runs in a browser, live.</summary>
internal sealed class UiCommand : OccamCommand
{
    private const int UsualPort = 7075;

    private readonly Argument<string> _root = new("RUNS")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The folder below which the runs are [default: runs]",
        DefaultValueFactory = _ => "runs",
    };
    private readonly Option<int?> _port = DataChoice.Whole(
        "--port", "N", 0, $"The port; 0 for any that is free [default: {UsualPort}]", IPEndPoint.MaxPort);
    private readonly Option<string?> _bind = new("--bind")
    {
        HelpName = "ADDRESS",
        Description = "Let others reach it at this address of the machine, by a token that is printed; this machine only when left out",
    };
    private readonly Option<bool> _control = new("--control")
    {
        Description = "Let the browser start, stop and resume trainings, and measure",
    };

    public UiCommand(Session session) : base("ui", "Look at runs, networks and figures in a browser", session)
    {
        Add(_root);
        foreach (Option option in (Option[])[_port, _bind, _control])
        {
            Add(option);
        }
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam ui", "the runs below ./runs, on this machine alone"),
        new("occam ui runs --control", "trainings can be stopped and resumed there, and networks measured"),
        new("occam ui runs --bind 0.0.0.0 --port 8080", "for others, by a token: behind a wall that keeps their traffic secret"),
    ];

    protected override int Run(ParseResult arguments)
    {
        Session.AskPatience(TimeSpan.FromSeconds(10));
        var bind = arguments.GetValue(_bind);
        var address = bind is null ? null : IPAddress.TryParse(bind, out var parsed) ? parsed
            : throw new OccamException($"--bind {bind} is no address: expected numbers, such as 0.0.0.0 for all of this machine's");
        var options = new UiOptions(arguments.GetRequiredValue(_root))
        {
            Port = arguments.GetValue(_port) ?? UsualPort,
            Bind = address,
            Control = arguments.GetValue(_control),
            Program = OwnProgram.Command,
        };
        Serve(options).GetAwaiter().GetResult();
        return ExitCode.Success;
    }

    private async Task Serve(UiOptions options)
    {
        await using var server = await UiServer.Start(options).ConfigureAwait(false);
        Session.Output.WriteLine(server.EntryAddress);
        Session.Output.Flush();
        Session.Note("occam: open the address in a browser; Ctrl-C ends it"
            + (options.Bind is null ? "" : "; whoever has the token may look"));
        var ended = new TaskCompletionSource();
        await using var registration = Session.Cancellation.Register(ended.SetResult).ConfigureAwait(false);
        await ended.Task.ConfigureAwait(false);
    }
}
