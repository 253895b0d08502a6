using System.Diagnostics;

namespace Occam.Networks.Loading;

/// <summary>
/// Waits for TorchScript only so long: it is a program, which may never end, and no call of libtorch can be interrupted. Somebody who
/// can end the process must listen.
/// </summary>
internal static class ScriptWatch
{
    private const double Times = 50;
    private const double Longest = 1e6;

    /// <summary>Called, on a thread of its own, with a line about the file that doesn't answer; nobody waits for less when null.</summary>
    public static Action<string>? Overdue { get; set; }

    /// <summary>
    /// Waits for a call. Loading a file, and the first call, may take what its size allows (<see cref="FileAllowance.TimeOf"/>), later
    /// ones 50 times as long for each number as the slowest before.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="numbers">How many numbers go into the call.</param>
    /// <param name="slowest">The most seconds that a number has taken so far; 0 before the first call. Raised at the call's end.</param>
    /// <param name="call">The call.</param>
    internal static T During<T>(string path, long numbers, ref double slowest, Func<T> call)
    {
        if (Overdue is not { } overdue)
        {
            return call();
        }

        var seconds = FileAllowance.TimeOf(new FileInfo(path).Length).TotalSeconds + (Times * slowest * numbers);
        var allowed = TimeSpan.FromSeconds(Math.Min(seconds, Longest));
        using var timer = new Timer(
            _ => overdue($"{path} has not answered within {allowed.TotalSeconds:N0} seconds: it is given up"), null, allowed,
            Timeout.InfiniteTimeSpan);
        var began = Stopwatch.GetTimestamp();
        var result = call();
        slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(began).TotalSeconds / Math.Max(numbers, 1));
        return result;
    }
}
