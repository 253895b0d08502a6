using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;
using Occam.Lab.Runs.Configuration;
using Occam.Measures;

namespace Occam.Cli.Options;

/// <summary>Options that set a parameter of every measure that has one of its name and isn't given it.</summary>
internal sealed class ParameterOptions
{
    private const string GroupNorm = "group-norm";

    private readonly Option<string> _groupNorm = new($"--{GroupNorm}")
    {
        HelpName = "P,Q",
        Description = "The p and q of group-norm, at least 1 each, or inf [default: 2,inf]",
    };

    private readonly Option<double?> _alpha = Positive(
        "--alpha", "A", "The size α of weight perturbations; each measure of sharpness's own when left out");

    private readonly Option<int?> _draws = DataChoice.Whole("--draws", "N", 2, "Random weight perturbations [default: 1000]");

    private readonly Option<double?> _standardError = Positive(
        "--standard-error", "E", "Draw no more weight perturbations once the standard error is E");

    private readonly Option<int?> _steps = DataChoice.Whole("--steps", "N", 1, "Steps of ascent for max-sharpness [default: 2000]");

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="norms">Whether there are those of norms, too.</param>
    public ParameterOptions(Command command, bool norms)
    {
        foreach (var option in Options.Where(option => norms || option != _groupNorm))
        {
            command.Add(option);
        }
    }

    /// <summary>All of them; also those that the command has not.</summary>
    public IReadOnlyList<Option> Options => [_groupNorm, _alpha, _draws, _standardError, _steps];

    /// <summary>An option that names measures.</summary>
    public static Option<string[]> MeasuresOption(string description)
    {
        var option = new Option<string[]>("--measures") { HelpName = "id,…", Description = description };
        option.CompletionSources.Add(Complete);
        return option;
    }

    /// <summary>What reads measures where these options were given.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="source">The option that the measures stand in.</param>
    /// <exception cref="OccamException">An option can't be read.</exception>
    public MeasureText Reader(ParseResult arguments, string source)
    {
        var given = new Dictionary<string, string>();
        foreach (var option in (Option[])[_alpha, _draws, _standardError, _steps])
        {
            var value = option is Option<int?> whole ? arguments.GetValue(whole) : arguments.GetValue((Option<double?>)option);
            if (value is { } number)
            {
                given[option.Name.TrimStart('-')] = number.ToString("R", CultureInfo.InvariantCulture);
            }
        }

        if (arguments.GetValue(_groupNorm) is { } norm)
        {
            (given[$"{GroupNorm}.p"], given[$"{GroupNorm}.q"]) = Exponents(norm);
        }

        return new MeasureText(source, given);
    }

    /// <summary>Minds that each option sets something.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="measures">What is measured.</param>
    /// <exception cref="OccamException">An option is given, and none of the measures has its parameter.</exception>
    public void Check(ParseResult arguments, ImmutableArray<Measure> measures)
    {
        foreach (var option in Options.Where(option => arguments.GetResult(option) is not null))
        {
            if (!measures.Any(measure => Takes(measure, option)))
            {
                var taking = MeasureCatalogue.All.Values.Where(measure => Takes(measure, option)).Select(measure => measure.Id);
                throw new OccamException($"{option.Name} is for nothing, as no chosen measure takes it: leave it out, or choose one that "
                    + $"does with --measures: {string.Join(", ", taking)}");
            }
        }
    }

    /// <summary>The measures that an option names, in its order, or others where it isn't given.</summary>
    /// <exception cref="OccamException">It names none, or one that can't be.</exception>
    public ImmutableArray<Measure> Measures(ParseResult arguments, Option<string[]> option, Func<Measure, bool> otherwise)
    {
        var reader = Reader(arguments, option.Name);
        if (arguments.GetResult(option) is null)
        {
            return [.. MeasureCatalogue.All.Values.Where(otherwise).Select(measure => reader.Read(measure.Id))];
        }

        var measures = reader.ReadAll(string.Join(',', arguments.GetValue(option) ?? []));
        return measures.Length > 0 ? measures
            : throw new OccamException("--measures names no measure: expected ids with commas between them, see 'occam measures'");
    }

    private bool Takes(Measure measure, Option option) => option == _groupNorm ? measure.Id == GroupNorm
        : ConfigurationShape.Of(measure.GetType()).Keys.Any(key => key.Name == option.Name.TrimStart('-'));

    private static (string P, string Q) Exponents(string text)
    {
        static bool IsExponent(string part) =>
            part == "inf" || (double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 1);
        return text.Split(',', StringSplitOptions.TrimEntries) is [var p, var q] && IsExponent(p) && IsExponent(q)
            ? (p, q)
            : throw new OccamException($"--group-norm is '{text}': expected P,Q, each a number of at least 1 or inf");
    }

    // What stands before the last comma stays as it is.
    private static IEnumerable<CompletionItem> Complete(CompletionContext context)
    {
        var word = context.WordToComplete;
        var before = word[..(word.LastIndexOf(',') + 1)];
        return MeasureCatalogue.All.Values.Select(measure => new CompletionItem(before + measure.Id, detail: measure.Title));
    }

    private static Option<double?> Positive(string name, string helpName, string description)
    {
        var option = new Option<double?>(name) { HelpName = helpName, Description = description };
        option.CustomParser = result => Parse(result, name);
        return option;
    }

    private static double? Parse(ArgumentResult result, string name)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number > 0
            && double.IsFinite(number))
        {
            return number;
        }

        result.AddError($"{name} {text} is out of range: expected a positive number");
        return null;
    }
}
