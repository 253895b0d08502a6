using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.TensorBoard;
using Occam.Torch;
using Occam.Training;

namespace Occam.Lab.Runs.Store;

/// <summary>Trains in a folder of the run store.</summary>
public sealed class TrainingRun
{
    /// <summary>Receives the run's events as they happen.</summary>
    public required ITrainingObserver Observer { get; init; }

    /// <summary>Receives a line for each damaged file that is passed over or written anew.</summary>
    public Action<string> Damaged { get; init; } = _ => { };

    /// <summary>Asks the training to write a checkpoint after its step and to end.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Whether TensorBoard's event files are written as well.</summary>
    public bool TensorBoard { get; init; }

    /// <summary>The command line, which is recorded.</summary>
    public string Command { get; init; } = "";

    /// <summary>Trains from the beginning.</summary>
    /// <param name="plan">What to train.</param>
    /// <param name="reading">Its configuration.</param>
    /// <param name="folder">The run's folder, which must be empty or not there.</param>
    /// <exception cref="OccamException">The folder is in use or not empty, or can't be written to.</exception>
    public RunEnd Begin(RunPlan plan, ConfigurationReading reading, string folder)
    {
        using var folderLock = FolderLock.Take(folder);
        if (RunFolder.IsRun(folder))
        {
            throw new OccamException($"there is a run in '{folder}' already: go on with it by --resume {folder}, or name another folder");
        }

        if (Directory
            .EnumerateFileSystemEntries(folder)
            .Any(entry => Path.GetFileName(entry) != FolderLock.FileName && !entry.EndsWith(".tmp", StringComparison.Ordinal)))
        {
            throw new OccamException($"the folder '{folder}' is not empty: name another, or one that is not there yet");
        }

        var configuration = plan.Configuration;
        var threads = configuration.Threads ?? Environment.ProcessorCount;
        var origin = new RunOrigin(
            RunEnvironment.Current(), configuration.Device, threads, configuration.Settings.Seed, DateTimeOffset.UtcNow,
            Environment.CurrentDirectory, Command);
        using var writer = RunWriter.Create(folderLock, folder, reading, origin, plan.Network);
        RunLog.Add(folder, $"begun by Occam {origin.Environment.Occam}, on {configuration.Device} with {Counted.Of(threads, "thread")}");

        // A resumed run starts from the file; for both to write the same bytes, so does this one.
        var from = plan.From(RunFolder.Open(folder).InitialNetwork());
        return WithThreads(threads, () =>
        {
            using var trainer = from.MakeTrainer();
            return Train(trainer, writer, folder);
        });
    }

    /// <summary>Goes on with a run from its last checkpoint: it ends as if it had never stopped.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="changed">A configuration that it is to be resumed with, which must say the same; null for its own.</param>
    /// <exception cref="OccamException">There is no run, it has diverged, another process has it, the configuration changed, no checkpoint
    /// is whole, or a file that would be written is a link.</exception>
    public RunEnd Resume(string folder, ConfigurationReading? changed = null)
    {
        var run = RunFolder.Open(folder);
        OwnFiles.RefuseLinks(
            folder, [.. RunFolder.Written, .. run.Checkpoints.Steps.Select(step => Path.GetFullPath(run.Checkpoints.PathOf(step)))]);
        using var folderLock = FolderLock.Take(folder);
        if (changed is not null)
        {
            ThrowIfChanged(run, changed);
        }

        void Tell(string problem)
        {
            RunLog.Add(folder, problem);
            Damaged(problem);
        }

        var status = StatusOf(run, Tell);
        if (status?.State == RunState.Diverged)
        {
            throw new OccamException($"the run in '{folder}' diverged: {status.Why}; the same steps again would diverge again: change "
                + "its configuration and begin a new run");
        }

        InitialNetworkFile.Mend(run, Tell);
        var plan = run.MakePlan();
        var gone = new StatusCheck(run).OfCheckpoints();
        if (gone is not null)
        {
            Tell($"of the checkpoints in '{run.In(RunFolder.CheckpointsName)}', {gone}");
        }

        return WithThreads(run.Origin.Threads, () =>
        {
            using var trainer = plan.MakeTrainer();
            var checkpoint = run.LastCheckpoint(why => Tell($"{why}; the checkpoint before is taken"), trainer.Load);
            if (status?.State == RunState.Completed && checkpoint?.Step == status.Step && gone is null && !HasDamagedFiles(run, Tell))
            {
                return new RunEnd(folder, RunState.Completed, $"it had ended before: {status.Why}", status.Step, status.Checkpoint);
            }

            using var writer = RunWriter.Continue(folderLock, run, checkpoint);
            var from = checkpoint is var (step, _) ? $"from the checkpoint of step {step}" : "from the beginning";
            RunLog.Add(folder, $"resumed {from}, by Occam {RunEnvironment.Version}");
            return Train(trainer, writer, folder);
        });
    }

    // How it stood is known from its checkpoints too.
    private static RunStatus? StatusOf(RunFolder run, Action<string> damaged)
    {
        try
        {
            return run.Status;
        }
        catch (OccamException e)
        {
            damaged(e.Message);
            return null;
        }
    }

    // Those that come anew where the run is ended once more.
    private static bool HasDamagedFiles(RunFolder run, Action<string> damaged)
    {
        var check = new StatusCheck(run);
        string?[] found =
        [
            .. run.NetworkNames.Where(name => name != RunFolder.InitialName).Select(run.ProblemOf),
            File.Exists(run.In(RunFolder.NetworkName)) ? null : $"'{run.In(RunFolder.NetworkName)}' is missing",
            File.Exists(run.In(RunFolder.BestName)) || check.OfNetwork(RunFolder.BestName) is not { } best
                ? null
                : $"'{run.In(RunFolder.BestName)}' is damaged: {best}",
            check.OfMetrics() is { } metrics ? $"'{run.In(RunFolder.MetricsName)}' is damaged: {metrics}" : null,
        ];
        string[] problems = [.. found.OfType<string>()];
        Array.ForEach(problems, damaged);
        return problems.Length > 0;
    }

    private static void ThrowIfChanged(RunFolder run, ConfigurationReading changed)
    {
        var before = run.Reading.Values.ToDictionary(pair => pair.Key, pair => pair.Value);
        var after = changed.Values.ToDictionary(pair => pair.Key, pair => pair.Value);
        string[] changes =
        [
            .. before.Keys.Union(after.Keys)
                .Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key))
                .Select(key => $"{key} was {before.GetValueOrDefault(key, "left out")} and is "
                    + $"{after.GetValueOrDefault(key, "left out")} ({changed.PlaceOf(key)})"),
        ];
        if (changes.Length > 0)
        {
            throw new OccamException($"the run in '{run.FolderPath}' was begun with another configuration: "
                + $"{string.Join("; ", changes)}; resume it without naming a configuration to go on as it was begun, or begin a new run");
        }
    }

    private static RunEnd WithThreads(int threads, Func<RunEnd> train)
    {
        var before = Libtorch.Threads;
        Libtorch.Threads = threads;
        try
        {
            return train();
        }
        finally
        {
            Libtorch.Threads = before;
        }
    }

    private RunEnd Train(Trainer trainer, RunWriter writer, string folder)
    {
        try
        {
            if (writer.CheckpointStep >= 0)
            {
                // What the status says of files is of the checkpoint that the run goes on from, before another is written.
                writer.WriteStatus(trainer, RunState.Running, "");
            }

            using var board = TensorBoard ? TensorBoardFile.Create(Path.Combine(folder, RunFolder.TensorBoardName), trainer.Step) : null;
            trainer.Observed = metric =>
            {
                writer.Append(metric);
                board?.Write(metric);
                Observer.OnMetric(metric);
            };
            Observer.OnBegin(folder, trainer);
            return Steps(trainer, writer, board, folder);
        }
        catch (OccamException e)
        {
            TryRecordFailure(trainer, writer, e.Message);
            RunLog.Add(folder, $"failed at step {trainer.Step}: {e.Message}");
            var kept = writer.CheckpointStep >= 0
                ? $"the checkpoint of step {writer.CheckpointStep} is whole: when this is mended, go on"
                : "there is no checkpoint yet: when this is mended, begin again";
            throw new OccamException($"{e.Message}; {kept} with occam train --resume {folder}", e);
        }
    }

    private RunEnd Steps(Trainer trainer, RunWriter writer, TensorBoardFile? board, string folder)
    {
        var isNew = writer.CheckpointStep < 0;
        trainer.Begin();
        if (isNew && !Checkpoint(trainer, writer, board))
        {
            return Diverged(trainer, writer, folder);
        }

        while (trainer.End == TrainingEnd.None)
        {
            if (Cancellation.IsCancellationRequested && Checkpoint(trainer, writer, board))
            {
                return End(trainer, writer, folder, RunState.Interrupted, $"interrupted at step {trainer.Step}");
            }

            trainer.TakeStep();
            Observer.OnStep(trainer);
            if (trainer.End == TrainingEnd.None && writer.IsDue(trainer) && !Checkpoint(trainer, writer, board))
            {
                return Diverged(trainer, writer, folder);
            }
        }

        if (trainer.End == TrainingEnd.Diverged || !Checkpoint(trainer, writer, board))
        {
            return Diverged(trainer, writer, folder);
        }

        var steps = Counted.Of(trainer.Step, "step");
        return End(trainer, writer, folder, RunState.Completed, trainer.End switch
        {
            TrainingEnd.LossReached => $"the training loss fell below {trainer.Settings.Stop.LossBelow} after {steps}",
            TrainingEnd.AccuracyReached => $"the training accuracy reached {trainer.Settings.Stop.Accuracy} after {steps}",
            TrainingEnd.PatienceExhausted =>
                $"the test loss had not fallen for {Counted.Of(trainer.Settings.Stop.Patience!.Value, "evaluation")}, after {steps}",
            _ => trainer.Steps == 1 ? "the one step was taken" : $"all {Counted.Of(trainer.Steps, "step")} were taken",
        });
    }

    private bool Checkpoint(Trainer trainer, RunWriter writer, TensorBoardFile? board)
    {
        board?.Flush();
        if (!writer.Checkpoint(trainer))
        {
            return false;
        }

        Observer.OnCheckpoint(trainer.Step);
        return true;
    }

    private static RunEnd Diverged(Trainer trainer, RunWriter writer, string folder)
    {
        writer.Flush();
        return End(trainer, writer, folder, RunState.Diverged, trainer.End == TrainingEnd.Diverged
            ? $"the loss was {trainer.Loss} at step {trainer.Step}"
            : $"the weights or the optimizer's moments weren't finite after step {trainer.Step}");
    }

    private static RunEnd End(Trainer trainer, RunWriter writer, string folder, RunState state, string why)
    {
        writer.WriteStatus(trainer, state, why);
        RunLog.Add(folder, state == RunState.Interrupted ? why : $"{state.ToString().ToLowerInvariant()}: {why}");
        return new RunEnd(folder, state, why, trainer.Step, writer.CheckpointStep);
    }

    private static void TryRecordFailure(Trainer trainer, RunWriter writer, string why)
    {
        try
        {
            writer.WriteStatus(trainer, RunState.Failed, why);
        }
        catch (OccamException)
        {
            // The disk that couldn't take a checkpoint can't take this either; the reader then finds the run without a process.
        }
    }
}
