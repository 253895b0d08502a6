using System.Collections.Immutable;
using System.Diagnostics;
using Occam.Lab.Runs.Configuration;
using Occam.Networks;
using Occam.Networks.Onnx;
using Occam.Training;

namespace Occam.Lab.Runs.Store;

/// <summary>
/// Writes a run's folder while it is trained. One process at a time has the folder; whatever is killed at whatever
/// moment, the last checkpoint and the metrics up to it are whole.
/// </summary>
internal sealed class RunWriter : IDisposable
{
    private readonly FolderLock _lock;
    private readonly string _folder;
    private readonly CheckpointPlan _plan;
    private readonly Checkpoints _checkpoints;
    private readonly MetricsFile _metrics;
    private readonly SortedDictionary<string, double> _last = new(StringComparer.Ordinal);
    private readonly double _secondsBefore;
    private readonly SortedDictionary<string, string> _networks = new(StringComparer.Ordinal);
    private (long Rows, string Digest) _flushed;
    private string _checkpoint = "";
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _checkpointed = Stopwatch.GetTimestamp();
    private long _nextStep;
    private long? _best;

    private RunWriter(
        FolderLock folderLock, string folder, RunConfiguration configuration, bool haveDigests, long rows, double seconds)
    {
        _lock = folderLock;
        _folder = folder;
        _plan = configuration.Checkpoint;
        _checkpoints = new Checkpoints(In(RunFolder.CheckpointsName), haveDigests);
        _secondsBefore = seconds;
        _metrics = MetricsFile.Continue(In(RunFolder.MetricsName), rows);
        _flushed = (_metrics.Rows, _metrics.Digest);
    }

    /// <summary>The step of the last checkpoint; −1 before the first.</summary>
    public long CheckpointStep { get; private set; } = -1;

    /// <summary>Seconds of training so far.</summary>
    public double Seconds => _secondsBefore + Stopwatch.GetElapsedTime(_began).TotalSeconds;

    /// <summary>Begins a run in a folder.</summary>
    /// <exception cref="OccamException">The folder is in use, holds something, or can't be written to.</exception>
    public static RunWriter Create(FolderLock folderLock, string folder, ConfigurationReading reading, RunOrigin origin, Network network)
    {
        var initial = Path.Combine(folder, RunFolder.InitialName);
        OnnxWriter.Write(network.Graph, initial);
        var configuration = System.Text.Encoding.UTF8.GetBytes(reading.Text);
        var known = origin with
        {
            Digests = ImmutableSortedDictionary<string, string>.Empty
                .Add(RunFolder.ConfigurationName, TrailingDigest.Of(configuration))
                .Add(RunFolder.InitialName, TrailingDigest.OfFile(initial)),
        };
        AtomicFile.WriteAll(
            folder,
            (RunFolder.OriginName, stream => stream.Write(RunJson.OfRuns.WithDigest(known))),
            (RunFolder.ConfigurationName, stream => stream.Write(configuration)));
        return new RunWriter(folderLock, folder, reading.Require(), haveDigests: true, 0, 0);
    }

    /// <summary>Goes on with a run from a checkpoint, or from the beginning where there is none.</summary>
    /// <exception cref="OccamException">The folder can't be written to.</exception>
    public static RunWriter Continue(FolderLock folderLock, RunFolder run, (long Step, StateArchive Archive)? checkpoint)
    {
        foreach (var left in OwnFiles.Below(run.FolderPath, "*.tmp").ToArray())
        {
            File.Delete(left);
        }

        var known = StatusCheck.StatusOf(run);
        if (checkpoint is var (last, _))
        {
            run.Checkpoints.RemoveAfter(last);
        }

        var (rows, seconds) = checkpoint is var (_, archive)
            ? (archive.Read<long>(Checkpoints.Rows)[0], archive.Read<double>(Checkpoints.Seconds)[0])
            : (0, 0);
        var writer = new RunWriter(folderLock, run.FolderPath, run.Configuration, run.HasDigests, rows, seconds);
        foreach (var metric in run.Metrics())
        {
            writer._last[metric.Name] = metric.Value;
        }

        if (checkpoint is var (step, _))
        {
            writer.CheckpointStep = step;
            writer._checkpoint = writer._checkpoints.DigestOf(step);
            if (known?.Checkpoint == step)
            {
                foreach (var (name, digest) in known.Files!.Networks)
                {
                    writer._networks[name] = digest;
                }
            }
        }

        return writer;
    }

    /// <summary>Writes a metric's row, with the seconds of training so far.</summary>
    /// <exception cref="OccamException">It can't be written.</exception>
    public void Append(Metric metric)
    {
        _last[metric.Name] = metric.Value;
        Guard(RunFolder.MetricsName, () => _metrics.Append(metric with { Elapsed = Seconds }));
    }

    /// <summary>Whether a checkpoint is to be written after this step.</summary>
    public bool IsDue(Trainer trainer)
    {
        if (_plan.Seconds is { } seconds)
        {
            return Stopwatch.GetElapsedTime(_checkpointed).TotalSeconds >= seconds;
        }

        if (_nextStep == 0)
        {
            _nextStep = _plan.Steps!.Next(trainer.Step - 1, trainer.StepsPerEpoch);
        }

        return trainer.Step >= _nextStep;
    }

    /// <summary>Writes the state of a training after a step: metrics first, then the checkpoint, the networks, the status.</summary>
    /// <returns>False, and nothing written, where the weights or the optimizer's moments aren't finite any more: the checkpoint before is
    /// the last good one.</returns>
    /// <exception cref="OccamException">The disk is full, or something else keeps it from being written; what was there before stays
    /// whole.</exception>
    public bool Checkpoint(Trainer trainer)
    {
        Flush();
        var snapshot = trainer.Snapshot();
        if (NetworkChecks.NonFiniteParameters(snapshot).Length > 0)
        {
            return false;
        }

        var archive = trainer.Save();
        if (StoredNumbers.Problem(archive, trainer.Settings.Optimizer, mayBeInfinite: false) is not null)
        {
            return false;
        }

        archive.Write(Checkpoints.Rows, [_metrics.Rows]);
        archive.WriteText(Checkpoints.MetricsDigest, _metrics.Digest);
        archive.Write(Checkpoints.Seconds, [Seconds]);
        _checkpoints.Write(trainer.Step, archive);
        CheckpointStep = trainer.Step;
        _checkpoint = _checkpoints.DigestOf(trainer.Step);
        Write(RunFolder.NetworkName, snapshot);
        if (trainer.Best is var (network, metric) && metric.Step != _best)
        {
            Write(RunFolder.BestName, network);
            _best = metric.Step;
        }

        WriteStatus(trainer, RunState.Running, "");
        _checkpointed = Stopwatch.GetTimestamp();
        _nextStep = _plan.Steps?.Next(trainer.Step, trainer.StepsPerEpoch) ?? 0;
        return true;
    }

    /// <summary>Writes how the run stands.</summary>
    /// <exception cref="OccamException">It can't be written.</exception>
    public void WriteStatus(Trainer trainer, RunState state, string why) =>
        AtomicFile.Write(In(RunFolder.StatusName), stream => stream.Write(RunJson.OfRuns.WithDigest(new RunStatus
        {
            State = state,
            Why = why,
            Step = trainer.Step,
            Steps = trainer.Steps,
            Epoch = trainer.Epoch,
            Checkpoint = CheckpointStep,
            Engine = trainer.EngineName,
            Seconds = Seconds,
            ProbeSeconds = trainer.ProbeSeconds.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Metrics = _last.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Files = new RunFiles(
                _checkpoint, _networks.ToImmutableSortedDictionary(StringComparer.Ordinal), _flushed.Rows, _flushed.Digest),
            Written = DateTimeOffset.UtcNow,
        })));

    /// <summary>Has the rows so far on the disk.</summary>
    /// <exception cref="OccamException">They can't be written.</exception>
    public void Flush()
    {
        Guard(RunFolder.MetricsName, _metrics.Flush);
        _flushed = (_metrics.Rows, _metrics.Digest);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics.Dispose();
        _lock.Dispose();
    }

    private void Write(string name, Network network)
    {
        using var scope = Occam.Torch.Libtorch.NewDisposeScope();
        OnnxWriter.Write(network.Graph, In(name));
        _networks[name] = TrailingDigest.OfNetworks.CarriedBy(In(name)) ?? "";
    }

    private void Guard(string name, Action write)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            throw new OccamException($"can't write '{In(name)}': {e.Reason()}", e);
        }
    }

    private string In(string name) => Path.Combine(_folder, name);
}
