using Occam.Measures;

namespace Occam.Lab.Measuring;

/// <summary>
/// What each measure of a network will take: from a timed first batch where the measure times one, and from its own first part where it
/// doesn't.
/// </summary>
/// <param name="say">Tells people a line.</param>
internal sealed class MeasureForecasts(Action<string> say)
{
    private MeasureForecast? _ahead;

    /// <summary>The same options, of which forecasts are told.</summary>
    /// <param name="options">How the measures are computed.</param>
    /// <param name="report">Receives the share of the current measure that is done, from 0 to 1.</param>
    public MeasureOptions Within(MeasureOptions options, Action<double> report) => options with
    {
        Progress = share =>
        {
            report(share);
            _ahead?.Report(share);
        },
        Expect = forecast => Say(ForecastText.Line(forecast)),
        ExpectWork = (what, time) => Say(ForecastText.Line(what, time)),
    };

    /// <summary>The next measure begins.</summary>
    public void Begin(string title) => _ahead = new MeasureForecast(title, (what, time) => say(ForecastText.Line(what, time)));

    private void Say(string line)
    {
        _ahead?.IsTold();
        say(line);
    }
}
