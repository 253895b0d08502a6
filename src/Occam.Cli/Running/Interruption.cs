using System.Runtime.InteropServices;

namespace Occam.Cli.Running;

/// <summary>
/// Ctrl-C and its kin: first a wish to stop, which work between native calls obeys at once; if a native call keeps
/// the program longer than a moment, the process ends under it. Work that has something to save asks for more patience;
/// a second signal then ends it at once.
/// </summary>
public sealed partial class Interruption : IDisposable
{
    private const int CodeOfSignal = 128;
    private const int HangUpNumber = 1;
    private const int InterruptNumber = 2;
    private const int TerminateNumber = 15;
    private const string ShowCursor = "\e[?25h";
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(0.7);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Begins to listen.</summary>
    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Interrupt(context, InterruptNumber)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Interrupt(context, TerminateNumber)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Interrupt(context, HangUpNumber)),
    ];

    /// <summary>Set at the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>How long after the first signal the process may go on.</summary>
    public TimeSpan Patience { get; set; } = Moment;

    /// <summary>The process's exit code after a signal, 128 and its number; null without one.</summary>
    public int? ExitCode { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Interrupt(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        if (ExitCode is { } first)
        {
            if (Patience > Moment)
            {
                End(first);
            }

            return;
        }

        var code = CodeOfSignal + number;
        ExitCode = code;
        new Thread(() => EndAfterPatience(code)) { IsBackground = true }.Start();
        _source.Cancel();
    }

    private void EndAfterPatience(int code)
    {
        Thread.Sleep(Patience);
        End(code);
    }

    // Not Environment.Exit: it runs libtorch's destructors under the call that is still going on.
    private static void End(int code)
    {
        AtomicFile.RemoveUnfinished();
        if (!Console.IsErrorRedirected)
        {
            new TerminalWriter(Console.Error).Write(ShowCursor);
        }

        _exit(code);
    }

    [LibraryImport("libc")]
    private static partial void _exit(int code);
}
