using Occam.Cli.Commands;
using Occam.Cli.Running;
using Occam.Lab;
using Occam.Lab.Documents;
using Occam.Measures;
using Xunit;

namespace Occam.Cli.Tests;

public class ArgumentTests
{
    [Theory]
    [InlineData("mesure x.onnx", "unknown command 'mesure': did you mean 'occam measure'?")]
    [InlineData("zzz", "unknown command 'zzz'. 'occam --help' shows all")]
    [InlineData("verify relu.onnx --data x.npz",
        "'relu.onnx' is one argument too many: expected occam verify and options, such as --network NETWORK")]
    [InlineData("measure x.onnx --dta y", "unknown option '--dta': did you mean '--data'?")]
    [InlineData("measure x.onnx --dta=y", "unknown option '--dta': did you mean '--data'?")]
    [InlineData("measure x.onnx --data --limit 3", "a value is missing before '--limit'")]
    [InlineData("measure x.onnx --data", "--data needs a value: --data DATA")]
    [InlineData("measure x.onnx", "--data DATA is missing: a named data set")]
    [InlineData("measure --data y", "NETWORK is missing: an ONNX file")]
    [InlineData("measure x.onnx z.onnx --data y", "'z.onnx' is one argument too many")]
    [InlineData("measure x.onnx --data y --limit 0", "--limit 0 is out of range: expected a whole number of at least 1")]
    [InlineData("measure x.onnx --data y --threads two", "--threads two is out of range")]
    [InlineData("measure x.onnx --data y --threads 100000", "--threads 100000 is out of range: expected a whole number from 1 to")]
    [InlineData(
        "measure x.onnx --data y --limit 99999999999", "--limit 99999999999 is out of range: expected a whole number from 1 to 2147483647")]
    [InlineData("measure x.onnx --data y --precision half", "unknown precision 'half': expected float32, float64, bfloat16")]
    [InlineData("measure x.onnx --data y --measures margins", "unknown measure 'margins': did you mean 'margin'?")]
    [InlineData("measure x.onnx --data y --measures margin --all", "--all and --measures contradict each other")]
    [InlineData("measure x.onnx --data y --exact --estimate 2", "--estimate and --exact contradict each other: give one of them")]
    [InlineData("text x.onnx --tokens 1 --exact --estimate 2", "--estimate and --exact contradict each other: give one of them")]
    [InlineData("measure x.onnx --data y --measures margin --alpha 3", "--alpha is for nothing, as no chosen measure takes it")]
    [InlineData("measure x.onnx --data y --measures margin --draws 7", "expected-sharpness")]
    [InlineData(
        "measure x.onnx --data y --measures margin --steps 3", "with --measures: adaptive-sharpness, max-sharpness, spectral-density")]
    [InlineData("measure x.onnx --data y --measures margin --group-norm 1,1", "with --measures: group-norm")]
    [InlineData("measure x.safetensors --group-norm 1,1", "--group-norm is for nothing")]
    [InlineData("rank runs --measures margin --draws 7", "--draws is for nothing")]
    [InlineData("compare x.onnx z.onnx --data y --measures margin --draws 7", "--draws is for nothing")]
    [InlineData("measure x.onnx --data y --normalize often", "the normalization 'often' can't be read")]
    [InlineData("measures no-such", "unknown measure 'no-such'")]
    public void A_mistake_is_one_line_that_says_what_was_expected(string line, string expected)
    {
        var outcome = Workplace.Run(line.Split(' '));

        MeasureCommandTests.AssertUserError(outcome, expected);
    }

    [Fact]
    public void Verbose_shows_where_an_error_came_from() =>
        Assert.Contains(" at Occam.", Workplace.Run("measures", "no-such", "--verbose").Error);

    [Theory]
    [InlineData("")]
    [InlineData("measure ")]
    [InlineData("measures ")]
    public void Help_ends_with_examples(string command)
    {
        var outcome = Workplace.Run($"{command}--help".Split(' '));

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Contains("--help", outcome.Output);
        Assert.Matches(@"Examples\n  # .+\n  occam .+\n", outcome.Output);
        Assert.All(outcome.Output.Split('\n'), text => Assert.InRange(text.Length, 0, 120));
    }

    [Fact]
    public void Without_arguments_there_is_help()
    {
        var outcome = Workplace.Run();

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Contains("occam COMMAND", outcome.Output);
    }

    [Fact]
    public void Every_command_is_found_by_its_name() =>
        Assert.All(CommandLine.Commands(new Session(TextWriter.Null, TextWriter.Null)), command =>
        {
            var outcome = Workplace.Run(command.Name, "--help");

            Assert.Equal(ExitCode.Success, outcome.Code);
            Assert.Contains($"occam {command.Name} ", outcome.Output);
            Assert.Contains(command.Description!.Split(' ')[0], outcome.Output);
        });

    [Fact]
    public void The_examples_of_the_help_can_be_parsed()
    {
        OccamCommand[] commands = [.. CommandLine.Commands(new Session(TextWriter.Null, TextWriter.Null))];
        var examples = commands
            .Concat(commands.SelectMany(command => command.Subcommands.OfType<OccamCommand>()))
            .SelectMany(command => command.Examples);

        Assert.All(examples.Where(example => example.Command.StartsWith("occam ", StringComparison.Ordinal)), example =>
        {
            var line = example.Command.Split([" | ", " > ~"], StringSplitOptions.None)[0];
            line = line.Contains('"') ? line : line.Replace("'", "\"");
            Assert.Null(CommandLine.MistakeIn(line["occam ".Length..]));
        });
    }

    [Fact]
    public void The_version_is_printed() => Assert.Equal($"occam {RunEnvironment.Version}\n", Workplace.Run("--version").Output);

    [Fact]
    public void Measures_lists_every_measure()
    {
        var outcome = Workplace.Run("measures");

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.All(MeasureCatalogue.All.Keys, id => Assert.Contains(id, outcome.Output));
    }

    [Fact]
    public void No_need_of_a_measure_is_told_by_its_name_in_the_code()
    {
        var told = Enum.GetValues<MeasureNeeds>()
            .Where(need => need != MeasureNeeds.None)
            .Select(need => (Name: need.ToString(), Words: MeasureCatalogueDocument.Words(need)))
            .ToArray();

        Assert.All(told, need => Assert.Equal(need.Words, need.Words.ToLowerInvariant(), ignoreCase: need.Words.Contains("ONNX")));
        Assert.All(told, need => Assert.NotEqual(need.Name, need.Words));
        Assert.Equal(told.Length, told.Select(need => need.Words).Distinct().Count());
        Assert.Matches(@"needs\s+data, a derivative by the input", Workplace.Run("measures", "geometric-complexity").Output);
    }

    [Fact]
    public void The_help_tells_up_to_what_size_Jacobians_are_exact() => Assert.Contains(
        "they are exact up to 2,048 rows or columns",
        string.Join(' ', Workplace.Run("measure", "--help").Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void Measures_tells_all_about_one()
    {
        var outcome = Workplace.Run("measures", "margin");

        Assert.Contains("Neyshabur et al. 2017", outcome.Output);
        Assert.Contains("class labels", outcome.Output);
    }

    [Fact]
    public void Measures_tells_the_parameters_of_one()
    {
        var outcome = Workplace.Run("measures", "max-sharpness", "--json");

        var parameters = Assert.Single(outcome.Json.GetProperty("measures").EnumerateArray())
            .GetProperty("parameters")
            .EnumerateArray()
            .ToArray();
        Assert.Equal(
            ["alpha", "steps", "step-size", "momentum", "starts", "batch"],
            parameters.Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.Equal("2000", parameters[1].GetProperty("default").GetString());
        Assert.Equal("a whole number", parameters[1].GetProperty("expected").GetString());
        Assert.Equal("Steps of gradient ascent.", parameters[1].GetProperty("meaning").GetString());
        Assert.Contains("Steps of gradient ascent.", Workplace.Run("measures", "max-sharpness").Output);
    }
}
