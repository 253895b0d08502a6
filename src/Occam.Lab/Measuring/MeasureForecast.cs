using System.Diagnostics;

namespace Occam.Lab.Measuring;

/// <summary>
/// What a measure will take, from its own first part: told once where it is long and the measure, which may know before, has said
/// nothing itself.
/// </summary>
/// <param name="title">The measure's title.</param>
/// <param name="say">Tells people.</param>
internal sealed class MeasureForecast(string title, Action<string, TimeSpan> say)
{
    // What is made once makes the first part dearer than the others.
    private const double Enough = 0.02;
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_worthSaying = TimeSpan.FromSeconds(20);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private bool _isTold;

    /// <summary>The measure has said what it will take.</summary>
    public void IsTold() => _isTold = true;

    /// <summary>So much of the measure is done.</summary>
    public void Report(double share) => Report(share, _clock.Elapsed);

    /// <inheritdoc cref="Report(double)"/>
    internal void Report(double share, TimeSpan elapsed)
    {
        if (_isTold || !(share > 0) || elapsed < s_soon || (share < Enough && elapsed < s_late))
        {
            return;
        }

        _isTold = true;
        var whole = elapsed / Math.Min(share, 1);
        if (whole - elapsed > s_worthSaying)
        {
            say(title, whole);
        }
    }
}
