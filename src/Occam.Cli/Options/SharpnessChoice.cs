using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Occam.Measures.Sharpness;

namespace Occam.Cli.Options;

/// <summary>The options that say how sharpness is measured.</summary>
internal sealed class SharpnessChoice
{
    private readonly Option<double?> _alpha = Positive("--alpha", "A", "The size α of weight perturbations; each measure of sharpness's own when left out");
    private readonly Option<int?> _draws = DataChoice.Whole("--draws", "N", 2, "Random weight perturbations [default: 1000]");
    private readonly Option<double?> _standardError = Positive("--standard-error", "E", "Draw no more weight perturbations once the standard error is E");
    private readonly Option<int?> _steps = DataChoice.Whole("--steps", "N", 1, "Steps of ascent for max-sharpness [default: 2000]");

    /// <summary>Adds the options to a command.</summary>
    public SharpnessChoice(Command command)
    {
        foreach (Option option in (Option[])[_alpha, _draws, _standardError, _steps])
        {
            command.Add(option);
        }
    }

    /// <summary>What the options ask for.</summary>
    public SharpnessOptions Read(ParseResult arguments)
    {
        var usual = new SharpnessOptions();
        return usual with
        {
            Alpha = arguments.GetValue(_alpha),
            Draws = arguments.GetValue(_draws) ?? usual.Draws,
            StandardError = arguments.GetValue(_standardError),
            Steps = arguments.GetValue(_steps) ?? usual.Steps,
        };
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
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number))
        {
            return number;
        }

        result.AddError($"{name} {text} is out of range: expected a positive number");
        return null;
    }
}
