using System.Collections.Immutable;
using System.Text;

namespace Occam.Lab.Runs.Clusters;

/// <summary>
/// Runs tasks as arrays of jobs on a Slurm cluster. Whether a task is done its own files say, which the cluster and this machine share;
/// Slurm says whether it is still under way. A task that is gone and not done was cut off, by its time, a node that
/// failed, somebody's hand: it is submitted again and goes on from its checkpoint. If this process ends, the tasks go on, and
/// the same command again finds them.
/// </summary>
internal sealed class SlurmExecutor
{
    private const string Interrupted = "occam: interrupted";
    private const string Prefix = "occam: ";

    // Gone from the queue in two answers: files may arrive later than the end of the process that wrote them.
    private const int SurelyGone = 2;
    private const int LongestLog = 1 << 16;

    // Why tasks wait where nothing is wrong.
    private static readonly HashSet<string> s_usual = ["None", "Priority", "Resources", "JobArrayTaskLimit", ""];

    private readonly SlurmCommands _slurm = new();
    private readonly Dictionary<ClusterTask, Under> _underWay = [];
    private readonly Dictionary<ClusterTask, int> _fruitless = [];
    private string _said = "";

    /// <summary>What a task asks for.</summary>
    public required ClusterSettings Settings { get; init; }

    /// <summary>How this program is started, without its arguments.</summary>
    public required ImmutableArray<string> Program { get; init; }

    /// <summary>Where scripts, logs and the list of what was submitted go: a folder that the cluster shares.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether tasks are cancelled where this process is interrupted; they go on otherwise.</summary>
    public bool CancelsWithIt { get; init; }

    /// <summary>Stops the waiting.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Called when a task has been submitted.</summary>
    public Action<ClusterTask>? Began { get; init; }

    /// <summary>Called with the end of a task.</summary>
    public Action<ClusterTaskEnd>? Ended { get; init; }

    /// <summary>Called with what a person should know.</summary>
    public Action<string>? Say { get; init; }

    /// <summary>Runs the tasks that are not done; returns when all are, or have failed.</summary>
    /// <exception cref="OccamException">
    /// Slurm isn't there or doesn't take a job; or what was submitted is damaged, or there are links in the folder.
    /// </exception>
    /// <exception cref="OperationCanceledException">The user interrupted.</exception>
    public void Run(IReadOnlyList<ClusterTask> tasks)
    {
        Directory.CreateDirectory(Folder);
        OwnFiles.RefuseLinks(Folder);
        var state = SlurmState.Read(Folder);
        Adopt(tasks, state);
        var waiting = tasks.Where(task => !_underWay.ContainsKey(task) && !IsEnded(task)).ToList();
        while (waiting.Count > 0 || _underWay.Count > 0)
        {
            if (waiting.Count > 0)
            {
                Submit(waiting, state);
                waiting.Clear();
            }

            if (Cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(Settings.Poll)))
            {
                Leave();
            }

            waiting.AddRange(Look());
        }
    }

    private bool IsEnded(ClusterTask task)
    {
        if (task.IsDone(isGone: true))
        {
            Ended?.Invoke(new ClusterTaskEnd(task, null));
            return true;
        }

        return false;
    }

    private void Adopt(IReadOnlyList<ClusterTask> tasks, SlurmState state)
    {
        var byName = tasks.ToDictionary(task => task.Name);
        var queue = state.Arrays.Count == 0 ? [] : _slurm.Queue(state.Arrays.Keys)
            ?? throw new OccamException("Slurm can't be asked right now what is under way: try again later");
        foreach (var (job, number) in queue.Keys)
        {
            var names = state.Arrays[job];
            if (number <= names.Count && byName.TryGetValue(names[number - 1], out var task))
            {
                _underWay[task] = new Under(job, number, task.Progress());
                Began?.Invoke(task);
            }
        }

        if (_underWay.Count > 0)
        {
            Say?.Invoke($"{_underWay.Count} of {tasks.Count} tasks are under way already");
        }
    }

    private void Submit(List<ClusterTask> tasks, SlurmState state)
    {
        var stem = Path.GetFullPath(Path.Combine(Folder, $"array-{state.Arrays.Count + 1}"));
        Write(stem + ".tasks", string.Concat(tasks.Select(task => Line([.. Program, .. task.Arguments()]) + "\n")));
        Write(stem + ".sh", string.Join('\n', [
            "#!/bin/bash",
            .. Settings.Setup.IsDefault ? [] : Settings.Setup,
            "# One of the tasks, a line each, in place of this shell: what is told to it is told to the task.",
            $"eval \"exec $(sed -n \"${{SLURM_ARRAY_TASK_ID}}p\" {Quoted(stem + ".tasks")})\"",
            "",
        ]));
        var job = _slurm.Submit(stem + ".sh",
        [
            .. Settings.OptionsFor(tasks.Count), "--job-name=occam", "--no-requeue", "--open-mode=append",
            $"--output={Path.GetFullPath(Folder)}/%A-%a.log", $"--chdir={Environment.CurrentDirectory}",
        ]);
        state.Arrays[job] = [.. tasks.Select(task => task.Name)];
        state.Write(Folder);
        foreach (var (i, task) in tasks.Index())
        {
            _underWay[task] = new Under(job, i + 1, task.Progress());
            Began?.Invoke(task);
        }
    }

    // Tasks that were cut off and are to be submitted again.
    private List<ClusterTask> Look()
    {
        var again = new List<ClusterTask>();
        if (_slurm.Queue([.. _underWay.Values.Select(under => under.Job).Distinct()]) is not { } queue)
        {
            SayOnce("Slurm doesn't answer: waiting");
            return again;
        }

        foreach (var (task, under) in _underWay.ToArray())
        {
            if (queue.ContainsKey((under.Job, under.Number)))
            {
                continue;
            }

            var done = task.IsDone(isGone: true);
            if (!done && ++under.Missed < SurelyGone)
            {
                continue;
            }

            _underWay.Remove(task);
            if (done || FailureOf(task, under) is not { } failure)
            {
                if (done)
                {
                    Ended?.Invoke(new ClusterTaskEnd(task, null));
                }
                else
                {
                    again.Add(task);
                }

                continue;
            }

            Ended?.Invoke(new ClusterTaskEnd(task, failure));
        }

        SayWhatWaits(queue);
        return again;
    }

    // Null where the task was cut off, and not too often without getting further.
    private string? FailureOf(ClusterTask task, Under under)
    {
        var log = Path.Combine(Folder, $"{under.Job}-{under.Number}.log");
        string[] lines = LastLines(log);
        var said = lines.LastOrDefault(line => line.StartsWith(Prefix, StringComparison.Ordinal));
        if (task.Failure() is { } own)
        {
            return said is { Length: > 0 } && !said.StartsWith(Interrupted, StringComparison.Ordinal) ? said[Prefix.Length..] : own;
        }

        if (said is not null && !said.StartsWith(Interrupted, StringComparison.Ordinal))
        {
            return said[Prefix.Length..];
        }

        var how = said is not null ? "a signal, as before its time is over"
            : _slurm.StateOf(under.Job, under.Number) is { Length: > 0 } state ? $"Slurm says {state}"
            : "it is gone";
        _fruitless[task] = task.Progress() == under.Progress ? _fruitless.GetValueOrDefault(task) + 1 : 0;
        if (_fruitless[task] >= Settings.Attempts)
        {
            return $"it was cut off {_fruitless[task]} times in a row and got no further ({how}; its last line: "
                + $"'{PrintableText.Short(lines.LastOrDefault() ?? "")}'; {log})";
        }

        Say?.Invoke($"{task.Name}: cut off ({how}); submitted again to go on");
        return null;
    }

    private void Leave()
    {
        string[] jobs = [.. _underWay.Values.Select(under => under.Job).Distinct()];
        if (CancelsWithIt && jobs.Length > 0)
        {
            _slurm.Cancel(jobs);
            Say?.Invoke($"cancelled {string.Join(", ", jobs)}; the same command again goes on from the checkpoints");
        }
        else if (jobs.Length > 0)
        {
            Say?.Invoke($"{_underWay.Count} tasks go on ({string.Join(", ", jobs)}); the same command again waits for them");
        }

        throw new OperationCanceledException(Cancellation);
    }

    private void SayWhatWaits(Dictionary<(string Job, int Task), (string State, string Reason)> queue)
    {
        var mine = _underWay.Values.Select(under => queue.GetValueOrDefault((under.Job, under.Number))).ToArray();
        string[] reasons =
        [
            .. mine.Where(one => one.State == "PENDING" && !s_usual.Contains(one.Reason))
                .Select(one => one.Reason).Distinct().Order(StringComparer.Ordinal),
        ];
        if (reasons.Length > 0)
        {
            SayOnce($"{mine.Count(one => one.State == "PENDING")} tasks wait: {string.Join(", ", reasons)}");
        }
    }

    private void SayOnce(string line)
    {
        if (line != _said)
        {
            Say?.Invoke(_said = line);
        }
    }

    // The end of a log, without empty lines.
    private static string[] LastLines(string log)
    {
        if (!File.Exists(log))
        {
            return [];
        }

        using var file = PlainFile.Open(log, FileShare.ReadWrite);
        file.Position = Math.Max(0, file.Length - LongestLog);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static void Write(string path, string text) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private static string Line(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(Quoted));

    // A line break can't be in a task's line.
    private static string Quoted(string text) => text.Contains('\n')
        ? throw new OccamException($"'{PrintableText.Short(text)}' has a line break, and can't be an argument of a job")
        : $"'{text.Replace("'", "'\\''")}'";

    private sealed record Under(string Job, int Number, long Progress)
    {
        public int Missed { get; set; }
    }
}
