using System.Text;
using Occam.Lab.Documents;
using Occam.Lab.Experiments.Contract;
using Occam.Torch;

namespace Occam.Lab.Experiments.Reproduction;

/// <summary>Runs an experiment and leaves its page, its raw data and its verdicts in a folder: all of them, or nothing.</summary>
public static class Reproduction
{
    /// <summary>The page's file.</summary>
    public const string PageName = "index.html";

    /// <summary>The file with the verdicts, for programs.</summary>
    public const string RecordName = "experiment.json";

    /// <summary>The file with the raw runs, from which the verdicts can be had again.</summary>
    public const string RawRunsName = "runs.json";

    /// <summary>Runs it.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="context">What to run it with.</param>
    /// <param name="folder">Where its files go; made where it is not there. What an earlier run left there is replaced.</param>
    /// <param name="command">The command, as typed, for the page.</param>
    /// <exception cref="OccamException">The folder can't be written or is in use, or the experiment's data are not there.</exception>
    /// <exception cref="OperationCanceledException">The user interrupted; the folder is as it was, but for checkpoints.</exception>
    public static ReproducedExperiment Run(Experiment experiment, ExperimentContext context, string folder, string command)
    {
        using var own = FolderLock.Take(folder);
        var clock = context.Clock;
        var outcome = Compute(experiment, context);
        var reproduced = new ReproducedExperiment(experiment, context, outcome, RunEnvironment.Current(), clock.Elapsed, command)
        {
            Processor = clock.Processor,
        };

        context.Progress?.Begin("writing the page");
        AtomicFile.WriteAll(folder,
        [
            .. outcome.Tables.Select(table => (table.FileName, (Action<Stream>)(stream => table.Write(stream, context.Cancellation)))),
            (RawRunsName, stream => stream.Write(outcome.RawRuns.Span)),
            (RecordName, stream => stream.Write(DocumentJson.Write(ReproductionDocument.Of(reproduced)))),
            (PageName, stream => stream.Write(Encoding.UTF8.GetBytes(ReproductionPage.Of(reproduced).ToHtml()))),
        ]);
        if (Directory.Exists(context.CheckpointFolder))
        {
            // The page is there: what it was made of would be a second truth.
            Directory.Delete(context.CheckpointFolder, recursive: true);
        }

        return reproduced;
    }

    private static ExperimentOutcome Compute(Experiment experiment, ExperimentContext context)
    {
        var threads = Libtorch.Threads;
        Libtorch.Threads = context.Threads;
        Libtorch.AllowTf32(context.Precision == Precision.Tf32);
        try
        {
            using var scope = Libtorch.NewDisposeScope();
            var outcome = experiment.Run(context);
            context.Cancellation.ThrowIfCancellationRequested();
            return outcome;
        }
        finally
        {
            Libtorch.Threads = threads;
        }
    }
}
