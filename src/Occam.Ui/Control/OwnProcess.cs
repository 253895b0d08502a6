using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;

namespace Occam.Ui.Control;

/// <summary>
/// Other processes of this program: what needs a network's arithmetic is computed there, so that the server stays small and nothing that
/// goes wrong takes it along.
/// </summary>
/// <param name="program">How the program is started, without its arguments.</param>
internal sealed class OwnProcess(ImmutableArray<string> program) : IDisposable
{
    private const int AtOnce = 2;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _free = new(AtOnce);

    /// <summary>Starts a process, whose streams are this one's to read and write.</summary>
    /// <exception cref="OccamException">It can't be started.</exception>
    public Process Start(IEnumerable<string> arguments, string? folder = null)
    {
        if (program.IsEmpty)
        {
            throw new OccamException("this server can't start processes");
        }

        var start = new ProcessStartInfo(program[0], [.. program.Skip(1), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder is not null && Directory.Exists(folder) ? folder : Environment.CurrentDirectory,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new OccamException($"can't start '{program[0]}': {e.Message}", e);
        }
    }

    /// <summary>What a command writes to its standard output. Few run at a time, and none for longer than two minutes.</summary>
    /// <exception cref="OccamException">The command fails, with what it said; or it takes too long.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits any more; the process is gone.</exception>
    public async Task<string> Output(IEnumerable<string> arguments, string? folder, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_patience);
        Process? process = null;
        try
        {
            process = Start(arguments, folder);
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? output : throw new OccamException(LastLine(await error.ConfigureAwait(false)));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new OccamException($"it took longer than {s_patience.TotalMinutes:N0} minutes: use the command line for it");
        }
        finally
        {
            if (process is { HasExited: false })
            {
                process.Kill(entireProcessTree: true);
            }

            process?.Dispose();
            _free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    private static string LastLine(string text)
    {
        const string Prefix = "occam: ";
        var line = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault("it failed");
        return line.StartsWith(Prefix, StringComparison.Ordinal) ? line[Prefix.Length..] : line;
    }
}
