using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Occam.Data;

namespace Occam.Cli.Options;

/// <summary>The options that say what is taken of data.</summary>
internal sealed class DataChoice
{
    private readonly Option<int?> _limit = Whole("--limit", "N", 1, "Take a random subset of N examples");
    private readonly Option<string> _root = RootOption();
    private readonly Option<string> _normalize = new("--normalize")
    {
        HelpName = "none|default|MEAN/STD",
        Description = "Normalize the inputs by channel [default: the named data set's own]",
    };

    private readonly Option<string> _label = new("--label")
    {
        HelpName = "COLUMN",
        Description = "The column of a table (.csv, .parquet) that holds the answers [default: y, label, target or class]",
    };

    private readonly Option<string> _size = new("--size")
    {
        HelpName = "HEIGHTxWIDTH",
        Description = "Resize pictures to this size; when left out, they must have one",
    };

    /// <summary>Adds the options to a command.</summary>
    public DataChoice(Command command)
    {
        _normalize.CompletionSources.Add("none", "default");
        foreach (Option option in (Option[])[_limit, Seed, _root, _normalize, _label, _size])
        {
            command.Add(option);
        }
    }

    /// <summary>The option of the seed, which more than the subset may depend on.</summary>
    public Option<int?> Seed { get; } = Whole("--seed", "S", 0, "The seed of the subset and of everything else random [default: 0]");

    /// <summary>The option of where named data sets are looked for.</summary>
    public static Option<string> RootOption() =>
        new("--data-root")
        {
            HelpName = "DIR",
            Description = "Look for named data sets here first; then in $OCCAM_DATA, ./data and ../shared/data",
        };

    /// <summary>An option of a whole number.</summary>
    public static Option<int?> Whole(string name, string helpName, int least, string description, int most = int.MaxValue)
    {
        var option = new Option<int?>(name) { HelpName = helpName, Description = description };
        option.CustomParser = result => Parse(result, name, least, most);
        return option;
    }

    /// <summary>What the options ask for.</summary>
    /// <exception cref="OccamException">The normalization or the size can't be read.</exception>
    public DataOptions Read(ParseResult arguments) => new()
    {
        Root = arguments.GetValue(_root),
        Limit = arguments.GetValue(_limit),
        Seed = arguments.GetValue(Seed) ?? 0,
        Normalization = arguments.GetValue(_normalize) is { } normalization
            ? NormalizationChoice.Parse(normalization)
            : NormalizationChoice.Default,
        Label = arguments.GetValue(_label),
        PictureSize = arguments.GetValue(_size) is { } size ? PictureSize.Parse(size) : null,
    };

    private static int? Parse(ArgumentResult result, string name, int least, int most)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most)
        {
            return number;
        }

        var expected = most < int.MaxValue || long.TryParse(text, CultureInfo.InvariantCulture, out var large) && large > most
            ? $"from {least} to {most}"
            : $"of at least {least}";
        result.AddError($"{name} {text} is out of range: expected a whole number {expected}");
        return null;
    }
}
