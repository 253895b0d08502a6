using System.Collections.Immutable;

namespace Occam.Ui.Control;

/// <summary>The long commands that were started from the browser. They end with the server: trainings with a checkpoint.</summary>
internal sealed class JobList(OwnProcess processes) : IDisposable
{
    private const int MostKept = 50;
    private const int MostRunning = 4;

    private readonly Lock _lock = new();
    private readonly List<Job> _jobs = [];
    private int _made;

    /// <summary>The jobs, the newest first.</summary>
    public ImmutableArray<Job> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _jobs.AsEnumerable().Reverse()];
            }
        }
    }

    /// <summary>The job of a name; null where there is none.</summary>
    public Job? Find(string? id) => All.FirstOrDefault(job => job.Id == id);

    /// <summary>The job that works on a run; null where none does.</summary>
    public Job? On(string run) => All.FirstOrDefault(job => job.Run == run && job.ExitCode is null);

    /// <summary>Starts a job.</summary>
    /// <param name="title">What it does.</param>
    /// <param name="run">The run that it works on.</param>
    /// <param name="arguments">The command's arguments.</param>
    /// <param name="folder">The folder that it runs in; null for the server's.</param>
    /// <param name="stopsWithInput">Whether it ends when its standard input does.</param>
    /// <param name="page">The page that it writes; null for none.</param>
    /// <exception cref="OccamException">Another job works on the run, or too many go on already.</exception>
    public Job Start(
        string title, string run, IEnumerable<string> arguments, string? folder = null, bool stopsWithInput = false, string? page = null)
    {
        lock (_lock)
        {
            if (On(run) is { } other)
            {
                throw new OccamException($"'{other.Title}' is still going on: stop it first, or wait for it");
            }

            if (_jobs.Count(job => job.ExitCode is null) >= MostRunning)
            {
                throw new OccamException($"{MostRunning} jobs are going on already: wait for one, or stop it");
            }

            var job = new Job($"{++_made}", title, run, processes.Start(arguments, folder), stopsWithInput, page);
            _jobs.Add(job);
            if (_jobs.FirstOrDefault(old => old.ExitCode is not null) is { } oldest && _jobs.Count > MostKept)
            {
                _jobs.Remove(oldest);
                oldest.Dispose();
            }

            return job;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var job in All)
        {
            job.Dispose();
        }
    }
}
