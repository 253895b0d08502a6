using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Data;
using Occam.Lab.Documents;
using Occam.Lab.Measuring;
using Occam.Lab.Ranking;
using Occam.Lab.Runs.Store;
using Occam.Measures;
using Occam.Torch;

namespace Occam.Cli.Commands;

/// <summary><c>occam rank</c>: which measures order the runs of a sweep as their generalization does?</summary>
internal sealed class RankCommand : OccamCommand
{
    private const int UsualLimit = 1000;
    private const string Gap = "gap";
    private const string TestError = "test-error";

    private readonly Argument<string[]> _runs =
        new("RUNS…")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "The folder of a sweep, folders of runs, or a table (.csv, .parquet) of others' runs, a row a run",
        };
    private readonly Option<string> _by = new("--by")
    {
        HelpName = $"{Gap}|{TestError}|COLUMN",
        Description = $"What the measures should rank: test error minus training error, or the test error; of a table, its column of it "
            + $"[default: {Gap}]",
    };
    private readonly Option<string[]> _settings = new("--settings")
    {
        HelpName = "COLUMN,…",
        Description = "The columns of a table that hold hyperparameters; those that hold text when left out. The other columns of numbers "
            + "are its measures, or those that --measures names",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(','))],
    };
    private readonly Option<string[]> _measures = ParameterOptions.MeasuresOption(
        "Which measures, with parameters as in 'group-norm(p=1)'; all that can be computed when left out");
    private readonly Option<string> _data =
        new("--data") { HelpName = "DATA", Description = "Measure on these examples; on each run's training data when left out" };
    private readonly Option<string> _target = new("--target")
    {
        HelpName = "DATA",
        Description = "Take the test error on these labelled examples, as of another distribution; on each run's test data when left out",
    };
    private readonly Option<int?> _limit =
        DataChoice.Whole("--limit", "N", 1, $"Measure on a random subset of N examples [default: {UsualLimit}]");
    private readonly Option<int?> _seed =
        DataChoice.Whole("--seed", "S", 0, "The seed of the subset, of measures and of the bootstrap [default: 0]");
    private readonly Option<int?> _resamples =
        DataChoice.Whole("--resamples", "N", 0, "Bootstrap resamples for the intervals; 0 for none [default: 1000]");
    private readonly Option<int?> _effectiveSize = DataChoice.Whole(
        "--effective-size", "N", 1, "The least effective number of pairs of runs in an environment of the sign error [default: 12]");
    private readonly ParameterOptions _parameters;
    private readonly OutputOptions _outputs;

    public RankCommand(Session session) : base("rank", "Rank measures by how they order the runs of a sweep", session)
    {
        _by.CompletionSources.Add(Gap, TestError);
        foreach (var option in new[] { _data, _target })
        {
            option.CompletionSources.Add(_ => DataCatalogue.Specifications.Select(name => new CompletionItem(name)));
        }

        Add(_runs);
        foreach (Option option in (Option[])[_by, _target, _measures, _settings, _data, _limit, _seed, _resamples, _effectiveSize])
        {
            Add(option);
        }

        _parameters = new ParameterOptions(this, norms: false);
        _outputs = new OutputOptions(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam rank runs/sweep", "all measures by the generalization gap; what was measured is kept for the next time"),
        new("occam rank runs/sweep --by test-error --measures margin,l2-path-norm", "two measures by the test error"),
        new("occam rank runs/sweep --by test-error --target corrupted.npz", "by the error on data of another distribution"),
        new("occam rank runs.csv --by gap --settings lr,width", "others' runs: a row a run, the columns that are left are measures"),
        new("occam rank runs/sweep --draws 100 --html rank.html", "a page with the scatter of every measure"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var paths = arguments.GetRequiredValue(_runs);
        if (paths is [var table] && File.Exists(table))
        {
            RefuseMeasuring(arguments);
            return Show(arguments, RankTableFile(arguments, table));
        }

        if (arguments.GetResult(_settings) is not null)
        {
            throw new OccamException("--settings is for a table of others' runs: of runs of the store, their configurations tell");
        }

        Measurer.WarmUp();
        var target = (arguments.GetValue(_by) ?? Gap) switch
        {
            Gap => RankingTarget.Gap,
            TestError => RankingTarget.TestError,
            var other => throw new OccamException($"unknown --by '{other}': expected {Gap} or {TestError}"),
        };
        _outputs.Read(arguments);
        var options = ReadOptions(arguments);
        var measures = _parameters.Measures(arguments, _measures, _ => true);
        _parameters.Check(arguments, measures);
        var ranked = RankedRuns.Find(paths);
        var ranking = LongWork.Run(Session, progress => Rank(ranked, target, options, new RunMeasuring
        {
            Measures = measures,
            Data = arguments.GetValue(_data),
            Target = arguments.GetValue(_target),
            Limit = arguments.GetValue(_limit) ?? UsualLimit,
            Options = new MeasureOptions { Seed = options.Seed, Cancellation = Session.Cancellation },
        }, progress));
        return Show(arguments, ranking);
    }

    private void RefuseMeasuring(ParseResult arguments)
    {
        if (arguments.GetResult(_target) is not null)
        {
            throw new OccamException("--target is for runs of the store: of a table --by names the column of what is ranked by");
        }

        foreach (var option in _parameters.Options.Concat([_data, _limit]).Where(option => arguments.GetResult(option) is not null))
        {
            throw new OccamException($"{option.Name} is for runs of the store: of a table nothing is measured, its columns are ranked");
        }
    }

    private RankingOptions ReadOptions(ParseResult arguments)
    {
        var usual = new RankingOptions();
        return usual with
        {
            Resamples = arguments.GetValue(_resamples) ?? usual.Resamples,
            LeastEffectiveSize = arguments.GetValue(_effectiveSize) ?? usual.LeastEffectiveSize,
            Seed = arguments.GetValue(_seed) ?? 0,
            Cancellation = Session.Cancellation,
        };
    }

    private SweepRanking RankTableFile(ParseResult arguments, string path)
    {
        _outputs.Read(arguments);
        var columns = (arguments.GetValue(_measures) ?? []).SelectMany(text => text.Split(',')).ToArray();
        return LongWork.Run(Session, progress =>
        {
            progress.Begin("ranking");
            return ForeignRuns.Rank(
                path, arguments.GetValue(_by) ?? Gap, arguments.GetValue(_settings) ?? [], columns, ReadOptions(arguments));
        });
    }

    private int Show(ParseResult arguments, SweepRanking ranking)
    {
        var outputs = _outputs.Read(arguments);
        outputs.Write(Session, () => RankingDocument.Of(ranking), () => RankPage.Of(ranking, CommandText.Of(arguments)));

        if (!outputs.JsonIsTheResult)
        {
            Terminal.Print(Session, console => RankTable.Print(console, ranking));
        }

        return ExitCode.Success;
    }

    private SweepRanking Rank(
        RankedRuns ranked, RankingTarget target, RankingOptions options, RunMeasuring measuring, WorkProgress progress)
    {
        Libtorch.Threads = 1;
        var measured = ImmutableArray.CreateBuilder<MeasuredRun>();
        var leftOut = ranked.LeftOut.ToBuilder();
        var fresh = ranked.Runs.Select(pair => !IsKept(pair.Run, measuring)).ToArray();
        var forecast = new RunsForecast(fresh.Count(isFresh => isFresh), progress);
        forecast.Begin();
        foreach (var (i, (run, values)) in ranked.Runs.Index())
        {
            try
            {
                measured.Add(fresh[i] ? measuring.Measure(run, values, forecast.Report, forecast.OfRun()) : measuring.Measure(run, values));
            }
            catch (Exception e) when (e is OccamException or TorchException)
            {
                leftOut.Add((run.FolderPath, e.Reason()));
            }

            if (fresh[i])
            {
                forecast.End();
            }
        }

        if (measured.Count < 2)
        {
            throw new OccamException($"fewer than two runs could be measured: {leftOut[^1].Path}: {leftOut[^1].Why}");
        }

        progress.Begin("ranking");
        return SweepRanking.Rank(target, ranked.Hyperparameters, measured.ToImmutable(), leftOut.ToImmutable(), options) with
        {
            TargetData = measuring.Target,
        };
    }

    // What can't be read is told of in its turn.
    private static bool IsKept(RunFolder run, RunMeasuring measuring)
    {
        try
        {
            return measuring.IsKept(run);
        }
        catch (OccamException)
        {
            return false;
        }
    }
}
