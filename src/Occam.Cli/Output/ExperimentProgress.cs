using System.Diagnostics;
using System.Globalization;
using Occam.Cli.Running;
using Occam.Lab.Experiments.Contract;

namespace Occam.Cli.Output;

/// <summary>Tells how far an experiment is where nobody watches a terminal: a line for each stage, and one now and then.</summary>
internal sealed class ExperimentProgress(Session session, string id) : IExperimentProgress
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Stopwatch _clock = new();
    private string _stage = "";
    private TimeSpan _said;

    public void Begin(string stage)
    {
        lock (_lock)
        {
            _stage = stage;
            _said = TimeSpan.Zero;
            _clock.Restart();
            session.Note($"{id}: {stage}");
        }
    }

    public void Report(double share)
    {
        lock (_lock)
        {
            if (share is > 0 and < 1 && _clock.Elapsed - _said > s_interval)
            {
                _said = _clock.Elapsed;
                var left = _clock.Elapsed * ((1 - share) / share);
                session.Note(
                    string.Create(CultureInfo.InvariantCulture, $"{id}: {_stage}, {100 * share:0} %, {left.TotalSeconds:0} s left"));
            }
        }
    }
}
