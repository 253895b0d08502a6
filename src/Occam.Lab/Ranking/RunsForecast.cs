using System.Diagnostics;
using Occam.Lab.Measuring;

namespace Occam.Lab.Ranking;

/// <summary>
/// How far the measuring of many runs is, and what it will take: told by what the measures say of the first run that is measured, and by
/// the pace of the runs that were. Runs whose values are all kept take no time, and count for none.
/// </summary>
/// <param name="runs">Runs of which something is measured.</param>
/// <param name="progress">Receives both.</param>
internal sealed class RunsForecast(int runs, WorkProgress progress)
{
    private readonly string _what = $"measuring {Counted.Of(runs, "run")}";
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private MeasureForecast? _pace;
    private int _done;

    /// <summary>Begins the step.</summary>
    public void Begin()
    {
        progress.Begin(_what);
        _pace = new MeasureForecast(_what, (what, time) => progress.Say(ForecastText.Line(what, time)));
    }

    /// <summary>Forecasts of the measures of the next run: its first alone tells, for the others are like it.</summary>
    public MeasureForecasts? OfRun() => _done > 0 ? null
        : new MeasureForecasts(line => progress.Say(runs == 1 ? line : $"the first of {Counted.Of(runs, "run")}: {line}"));

    /// <summary>So much of the run that is being measured is done.</summary>
    public void Report(double share) => progress.Report((_done + share) / runs);

    /// <summary>A run is measured, or can't be.</summary>
    public void End() => End(_clock.Elapsed);

    /// <inheritdoc cref="End()"/>
    internal void End(TimeSpan elapsed)
    {
        _done++;
        progress.Report((double)_done / runs);
        _pace?.Report((double)_done / runs, elapsed);
    }
}
