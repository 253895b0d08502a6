using System.Collections.Immutable;
using System.Diagnostics;
using Occam.Data;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Training;

/// <summary>
/// Trains a network on data: a function of both and the settings, bit for bit on one machine, whether it was
/// interrupted and resumed or not. The network it starts from is left alone.
/// </summary>
/// <remarks>For one thread at a time; trainers of other threads may run beside it, from the same network and data.</remarks>
/// <example>
/// <code>
/// using var trainer = new Trainer(network, data, new TrainingSettings
/// {
///     Loss = new CrossEntropy(),
///     Optimizer = new Sgd(0.1, Momentum: 0.9),
///     BatchSize = 64,
///     Epochs = 10,
/// });
/// trainer.Run();
/// OnnxWriter.Write(trainer.Snapshot().Graph, "trained.onnx");
/// </code>
/// </example>
public sealed class Trainer : IDisposable
{
    private const int EvaluatedAtOnce = 512;

    private readonly IEngine _engine;
    private readonly Feed _feed;
    private readonly ImmutableArray<Probe> _probes;
    private readonly long[] _next;
    private readonly double[] _costs;
    private readonly StopRule _stop;
    private double _lossSum;
    private long _correct, _examples, _lossSteps;
    private bool _begun;

    /// <summary>Prepares a training.</summary>
    /// <param name="network">The network to start from; it computes logits.</param>
    /// <param name="data">The training examples.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="probes">The quantities to observe during training.</param>
    /// <exception cref="OccamException">The settings are invalid, or don't fit the network and the data: the message lists every
    /// problem.</exception>
    public Trainer(Network network, DataSet data, TrainingSettings settings, IEnumerable<Probe>? probes = null)
    {
        var problems = settings.Problems(network, data).ToArray();
        if (problems.Length > 0)
        {
            throw new OccamException(string.Join("; ", problems.Select(problem => problem.Message)));
        }

        Settings = settings;
        Start = network;
        _feed = new Feed(data, settings);
        StepsPerEpoch = _feed.StepsPerEpoch;
        Observer = StepObserverKind.For(network, settings, StepsPerEpoch);
        _engine = EngineKind.For(network, settings, _feed, Observer);
        Steps = settings.Steps ?? checked(settings.Epochs!.Value * StepsPerEpoch);
        _probes = [.. probes ?? []];
        _next = new long[_probes.Length];
        _costs = new double[_probes.Length];
        _stop = new StopRule(settings.Stop);
    }

    /// <summary>The network that the training began with.</summary>
    public Network Start { get; }

    /// <summary>How it trains.</summary>
    public TrainingSettings Settings { get; }

    /// <summary>Steps taken.</summary>
    public long Step { get; private set; }

    /// <summary>Steps of the whole run.</summary>
    public long Steps { get; }

    /// <summary>Steps of an epoch.</summary>
    public long StepsPerEpoch { get; }

    /// <summary>Steps taken, in epochs.</summary>
    public double Epoch => (double)Step / StepsPerEpoch;

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate => Settings.Optimizer.LearningRate * Settings.Schedule.Factor(Step, StepsPerEpoch, Steps);

    /// <summary>The engine's name: libtorch, or the managed kernel.</summary>
    public string EngineName => _engine.Name;

    /// <summary>Why the training ended; none while it goes on.</summary>
    public TrainingEnd End { get; private set; }

    /// <summary>The mean training loss of the last step; NaN before the first.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>All metrics recorded since this trainer began, in the order of recording.</summary>
    public List<Metric> Metrics { get; } = [];

    /// <summary>Called with every metric as it is recorded.</summary>
    public Action<Metric>? Observed { get; set; }

    /// <summary>Called after every step.</summary>
    public Action<Trainer>? Stepped { get; set; }

    /// <summary>
    /// The metric by which the best weights are kept: its largest value where its name ends in <c>accuracy</c>, otherwise its
    /// smallest; null for none.
    /// </summary>
    public string? KeepBest { get; init; }

    /// <summary>The network when <see cref="KeepBest"/> was best, and that metric; null before it is first recorded.</summary>
    public (Network Network, Metric Metric)? Best { get; private set; }

    /// <summary>The total time of each probe, in seconds, by its name.</summary>
    public IReadOnlyDictionary<string, double> ProbeSeconds => _probes.Select((probe, i) => (probe.Name, Seconds: _costs[i]))
        .GroupBy(pair => pair.Name)
        .ToDictionary(group => group.Key, group => group.Sum(pair => pair.Seconds));

    /// <summary>What follows parameters step by step; null for nothing.</summary>
    internal IStepObserver? Observer { get; }

    /// <summary>Trains to the end, or until asked to stop; then it can go on, here or from a checkpoint.</summary>
    public TrainingEnd Run(CancellationToken cancellation = default)
    {
        Begin();
        while (End == TrainingEnd.None)
        {
            if (cancellation.IsCancellationRequested)
            {
                return TrainingEnd.Interrupted;
            }

            TakeStep();
        }

        return End;
    }

    /// <summary>Records the metrics before the first step, where that has not been done.</summary>
    public void Begin()
    {
        if (!_begun && Step == 0)
        {
            Observe(all: true);
        }

        _begun = true;
        if (Step >= Steps && End == TrainingEnd.None)
        {
            End = TrainingEnd.Completed;
        }
    }

    /// <summary>Observes all probes, due or not, and records their metrics.</summary>
    public void Observe() => Observe(all: true);

    /// <summary>Takes one step, and records the metrics that are due.</summary>
    public void TakeStep()
    {
        var rate = LearningRate;
        var batch = _feed.Next();
        var figures = _engine.Step(batch, rate);
        Step++;
        Loss = figures.Loss;
        if (!double.IsFinite(Loss) || Loss > Settings.Stop.Divergence)
        {
            End = TrainingEnd.Diverged;
            return;
        }

        _lossSum += Loss;
        _lossSteps++;
        _correct += figures.Correct;
        _examples += batch.Count;
        Observer?.Observe(rate, figures.Epsilon);
        Stepped?.Invoke(this);
        foreach (var (name, value) in Observer?.Metrics(Step, Step == Steps) ?? [])
        {
            Record(new Metric(Step, Epoch, name, value));
        }

        if (Step % StepsPerEpoch == 0)
        {
            EndEpoch();
        }

        if (End == TrainingEnd.None && Step >= Steps)
        {
            End = TrainingEnd.Completed;
        }

        Observe(all: End != TrainingEnd.None);
    }

    /// <summary>The mean loss and the share classified correctly on examples in memory, in evaluation mode.</summary>
    /// <param name="inputs">Count × the example's size.</param>
    /// <param name="targets">Classes, or real targets.</param>
    /// <param name="count">How many examples.</param>
    public (double Loss, double Accuracy) Evaluate(float[] inputs, double[] targets, int count)
    {
        var (size, targetSize, k) = (inputs.Length / count, targets.Length / count, _engine.Outputs);
        var logits = new double[Math.Min(count, EvaluatedAtOnce) * k];
        Span<double> slope = k <= 64 ? stackalloc double[k] : new double[k];
        var (loss, correct) = (0.0, 0);
        for (var start = 0; start < count; start += EvaluatedAtOnce)
        {
            var taken = Math.Min(EvaluatedAtOnce, count - start);
            _engine.Forward(inputs.AsSpan(start * size, taken * size), taken, logits);
            for (var i = 0; i < taken; i++)
            {
                var target = targets.AsSpan((start + i) * targetSize, targetSize);
                var z = logits.AsSpan(i * k, k);
                loss += Settings.Loss.Slope(z, target, slope, out _);
                correct += Settings.Loss.IsCorrect(z, target) ? 1 : 0;
            }
        }

        return (loss / count, (double)correct / count);
    }

    /// <summary>A copy of the network with its current weights.</summary>
    public Network Snapshot() => _engine.Snapshot();

    /// <summary>Writes all that the following steps depend on.</summary>
    public StateArchive Save()
    {
        var archive = new StateArchive();
        archive.Write("trainer.step", [Step, _correct, _examples, _lossSteps, (long)End]);
        archive.Write("trainer.loss", [Loss, _lossSum]);
        _stop.Save(archive);
        _feed.Save(archive);
        _engine.Save(archive);
        Observer?.Save(archive);
        if (Best is var (network, metric))
        {
            archive.Write("best.metric", [metric.Step, metric.Epoch, metric.Value]);
            BestWeights.Save(archive, network);
        }

        return archive;
    }

    /// <summary>Goes on from where <see cref="Save"/> was called on a trainer of the same network, data and settings.</summary>
    /// <exception cref="OccamException">It was another.</exception>
    public void Load(StateArchive archive)
    {
        try
        {
            LoadParts(archive);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or KeyNotFoundException or InvalidOperationException
            or ArithmeticException or (TorchException and not TorchMemoryException))
        {
            // Its bytes are those that were written: it doesn't fit together. What .NET says of that helps nobody.
            throw new OccamException("the checkpoint is of another network, of other data or settings, or of another version", e);
        }
    }

    private void LoadParts(StateArchive archive)
    {
        LoadCounts(archive.Read<long>("trainer.step", 5));
        LoadLoss(archive.Read<double>("trainer.loss", 2));
        _begun = true;
        _stop.Load(archive);
        _feed.Load(archive, Step);
        _engine.Load(archive);
        if (archive.Read<long>("engine.steps", 1)[0] is var taken && taken != Step)
        {
            throw StateArchive.Refused("engine.steps", $"the engine took {taken} steps and the training {Step}");
        }

        if (StoredNumbers.Problem(archive, Settings.Optimizer, mayBeInfinite: End == TrainingEnd.Diverged) is var (name, why))
        {
            throw StateArchive.Refused(name, why);
        }

        Observer?.Load(archive, Step - (End == TrainingEnd.Diverged ? 1 : 0));
        for (var i = 0; i < _probes.Length; i++)
        {
            _next[i] = _probes[i].When.Next(Step, StepsPerEpoch);
        }

        Best = null;
        if (KeepBest is not null && archive.Names.Contains("best.metric"))
        {
            var best = archive.Read<double>("best.metric", 3);
            if (!(best[0] >= 0 && best[0] <= Step && double.IsInteger(best[0]) && best[1] == best[0] / StepsPerEpoch))
            {
                throw StateArchive.Refused("best.metric", $"at step {Step} there was no best of step {best[0]}, epoch {best[1]}");
            }

            Best = (BestWeights.Load(archive, Snapshot()), new Metric((long)best[0], best[1], KeepBest, best[2]));
        }
    }

    // Of a step that didn't diverge there is a loss, and its sum is over the steps of the epoch.
    private void LoadLoss(double[] losses)
    {
        (Loss, _lossSum) = (losses[0], losses[1]);
        var canBe = Step == 0 ? double.IsNaN(Loss)
            : End == TrainingEnd.Diverged || (double.IsFinite(Loss) && Loss <= Settings.Stop.Divergence);
        if (!canBe || double.IsNaN(_lossSum) || (_lossSteps == 0 && _lossSum != 0))
        {
            throw StateArchive.Refused(
                "trainer.loss", $"a loss of {Loss} after step {Step}, and a sum of {_lossSum} over {_lossSteps} steps, can't be");
        }
    }

    // All of them follow from the step, but for how many were classified correctly and why it ended.
    private void LoadCounts(long[] counts)
    {
        var (step, correct, examples, lossSteps, end) = (counts[0], counts[1], counts[2], counts[3], (TrainingEnd)counts[4]);
        if (step < 0 || step > Steps)
        {
            throw StateArchive.Refused("trainer.step", $"step {step} is none of a training of {Steps} steps");
        }

        if (!CanEnd(end, step))
        {
            throw StateArchive.Refused("trainer.step", $"after step {step} of {Steps} it can't have ended as {counts[4]}");
        }

        // The step on which it diverged counts among none.
        var taken = (step - (end == TrainingEnd.Diverged ? 1 : 0)) % StepsPerEpoch;
        if (lossSteps != taken || examples != taken * _feed.BatchSize || correct < 0 || correct > examples)
        {
            throw StateArchive.Refused(
                "trainer.step", $"{correct} of {examples} examples in {lossSteps} steps can't be what epoch {step / StepsPerEpoch} saw");
        }

        (Step, _correct, _examples, _lossSteps, End) = (step, correct, examples, lossSteps, end);
    }

    private bool CanEnd(TrainingEnd end, long step) => end switch
    {
        TrainingEnd.None => step < Steps || step == 0,
        TrainingEnd.Completed => step == Steps,
        TrainingEnd.LossReached or TrainingEnd.AccuracyReached => step > 0 && step % StepsPerEpoch == 0,
        TrainingEnd.PatienceExhausted => Settings.Stop.Patience is not null,
        TrainingEnd.Diverged => step > 0,
        _ => false,
    };

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    private void EndEpoch()
    {
        var loss = _lossSum / _lossSteps;
        Record(new Metric(Step, Epoch, "train.loss", loss));
        var accuracy = (double)_correct / _examples;
        if (Settings.Loss.TakesClasses)
        {
            Record(new Metric(Step, Epoch, "train.accuracy", accuracy));
        }

        (_lossSum, _lossSteps, _correct, _examples) = (0, 0, 0, 0);
        if (End == TrainingEnd.None)
        {
            End = _stop.AfterEpoch(loss, accuracy);
        }
    }

    private void Observe(bool all)
    {
        for (var i = 0; i < _probes.Length; i++)
        {
            if (!all && Step < _next[i])
            {
                continue;
            }

            _next[i] = _probes[i].When.Next(Step, StepsPerEpoch);
            var began = Stopwatch.GetTimestamp();
            Metric[] observed = [.. _probes[i].Observe(this)];
            _costs[i] += Stopwatch.GetElapsedTime(began).TotalSeconds;
            foreach (var metric in observed)
            {
                Record(metric);
            }
        }
    }

    private void Record(Metric metric)
    {
        Metrics.Add(metric);
        Observed?.Invoke(metric);
        if (metric.Name == KeepBest && (Best is not var (_, best)
            || (metric.Name.EndsWith("accuracy", StringComparison.Ordinal) ? metric.Value > best.Value : metric.Value < best.Value)))
        {
            Best = (Snapshot(), metric);
        }

        if (_stop.IsMetBy(metric) && End == TrainingEnd.None)
        {
            End = TrainingEnd.PatienceExhausted;
        }
    }
}
