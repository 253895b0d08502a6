using System.CommandLine;
using System.CommandLine.Parsing;
using Occam.Lab.Measuring.Shards;

namespace Occam.Cli.Options;

/// <summary>The options that divide measuring into shards of the data.</summary>
internal sealed class ShardOptions
{
    private static readonly HashSet<string> s_notOfShards =
        ["--shard", "--part", "--json", "--html", "--per-example", "--trust", "--verbose"];

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

    /// <summary>Adds the options to a command.</summary>
    public ShardOptions(Command command)
    {
        command.Add(_shard);
        command.Add(_part);
    }

    /// <summary>The shard that is asked for; null where all data are.</summary>
    /// <exception cref="OccamException">It is none.</exception>
    public ShardPlace? Read(ParseResult arguments) => arguments.GetValue(_shard) is { } shard ? ShardPlace.Parse(shard)
        : arguments.GetValue(_part) is null ? null
        : throw new OccamException("--part names the file of a shard: give --shard I/N, too");

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
            .Where(option => !option.Implicit && !s_notOfShards.Contains(option.Option.Name))
            .OrderBy(option => option.Option.Name, StringComparer.Ordinal)
            .SelectMany(option => option.Tokens.Count == 0
                ? [option.Option.Name]
                : option.Tokens.SelectMany(token => new[] { option.Option.Name, token.Value })),
    ];
}
