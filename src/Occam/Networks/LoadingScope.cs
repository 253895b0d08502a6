using System.Diagnostics;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// Work on the word of a model's file, before there are data or beyond what they ask for: its shapes and constants are computed in no
/// more memory and time than what it stores allows (<see cref="FileAllowance"/>). Ends on the thread on which it began; one inside
/// another changes nothing.
/// </summary>
internal sealed class LoadingScope : IDisposable
{
    /// <summary>What a number takes, mostly.</summary>
    public const long BytesPerNumber = 4;

    // What a slow core multiplies and adds in a second, several times over.
    private const double WorkPerSecond = 2e10;

    [ThreadStatic]
    private static LoadingScope? s_current;

    private readonly MemoryCeiling? _ceiling;
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly TimeSpan? _time;
    private readonly long _numbers;

    private LoadingScope(long numbers, bool isTimed)
    {
        var bytes = numbers * BytesPerNumber;
        _numbers = numbers;
        _time = isTimed ? FileAllowance.TimeOf(bytes) : null;
        MostElements = FileAllowance.Of(bytes) / BytesPerNumber;
        if (s_current is null)
        {
            _ceiling = new MemoryCeiling(FileAllowance.Of(bytes));
            s_current = this;
        }
    }

    /// <summary>The one that holds on this thread, if one does.</summary>
    public static LoadingScope? Current => s_current;

    /// <summary>The most elements of a tensor.</summary>
    public long MostElements { get; }

    /// <summary>What is allowed to whom and how that is raised, as the end of a sentence.</summary>
    public string Allowance =>
        $"the {TorchMemoryException.Size(FileAllowance.Of(_numbers * BytesPerNumber))} that {Subject} may ask for: {Remedy}";

    private string Subject => $"a network that stores {_numbers:N0} numbers";

    private const string Remedy = $"check the model, or give --memory (in C#, {nameof(FileAllowance)}) if you trust it";

    /// <summary>Begins.</summary>
    /// <param name="numbers">How many numbers the model stores, and how many it is run on where these are given.</param>
    /// <param name="isTimed">Whether it may take only so long.</param>
    public static LoadingScope Begin(long numbers, bool isTimed = true) => new(numbers, isTimed);

    /// <summary>Stops a node that isn't begun in time.</summary>
    /// <exception cref="OccamException">The time is over.</exception>
    public void CheckTime(Node node)
    {
        if (_time is { } time && Stopwatch.GetElapsedTime(_began) > time)
        {
            throw new OccamException($"{node} is reached after {time.TotalSeconds:N0} seconds of computing shapes and constants, more than "
                + $"{Subject} may take: it is damaged or hostile");
        }
    }

    /// <summary>Stops a node that would multiply for longer than all may take.</summary>
    /// <exception cref="OccamException">It would.</exception>
    public void CheckWork(Node node, double multiplications)
    {
        if (_time is { } time && multiplications > WorkPerSecond * time.TotalSeconds)
        {
            throw new OccamException($"{node} asks for {multiplications:G3} multiplications to find shapes and constants, more than "
                + $"{Subject} may take: it is damaged or hostile");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ceiling is not null)
        {
            _ceiling.Dispose();
            s_current = null;
        }
    }
}
