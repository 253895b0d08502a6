using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Data;
using Occam.Lab.Documents;
using Occam.Lab.Measuring;
using Occam.Lab.Runs.Store;
using Occam.Measures;
using Occam.Networks.Loading;
using Occam.Theory;
using Occam.Training.Losses;
using Occam.Training.Trajectories;

namespace Occam.Cli.Commands;

/// <summary><c>occam verify</c>: do the theorems hold on this network?</summary>
internal sealed class VerifyCommand : OccamCommand
{
    private readonly Option<string[]> _theorem =
        new("--theorem") { HelpName = "id,…", Description = "The theorems to check, in this order; all of them when left out" };
    private readonly Option<string?> _network = new("--network") { HelpName = "NETWORK", Description = "An ONNX file" };
    private readonly Option<string?> _data =
        new("--data") { HelpName = "DATA", Description = "The training examples: a named data set or a file, as for occam measure" };
    private readonly Option<string?> _run = new("--run")
    {
        HelpName = "DIR",
        Description = "A run of occam train: its network at the "
        + "last checkpoint, its data, and the trajectory of its biases where it was followed"
    };
    private readonly Option<string?> _test = new("--test") { HelpName = "DATA", Description = "Examples that the training hasn't seen" };
    private readonly FunctionOptions _function;
    private readonly Option<bool> _list = new("--list") { Description = "List the theorems, and check nothing" };
    private readonly DataChoice _choice;
    private readonly OutputOptions _outputs;

    public VerifyCommand(Session session)
        : base("verify", "Check theorems on a network: both sides of each inequality, and its hypotheses", session)
    {
        _theorem.CompletionSources.Add(_ => TheoremCatalogue.All.Keys.Select(id => new CompletionItem(id)));
        _data.CompletionSources.Add(_ => DataCatalogue.Specifications.Select(name => new CompletionItem(name)));
        foreach (Option option in (Option[])[_theorem, _network, _data, _test, _run, _list])
        {
            Add(option);
        }

        _function = new FunctionOptions(this);
        _choice = new DataChoice(this);
        _outputs = new OutputOptions(this, page: false);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam verify --list", "the theorems that can be checked"),
        new("occam verify --network net.onnx --data points.npz", "all that apply to a network and its training data"),
        new("occam verify --run runs/waves", "all that apply to a training, its trajectory among it"),
        new("occam verify --theorem bth-theorem-2 --network net.onnx --data points.npz --json", "one of them, for a program to read"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var theorems = Theorems(arguments);
        if (arguments.GetValue(_list))
        {
            Terminal.Print(Session, console => VerificationTable.Print(console, theorems));
            return ExitCode.Success;
        }

        var run = arguments.GetValue(_run);
        var (network, data) = (arguments.GetValue(_network), arguments.GetValue(_data));
        if (run is null
            ? network is null || data is null
            : ((Option[])[_network, _data, _test]).Any(option => arguments.GetResult(option) is not null)
                || _function.Read(arguments) != FunctionChoice.Default)
        {
            throw new OccamException(run is null
                ? "nothing to verify: give --network and --data, the network and its training examples, or --run, a run's folder"
                : "--run brings its own network and data: leave out --network, --data, --test, --input, --output, --position, "
                    + "--weights and --trust, or --run");
        }

        Measurer.WarmUp();
        var outputs = _outputs.Read(arguments);
        var options = _choice.Read(arguments);
        var verification = LongWork.Run(Session, progress =>
        {
            var measuring = new MeasureOptions { Seed = options.Seed, Progress = progress.Report, Cancellation = Session.Cancellation };
            return run is null
                ? Verify(arguments, network!, data!, options, measuring, theorems, progress)
                : Verify(run, measuring, theorems, progress);
        });
        if (outputs.Json is { } json)
        {
            JsonOutput.Write(
                json, Session, VerificationDocument.Of(verification.Path, verification.Context.Data, options, verification.Results));
        }

        if (!outputs.JsonIsTheResult)
        {
            Terminal.Print(Session, console => VerificationTable.Print(console, verification));
        }

        return verification.Results.Any(result => result.Verdict == InequalityVerdict.Fails) ? ExitCode.TheoremFails : ExitCode.Success;
    }

    private Verification Verify(
        ParseResult arguments, string path, string data, DataOptions options, MeasureOptions measuring, ImmutableArray<Theorem> theorems,
        WorkProgress progress)
    {
        var examples = DataSource.Open(data, options);
        var loaded = NetworkLoader.Load(path, _function.Read(arguments));
        var test = arguments.GetValue(_test) is { } name ? DataSource.Open(name, options) : null;
        if (test?.ClassProblem(examples) is { } problem)
        {
            throw new OccamException(problem);
        }

        return Check(path, TheoryContext.Of(loaded, examples, test, measuring), theorems, progress);
    }

    private Verification Verify(string folder, MeasureOptions measuring, ImmutableArray<Theorem> theorems, WorkProgress progress)
    {
        var (plan, trainer) = RunFolder.Open(folder).Restore();
        using (trainer)
        {
            if (trainer.Trajectory is null)
            {
                Session.Note($"occam: the run in '{folder}' didn't follow the trajectory of its biases, and what is stated for it alone "
                    + "isn't checked: train with 'trajectory: true' to have it");
            }

            var record = trainer.Trajectory is null ? null : RecordedRun.Of(trainer);
            var activation = trainer.Settings.Loss is BinaryCrossEntropy ? FinalActivation.Sigmoid : FinalActivation.None;
            return Check(
                Path.Combine(folder, RunFolder.NetworkName),
                new TheoryContext(trainer.Snapshot(), plan.Train, activation, record, plan.Test, measuring), theorems, progress);
        }
    }

    private Verification Check(string path, TheoryContext context, ImmutableArray<Theorem> theorems, WorkProgress progress)
    {
        var results = ImmutableArray.CreateBuilder<TheoremResult>();
        foreach (var theorem in theorems)
        {
            Session.Cancellation.ThrowIfCancellationRequested();
            progress.Begin(theorem.Title);
            results.Add(theorem.Check(context));
        }

        return new Verification(path, context, results.ToImmutable());
    }

    private ImmutableArray<Theorem> Theorems(ParseResult arguments)
    {
        var ids = (arguments.GetValue(_theorem) ?? [])
            .SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Distinct()
            .ToArray();
        return arguments.GetResult(_theorem) is null ? [.. TheoremCatalogue.All.Values]
            : ids.Length > 0 ? [.. ids.Select(TheoremCatalogue.Find)]
            : throw new OccamException("--theorem names no theorem: expected ids with commas between them, see 'occam verify --list'");
    }
}
