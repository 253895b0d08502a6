using System.Collections.Immutable;
using System.Diagnostics;
using Occam.Lab.Runs.Store;

namespace Occam.Ui.Index;

/// <summary>
/// What the table of runs shows of a store, kept up with its folder: by the times of files, for all runs now and then, and by the rows
/// that are appended, for those that train. What was read is kept in a file, too, so that the next start reads only what changed.
/// </summary>
internal sealed class RunIndex : IDisposable
{
    private const int MostChanges = 200;
    private static readonly TimeSpan s_live = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan s_scan = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan s_asked = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (IndexedRun Run, long Changed)> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MetricTail> _tails = [];
    private readonly RunFolders _folders;
    private readonly IndexFile? _file;
    private readonly CancellationTokenSource _end = new();
    private readonly ManualResetEventSlim _wanted = new();
    private readonly Thread _thread;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IndexState? _state;
    private long _version = 1;
    private long _removed;
    private long _asked;
    private int _unread;

    /// <summary>Begins to follow a store.</summary>
    /// <param name="root">Its folder.</param>
    /// <param name="file">Where what was read is kept; null for nowhere.</param>
    public RunIndex(string root, IndexFile? file = null)
    {
        Root = root;
        _file = file;
        _folders = new RunFolders(root);
        _asked = Stopwatch.GetTimestamp();
        _thread = new Thread(Follow) { IsBackground = true, Name = "runs" };
        _thread.Start();
    }

    /// <summary>The store's folder.</summary>
    public string Root { get; }

    /// <summary>Tells this index from that of another start of the program, whose versions are others.</summary>
    public string Instance { get; } = Guid.NewGuid().ToString("N")[..12];

    /// <summary>Completes once every run was read.</summary>
    public Task Ready => _ready.Task;

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The index now.</summary>
    public IndexState State
    {
        get
        {
            Ask();
            lock (_lock)
            {
                return _state ??= new IndexState(_version, [.. _runs.Values.Select(pair => pair.Run)], _unread);
            }
        }
    }

    /// <summary>The run of a name; null where there is none. A name is never a path of its own.</summary>
    public IndexedRun? Find(string name)
    {
        Ask();
        lock (_lock)
        {
            return _runs.TryGetValue(name, out var pair) ? pair.Run : null;
        }
    }

    /// <summary>The folder of a run.</summary>
    public string FolderOf(IndexedRun run) => Path.Combine(Root, run.Name);

    /// <summary>Waits until there is something newer than a version, and says what.</summary>
    public async Task<IndexChange> After(long version, CancellationToken cancellation)
    {
        while (true)
        {
            Task wait;
            lock (_lock)
            {
                if (_version != version)
                {
                    return Since(version);
                }

                wait = _changed.Task;
            }

            await wait.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Looks at the store at once, and keeps looking for a while: somebody watches.</summary>
    public void Ask()
    {
        if (Stopwatch.GetElapsedTime(Interlocked.Exchange(ref _asked, Stopwatch.GetTimestamp())) > s_asked)
        {
            _wanted.Set();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _wanted.Set();
        _thread.Join();
        _end.Dispose();
        _wanted.Dispose();
    }

    private IndexChange Since(long version)
    {
        ImmutableArray<IndexedRun> runs = version < _removed || version > _version ? default
            : [.. _runs.Values.Where(pair => pair.Changed > version).Select(pair => pair.Run).Take(MostChanges + 1)];
        return new IndexChange(_version, runs.IsDefault || runs.Length > MostChanges ? null : runs, _unread);
    }

    private void Follow()
    {
        var kept = _file?.Read(Root) ?? [];
        var scanned = 0L;
        var pause = TimeSpan.Zero;
        while (!_end.IsCancellationRequested)
        {
            if (scanned == 0 || Stopwatch.GetElapsedTime(scanned) > pause)
            {
                var began = Stopwatch.GetTimestamp();
                TryScan(kept);
                kept = [];
                scanned = Stopwatch.GetTimestamp();
                // A large store is looked at less often: a twentieth of the time at most.
                pause = TimeSpan.FromTicks(Math.Max(s_scan.Ticks, 20 * Stopwatch.GetElapsedTime(began).Ticks));
            }

            FollowTails();
            _wanted.Reset();
            var isWatched = Stopwatch.GetElapsedTime(Interlocked.Read(ref _asked)) < s_asked;
            _wanted.Wait(isWatched ? s_live : Timeout.InfiniteTimeSpan);
        }
    }

    private void TryScan(Dictionary<string, IndexedRun> kept)
    {
        try
        {
            Scan(kept);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder went while it was looked at; the next scan sees what is there then.
        }
        finally
        {
            _ready.TrySetResult();
        }
    }

    // Looks at every run's stamp, and reads those whose stamp is another than before.
    private void Scan(Dictionary<string, IndexedRun> kept)
    {
        var names = _folders.Names();
        var known = names.ToHashSet(StringComparer.Ordinal);
        string[] removed;
        Dictionary<string, IndexedRun> before;
        lock (_lock)
        {
            removed = [.. _runs.Keys.Where(name => !known.Contains(name))];
            before = _runs.ToDictionary(pair => pair.Key, pair => pair.Value.Run, StringComparer.Ordinal);
        }

        Remove(removed);
        var (same, other) = (new List<IndexedRun>(), new List<string>());
        foreach (var name in names)
        {
            if (before.GetValueOrDefault(name) is { } run)
            {
                if (HasChanged(run))
                {
                    other.Add(name);
                }
            }
            else if (kept.GetValueOrDefault(name) is { } old && !HasChanged(old))
            {
                same.Add(old);
            }
            else
            {
                other.Add(name);
            }
        }

        Put(same, unread: other.Count);
        Read(other);
        if (other.Count + removed.Length > 0)
        {
            _file?.Write(Root, State.Runs);
        }
    }

    // One that trains is followed by its rows; whether its process is still there is asked each time.
    private bool HasChanged(IndexedRun run)
    {
        var stamp = RunStamp.Of(FolderOf(run));
        return run.State == IndexedRun.Running
            ? stamp.StatusTime != run.Stamp.StatusTime || !FolderLock.IsTaken(FolderOf(run))
            : stamp != run.Stamp;
    }

    private void Read(List<string> names)
    {
        var read = 0;
        foreach (var some in names.Chunk(256))
        {
            if (_end.IsCancellationRequested)
            {
                return;
            }

            var runs = new IndexedRun[some.Length];
            Parallel.For(0, some.Length, i => runs[i] = RunReader.Read(Root, some[i]));
            read += some.Length;
            foreach (var name in some)
            {
                // Its status is older than its last rows: they are read again.
                _tails.Remove(name);
            }

            Put(runs, names.Count - read);
        }
    }

    private void FollowTails()
    {
        IndexedRun[] running;
        lock (_lock)
        {
            running = [.. _runs.Values.Select(pair => pair.Run).Where(run => run.State == IndexedRun.Running)];
        }

        foreach (var name in _tails.Keys.Except(running.Select(run => run.Name)).ToArray())
        {
            _tails.Remove(name);
        }

        var grown = new List<IndexedRun>();
        foreach (var run in running)
        {
            try
            {
                var tail = _tails.TryGetValue(run.Name, out var there) ? there : _tails[run.Name] = new MetricTail(FolderOf(run));
                if (tail.Next(out _) is { Count: > 0 } rows)
                {
                    grown.Add(RunReader.With(run, run.Stamp, rows));
                }
            }
            catch (OccamException)
            {
                // The next scan finds out what became of it.
            }
        }

        Put(grown, unread: 0);
    }

    private void Put(IReadOnlyCollection<IndexedRun> runs, int unread)
    {
        lock (_lock)
        {
            if (runs.Count == 0 && unread == _unread)
            {
                return;
            }

            Change();
            _unread = unread;
            foreach (var run in runs)
            {
                _runs[run.Name] = (run, _version);
            }
        }
    }

    private void Remove(string[] names)
    {
        lock (_lock)
        {
            if (names.Length == 0)
            {
                return;
            }

            Change();
            _removed = _version;
            foreach (var name in names)
            {
                _runs.Remove(name);
            }
        }
    }

    private void Change()
    {
        _version++;
        _state = null;
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
