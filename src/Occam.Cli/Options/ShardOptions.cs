using System.CommandLine;
using System.CommandLine.Parsing;
using Occam.Lab.Measuring.Shards;
using Occam.Lab.Runs.Sweeps;

namespace Occam.Cli.Options;

/// <summary>The options that divide measuring into shards of the data.</summary>
internal sealed class ShardOptions
{
    private static readonly HashSet<string> s_notOfShards =
    [
        "--shard", "--part", "--shards", "--parts", "--jobs", "--json", "--html", "--per-example", "--trust", "--verbose",
        LocalExecutor.StopOption,
    ];

    private readonly Option<string> _shard = new("--shard")
    {
        HelpName = "I/N",
        Description = "Measure the I-th of N shards of the data into a part, for occam merge; again to go on where it was interrupted",
    };

    private readonly Option<string> _part = new("--part")
    {
        HelpName = "FILE",
        Description = "The part's file [default: NETWORK.I-of-N.part]",
    };

    private readonly Option<int?> _shards = DataChoice.Whole(
        "--shards", "N", 1, "Measure in N shards, each a process of its own, and merge them; again to go on", ShardPlace.Most);

    private readonly Option<string> _parts = new("--parts")
    {
        HelpName = "DIR",
        Description = "The folder of the parts of --shards [default: NETWORK.parts]",
    };

    private readonly Option<int?> _jobs = DataChoice.Whole(
        "--jobs", "N", 1, "How many shards at a time on this machine [default: 1]", MeasuringOptions.MostThreads);

    private readonly Option<bool> _stopWithInput = new(LocalExecutor.StopOption)
    {
        Hidden = true,
        Description = "Save what there is and end when standard input does",
    };

    /// <summary>Adds the options to a command.</summary>
    public ShardOptions(Command command)
    {
        foreach (Option option in (Option[])[_shard, _part, _shards, _parts, _jobs, _stopWithInput])
        {
            command.Add(option);
        }
    }

    /// <summary>The shard that is asked for; null where all data are.</summary>
    /// <exception cref="OccamException">It is none.</exception>
    public ShardPlace? Read(ParseResult arguments) => arguments.GetValue(_shard) is { } shard ? ShardPlace.Parse(shard)
        : arguments.GetValue(_part) is null ? null
        : throw new OccamException("--part names the file of a shard: give --shard I/N, too");

    /// <summary>How many shards are to be measured and merged; null where none are.</summary>
    /// <exception cref="OccamException">Options contradict each other.</exception>
    public int? ReadAll(ParseResult arguments) => arguments.GetValue(_shards) is { } shards
        ? arguments.GetValue(_shard) is null
            ? shards
            : throw new OccamException("--shard and --shards contradict each other: give one of them")
        : arguments.GetValue(_parts) is null && arguments.GetValue(_jobs) is null ? null
        : throw new OccamException("--parts and --jobs are for all shards at once: give --shards N, too");

    /// <summary>The shards of a measuring.</summary>
    public ShardTask[] Tasks(ParseResult arguments, string network, int shards)
    {
        var folder = Path.GetFullPath(FolderOf(arguments, network));
        var own = ArgumentsOf(arguments);
        return [.. Enumerable.Range(1, shards).Select(i => new ShardTask(new ShardPlace(i, shards), own, folder))];
    }

    /// <summary>The folder of the parts of all shards.</summary>
    public string FolderOf(ParseResult arguments, string network) =>
        arguments.GetValue(_parts) ?? $"{Path.GetFileNameWithoutExtension(network)}.parts";

    /// <summary>How many shards at a time on this machine.</summary>
    public int Jobs(ParseResult arguments) => arguments.GetValue(_jobs) ?? 1;

    /// <summary>Whether the process ends with its standard input.</summary>
    public bool StopsWithInput(ParseResult arguments) => arguments.GetValue(_stopWithInput);

    /// <summary>The file of a shard.</summary>
    public string FileOf(ParseResult arguments, string network, ShardPlace place) =>
        arguments.GetValue(_part) ?? $"{Path.GetFileNameWithoutExtension(network)}.{place.Number}-of-{place.Of}.part";

    /// <summary>
    /// The arguments without those that say which shard it is, what becomes of results, or whom to trust, in an order of their own: the
    /// same for all shards.
    /// </summary>
    public static string[] ArgumentsOf(ParseResult arguments) =>
    [
        .. arguments.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value),
        .. arguments.CommandResult.Children.OfType<OptionResult>()
            .Where(option => !option.Implicit && !s_notOfShards.Contains(option.Option.Name)
                && !ClusterOptions.Names.Contains(option.Option.Name))
            .OrderBy(option => option.Option.Name, StringComparer.Ordinal)
            .SelectMany(option => option.Tokens.Count == 0
                ? [option.Option.Name]
                : option.Tokens.SelectMany(token => new[] { option.Option.Name, token.Value })),
    ];
}
