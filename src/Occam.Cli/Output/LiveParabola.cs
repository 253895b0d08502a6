using System.Diagnostics;
using System.Globalization;
using Occam.Cli.Running;
using Occam.Lab.Experiments.Dherin2021;

namespace Occam.Cli.Output;

/// <summary>
/// Shows a training of gor-1 as it goes: on a terminal the learned function, redrawn in place; elsewhere a line
/// now and then.
/// </summary>
internal sealed class LiveParabola
{
    private const int Columns = 64;
    private const int Rows = 14;
    private const double Lowest = -0.15;
    private const double Highest = 1.1;
    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(80);

    private readonly Lock _lock = new();
    private readonly Session _session;
    private readonly Parabola _experiment;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly long[] _steps;
    private TimeSpan _drawn = -s_frame;
    private double _spoken = 1;
    private int _height;

    public LiveParabola(Session session, Parabola experiment)
    {
        _session = session;
        _experiment = experiment;
        _steps = new long[experiment.Options.Seeds];
    }

    /// <summary>Takes in what one training recorded.</summary>
    public void Show(int index, ParabolaPoint point, ParabolaFunction function)
    {
        lock (_lock)
        {
            _steps[index] = point.Step;
            if (index != 0)
            {
                return;
            }

            var last = point.Step == _experiment.Options.Steps;
            if (_session.ErrorIsTerminal && (last || _clock.Elapsed - _drawn > s_frame))
            {
                Draw(point, function);
                _drawn = _clock.Elapsed;
            }
            else if (!_session.ErrorIsTerminal && (last || point.Step >= _spoken))
            {
                _session.Note(Status(point));
                _spoken = Math.Max(point.Step, 1) * 2.5;
            }
        }
    }

    private void Draw(ParabolaPoint point, ParabolaFunction function)
    {
        var canvas = new BrailleCanvas(Columns, Rows);
        int Across(double x) => (int)Math.Round((x - Parabola.X[0]) / (Parabola.X[^1] - Parabola.X[0]) * (canvas.Width - 1));
        int Down(double y) => (int)Math.Round((Highest - y) / (Highest - Lowest) * (canvas.Height - 1));
        for (var i = 0; i + 1 < function.X.Length; i++)
        {
            canvas.Line(Across(function.X[i]), Down(function.Y[i]), Across(function.X[i + 1]), Down(function.Y[i + 1]));
        }

        for (var i = 0; i < Parabola.X.Length; i++)
        {
            canvas.Mark(Across(Parabola.X[i]), Down(Parabola.Y[i]), 'o');
        }

        string[] lines = ["", .. canvas.Lines().Select(line => "  " + line), "", "  " + Status(point)];
        var up = _height > 0 ? $"\x1b[{_height}A" : "";
        _session.Error.Write(up + string.Concat(lines.Select(line => $"\x1b[2K{line}\n")));
        _session.Error.Flush();
        _height = lines.Length;
    }

    private string Status(ParabolaPoint point)
    {
        var length = point.ArcLength.ToString("0.0000", CultureInfo.InvariantCulture);
        var shortest = Parabola.ShortestLength.ToString("0.0000", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"step {point.Step,6:N0}   loss {point.Loss:0.0e+00}   arc length {length} (shortest {shortest}){TimeLeft()}");
    }

    private string TimeLeft()
    {
        var done = _steps.Sum() / (double)(_experiment.Options.Steps * (long)_steps.Length);
        if (done is < 0.01 or >= 1)
        {
            return "";
        }

        var left = TimeSpan.FromSeconds(_clock.Elapsed.TotalSeconds * (1 - done) / done);
        return string.Create(CultureInfo.InvariantCulture, $"   {left.TotalSeconds:0} s left");
    }
}
