using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using Occam.Data;
using Occam.Lab.Measuring;
using Occam.Measures;

namespace Occam.Cli.Options;

/// <summary>The options of every command that measures.</summary>
internal sealed class MeasuringOptions
{
    /// <summary>More threads than this are refused: libtorch starts as many as it is told, and thousands of them stop a machine.</summary>
    public static readonly int MostThreads = Math.Max(64, Environment.ProcessorCount);

    private readonly Option<string> _data = new("--data") { HelpName = "DATA", Required = true, Description = "A named data set (mnist:test, glyphs:train; see occam data list) or a file (.npz, .npy, idx, CIFAR-10 .bin)" };
    private readonly Option<string[]> _measures = new("--measures") { HelpName = "id,…", Description = "What to measure, in this order; see occam measures. Left out: the cheap ones of general interest" };
    private readonly Option<bool> _all = new("--all") { Description = "Measure everything that can be measured" };
    private readonly Option<int?> _estimate = DataChoice.Whole("--estimate", "PROBES", 1, "Estimate squared Jacobian norms with so many random probes an example; exact when left out");
    private readonly Option<string> _precision = new("--precision") { HelpName = string.Join('|', Precisions.NamesOf(Precisions.OfNetworks)), Description = "Compute in this precision; the network's own when left out" };
    private readonly Option<string> _device = DeviceOption();
    private readonly Option<int?> _threads = DataChoice.Whole("--threads", "N", 1, "How many threads one operator may use; chosen by the network's size when left out", MostThreads);
    private readonly Option<int?> _batch = DataChoice.Whole("--batch", "N", 1, "How many examples to compute at once; chosen by the network's size when left out");
    private readonly Option<bool> _layers = new("--layers") { Description = "Also measure by layer where that takes more time" };
    private readonly Option<string> _output = new("--output") { HelpName = "NODE", Description = "Take this node or value as the network's output; the logits when left out" };

    private readonly Option<string> _initial = new("--initial") { HelpName = "NETWORK", Description = "The network as it was before training, for measures that start from there: an ONNX file of the same architecture" };
    private readonly Option<string> _groupNorm = new("--group-norm") { HelpName = "P,Q", Description = "The p and q of group-norm, at least 1 each, or inf [default: 2,inf]" };

    private readonly SharpnessChoice _sharpness;
    private readonly DataChoice _choice;

    /// <summary>Adds the options to a command.</summary>
    public MeasuringOptions(Command command)
    {
        _data.CompletionSources.Add(_ => DataCatalogue.Specifications.Select(name => new CompletionItem(name)));
        _measures.CompletionSources.Add(CompleteMeasures);
        _precision.CompletionSources.Add([.. Precisions.NamesOf(Precisions.OfNetworks)]);
        foreach (Option option in (Option[])[_data, _measures, _all, _estimate, _precision, _device, _threads, _batch, _layers, _output, _initial, _groupNorm])
        {
            command.Add(option);
        }

        _sharpness = new SharpnessChoice(command);
        _choice = new DataChoice(command);
    }

    /// <summary>The option of where to compute.</summary>
    public static Option<string> DeviceOption()
    {
        var option = new Option<string>("--device") { HelpName = "cpu|cuda:N", Description = "Where to compute [default: cpu]" };
        option.CompletionSources.Add("cpu", "cuda:0");
        return option;
    }

    /// <summary>What the options ask for.</summary>
    /// <exception cref="OccamException">An option's value is unknown, or two contradict each other.</exception>
    public MeasuringRequest Read(ParseResult arguments, CancellationToken cancellation)
    {
        var dataOptions = _choice.Read(arguments);
        return new MeasuringRequest
        {
            Data = arguments.GetRequiredValue(_data),
            DataOptions = dataOptions,
            Measures = Measures(arguments),
            Options = new MeasureOptions
            {
                Batch = arguments.GetValue(_batch),
                Probes = arguments.GetValue(_estimate),
                Seed = dataOptions.Seed,
                Layers = arguments.GetValue(_layers),
                Sharpness = _sharpness.Read(arguments),
                GroupNorm = GroupNorm(arguments.GetValue(_groupNorm) ?? "2,inf"),
                Cancellation = cancellation,
            },
            OutputNode = arguments.GetValue(_output),
            Initial = arguments.GetValue(_initial),
            Precision = arguments.GetValue(_precision) is { } precision ? Precision.Parse(precision, Precisions.OfNetworks) : null,
            Device = arguments.GetValue(_device) ?? "cpu",
            Threads = arguments.GetValue(_threads),
        };
    }

    private ImmutableArray<Measure> Measures(ParseResult arguments)
    {
        var ids = (arguments.GetValue(_measures) ?? []).SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct().ToArray();
        var all = arguments.GetValue(_all);
        if (arguments.GetResult(_measures) is not null && (all || ids.Length == 0))
        {
            throw new OccamException(all ? "--all and --measures contradict each other: give one of them" : "--measures names no measure: expected ids with commas between them, see 'occam measures'");
        }

        return ids.Length > 0
            ? [.. ids.Select(MeasureCatalogue.Find)]
            : [.. MeasureCatalogue.All.Values.Where(measure => all || measure.InDefaultSet)];
    }

    private static (double P, double Q) GroupNorm(string text)
    {
        static double? Exponent(string part) =>
            part == "inf" ? double.PositiveInfinity
            : double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 1 ? number
            : null;
        return text.Split(',', StringSplitOptions.TrimEntries) is [var first, var second] && Exponent(first) is { } p && Exponent(second) is { } q
            ? (p, q)
            : throw new OccamException($"--group-norm is '{text}': expected P,Q, each a number of at least 1 or inf");
    }

    // The ids before the last comma stay as they are.
    private static IEnumerable<CompletionItem> CompleteMeasures(CompletionContext context)
    {
        var word = context.WordToComplete;
        var before = word[..(word.LastIndexOf(',') + 1)];
        return MeasureCatalogue.All.Values.Select(measure => new CompletionItem(before + measure.Id, detail: measure.Title));
    }
}
