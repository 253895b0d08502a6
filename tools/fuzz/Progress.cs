using System.IO.MemoryMappedFiles;

namespace Occam.Fuzz;

/// <summary>
/// What a worker is doing, in memory that the process which watches it shares, so that its last input is known when it crashes or hangs.
/// </summary>
internal sealed class Progress : IDisposable
{
    private const int SeedAt = 0;
    private const int BeganAt = 8;
    private const int CountsAt = 16;
    private const int Size = 4096;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private Progress(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Size);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>The seed of the input that is being tried.</summary>
    public long Seed => _view.ReadInt64(SeedAt);

    /// <summary>How long it has been tried; null between two.</summary>
    public TimeSpan? Since =>
        _view.ReadInt64(BeganAt) is > 0 and var began ? TimeSpan.FromMilliseconds(Environment.TickCount64 - began) : null;

    public static Progress Open(string path) => new(path);

    /// <summary>How many ended so.</summary>
    public long Count(Outcome outcome) => _view.ReadInt64(CountsAt + (8 * (int)outcome));

    public void Begin(long seed)
    {
        _view.Write(SeedAt, seed);
        _view.Write(BeganAt, Environment.TickCount64);
    }

    public void End(Outcome outcome)
    {
        _view.Write(BeganAt, 0L);
        Add(outcome);
    }

    public void Add(Outcome outcome) => _view.Write(CountsAt + (8 * (int)outcome), Count(outcome) + 1);

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
