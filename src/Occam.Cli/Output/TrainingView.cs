using Occam.Lab.Runs.Store;
using Occam.Training;

namespace Occam.Cli.Output;

/// <summary>What the terminal shows of a training: the training thread writes it, another reads it.</summary>
internal sealed class TrainingView(TimeProvider time) : ITrainingObserver
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MetricHistory> _metrics = [];
    private long _began, _first, _step;
    private double _loss = double.NaN;

    /// <summary>The run's folder.</summary>
    public string Folder { get; private set; } = "";

    /// <summary>The step of the last checkpoint.</summary>
    public long CheckpointStep { get; private set; } = -1;

    /// <summary>Whether the training has begun.</summary>
    public bool HasBegun => Volatile.Read(ref _began) != 0;

    /// <summary>Steps taken.</summary>
    public long Step => Volatile.Read(ref _step);

    /// <summary>Steps of the whole run.</summary>
    public long Steps { get; private set; }

    /// <summary>Steps of an epoch.</summary>
    public long StepsPerEpoch { get; private set; } = 1;

    /// <summary>The engine's name.</summary>
    public string Engine { get; private set; } = "";

    /// <summary>The loss of the last step.</summary>
    public double Loss => Volatile.Read(ref _loss);

    /// <summary>Steps a second since the training began or went on.</summary>
    public double Rate => HasBegun ? (Step - _first) / Math.Max(time.GetElapsedTime(_began).TotalSeconds, 1e-9) : 0;

    /// <summary>The remaining time at that rate; null where it is not known yet.</summary>
    public TimeSpan? Left => Rate > 0 ? TimeSpan.FromSeconds(Math.Min((Steps - Step) / Rate, TimeSpan.MaxValue.TotalSeconds / 2)) : null;

    /// <summary>The metrics in the order of their first appearance.</summary>
    public IReadOnlyList<(string Name, MetricHistory History)> Metrics
    {
        get
        {
            lock (_lock)
            {
                return [.. _metrics.Select(pair => (pair.Key, pair.Value.Copy()))];
            }
        }
    }

    public void OnBegin(string folder, Trainer trainer)
    {
        (Folder, Steps, StepsPerEpoch, Engine) = (folder, trainer.Steps, trainer.StepsPerEpoch, trainer.EngineName);
        _first = trainer.Step;
        Volatile.Write(ref _step, trainer.Step);
        Volatile.Write(ref _began, time.GetTimestamp());
    }

    public void OnMetric(Metric metric)
    {
        lock (_lock)
        {
            if (!_metrics.TryGetValue(metric.Name, out var history))
            {
                _metrics[metric.Name] = history = new MetricHistory();
            }

            history.Add(metric.Value);
        }
    }

    public void OnStep(Trainer trainer)
    {
        Volatile.Write(ref _step, trainer.Step);
        Volatile.Write(ref _loss, trainer.Loss);
    }

    public void OnCheckpoint(long step) => CheckpointStep = step;
}
