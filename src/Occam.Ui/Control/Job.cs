using System.Collections.Immutable;
using System.Diagnostics;

namespace Occam.Ui.Control;

/// <summary>A long command that was started from the browser.</summary>
internal sealed class Job : IDisposable
{
    private const int MostLines = 200;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = [];
    private readonly Process _process;
    private readonly bool _stopsWithInput;

    /// <summary>A job, whose process has begun.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="title">What it does.</param>
    /// <param name="run">The run that it works on.</param>
    /// <param name="process">Its process.</param>
    /// <param name="stopsWithInput">Whether it saves what it has and ends when its standard input does.</param>
    /// <param name="page">The page that it writes; null for none.</param>
    public Job(string id, string title, string run, Process process, bool stopsWithInput, string? page)
    {
        (Id, Title, Run, Page) = (id, title, run, page);
        _process = process;
        _stopsWithInput = stopsWithInput;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>What it does.</summary>
    public string Title { get; }

    /// <summary>The run that it works on.</summary>
    public string Run { get; }

    /// <summary>The page that it writes; null for none.</summary>
    public string? Page { get; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset Started { get; } = DateTimeOffset.UtcNow;

    /// <summary>Its exit code; null while it goes on.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>What it said last.</summary>
    public ImmutableArray<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Has it end: with what it has saved where it can save something.</summary>
    public void Stop()
    {
        if (_process.HasExited)
        {
            return;
        }

        if (_stopsWithInput)
        {
            _process.StandardInput.Close();
        }
        else
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_lock)
        {
            _lines.Enqueue(line);
            if (_lines.Count > MostLines)
            {
                _lines.Dequeue();
            }
        }
    }
}
