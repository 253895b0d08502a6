using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using Occam.Cli.Running;
using Occam.Data;
using Occam.Lab.Measuring;
using Occam.Lab.Text;
using Occam.Measures;
using Occam.Measures.Weights;

namespace Occam.Cli.Options;

/// <summary>The options of every command that measures.</summary>
internal sealed class MeasuringOptions
{
    /// <summary>More threads than this are refused: libtorch starts as many as it is told, and thousands of them stop a machine.</summary>
    public static readonly int MostThreads = Math.Max(64, Environment.ProcessorCount);

    private readonly Option<string> _data = new("--data")
    {
        HelpName = "DATA",
        Description = "A named data set (mnist:test, glyphs:train; see occam data list), a file (.npz, .npy, .csv, .parquet, .tar, "
            + "idx, CIFAR-10 .bin) or a folder of pictures, with a folder a class",
    };
    private readonly Option<string[]> _measures = ParameterOptions.MeasuresOption(
        "What to measure, in this order, with parameters as in 'group-norm(p=1)'; see occam measures. Left out: the cheap ones of "
            + "general interest");

    private readonly Option<bool> _all = new("--all") { Description = "Measure everything that can be measured" };
    private readonly Option<int?> _estimate = DataChoice.Whole(
        "--estimate", "N", 1, "Estimate squared Jacobian norms with so many random directions an example; when left out, they are "
            + $"exact up to {NumberText.Count(MeasureOptions.MostExactRows)} rows or columns");
    private readonly Option<bool> _exact = new("--exact")
    {
        Description = "Compute Jacobians of any size exactly; when left out, those of more than "
            + $"{NumberText.Count(MeasureOptions.MostExactRows)} rows and columns are estimated",
    };

    private readonly Option<string> _precision = new("--precision")
    {
        HelpName = string.Join('|', Precisions.NamesOf(Precisions.OfNetworks)),
        Description = "Compute in this precision; the network's own when left out",
    };
    private readonly Option<string> _device = DeviceOption();
    private readonly Option<int?> _threads = DataChoice.Whole(
        "--threads", "N", 1, "How many threads one operator may use; chosen by the network's size when left out", MostThreads);
    private readonly Option<int?> _batch =
        DataChoice.Whole("--batch", "N", 1, "How many examples to compute at once; chosen by the network's size when left out");
    private readonly Option<bool> _layers = new("--layers") { Description = "Also measure by layer where that takes more time" };
    private readonly Option<string> _initial = new("--initial")
    {
        HelpName = "NETWORK",
        Description = "The network as it was before training, for measures that start from there: an ONNX file of the same architecture",
    };

    private readonly FunctionOptions _function;
    private readonly ParameterOptions _parameters;
    private readonly DataChoice _choice;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="needData">Whether it can't do without data.</param>
    public MeasuringOptions(Command command, bool needData = true)
    {
        _data.Required = needData;
        _data.CompletionSources.Add(_ => DataCatalogue.Specifications.Select(name => new CompletionItem(name)));
        _precision.CompletionSources.Add([.. Precisions.NamesOf(Precisions.OfNetworks)]);
        foreach (Option option in (Option[])[
            _data, _measures, _all, _estimate, _exact, _precision, _device, _threads, _batch, _layers, _initial,
        ])
        {
            command.Add(option);
        }

        _function = new FunctionOptions(command);
        _parameters = new ParameterOptions(command, norms: true);
        _choice = new DataChoice(command);
    }

    /// <summary>The option of where to compute.</summary>
    public static Option<string> DeviceOption()
    {
        var option = new Option<string>("--device") { HelpName = "cpu|cuda:N", Description = "Where to compute [default: cpu]" };
        option.CompletionSources.Add("cpu", "cuda:0");
        return option;
    }

    /// <summary>Minds that Jacobians are asked for either exactly or estimated.</summary>
    /// <exception cref="OccamException">Both are asked for.</exception>
    public static void CheckExact(ParseResult arguments, Option<int?> estimate, Option<bool> exact)
    {
        if (arguments.GetValue(exact) && arguments.GetValue(estimate) is not null)
        {
            throw new OccamException($"{estimate.Name} and {exact.Name} contradict each other: give one of them");
        }
    }

    /// <summary>Whether data are given.</summary>
    public bool HaveData(ParseResult arguments) => arguments.GetResult(_data) is not null;

    /// <summary>What the options ask for of weights without a network: measures, all that can be computed when none are named.</summary>
    /// <exception cref="OccamException">An option's value is unknown, two contradict each other, or one is for nothing.</exception>
    public (ImmutableArray<Measure> Measures, string? Initial) ReadOfWeights(ParseResult arguments)
    {
        var asked = arguments.GetResult(_measures) is not null || arguments.GetValue(_all);
        var measures = asked ? Measures(arguments) : [];
        _parameters.Check(arguments, measures);
        return (asked ? measures : StoredWeights.Measures, arguments.GetValue(_initial));
    }

    /// <summary>What the options ask for.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="cancellation">Stops the measuring.</param>
    /// <param name="others">What is measured besides; nothing more when left out.</param>
    /// <exception cref="OccamException">An option's value is unknown, two contradict each other, or one is for nothing.</exception>
    public MeasuringRequest Read(ParseResult arguments, CancellationToken cancellation, IEnumerable<Measure>? others = null)
    {
        var dataOptions = _choice.Read(arguments);
        ImmutableArray<Measure> measures = [.. Measures(arguments).Concat(others ?? []).Distinct()];
        _parameters.Check(arguments, measures);
        CheckExact(arguments, _estimate, _exact);
        return new MeasuringRequest
        {
            Data = arguments.GetValue(_data) ?? throw new OccamException(
                $"{CommandText.Missing(_data)}; '{CommandText.PathOf(arguments.CommandResult.Command)} --help' shows how"),
            DataOptions = dataOptions,
            Measures = measures,
            Options = new MeasureOptions
            {
                Batch = arguments.GetValue(_batch),
                Directions = arguments.GetValue(_estimate),
                Exact = arguments.GetValue(_exact),
                Seed = dataOptions.Seed,
                Layers = arguments.GetValue(_layers),
                Cancellation = cancellation,
            },
            Function = _function.Read(arguments),
            Initial = arguments.GetValue(_initial),
            Precision = arguments.GetValue(_precision) is { } precision ? Precision.Parse(precision, Precisions.OfNetworks) : null,
            Device = arguments.GetValue(_device) ?? "cpu",
            Threads = arguments.GetValue(_threads),
        };
    }

    /// <summary>The conditions of an option, whose measures the others are given to as well.</summary>
    /// <exception cref="OccamException">One can't be read.</exception>
    public ImmutableArray<Condition> Conditions(ParseResult arguments, Option<string[]> option)
    {
        var reader = _parameters.Reader(arguments, option.Name);
        return [.. (arguments.GetValue(option) ?? []).Select(text => Condition.Parse(text, reader))];
    }

    private ImmutableArray<Measure> Measures(ParseResult arguments)
    {
        var all = arguments.GetValue(_all);
        return all && arguments.GetResult(_measures) is not null
            ? throw new OccamException("--all and --measures contradict each other: give one of them")
            : _parameters.Measures(arguments, _measures, measure => all || measure.InDefaultSet);
    }
}
