using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Occam.Networks.Loading;

namespace Occam.Cli.Options;

/// <summary>The options that say which function of a model is meant.</summary>
internal sealed class FunctionOptions
{
    /// <summary>The option by which a program of a stranger's is run.</summary>
    public const string TrustName = "--trust";

    private readonly Option<string> _input = new("--input")
    {
        HelpName = "NODE",
        Description = "Take the function of this input, node or value; when left out, of the first floating-point input, or of the word "
            + "embedding that token ids go into",
    };

    private readonly Option<string> _output =
        new("--output") { HelpName = "NODE", Description = "Take this node or value as the network's output; the logits when left out" };

    private readonly Option<string> _position = PositionOption();

    private readonly Option<string> _weights = new("--weights")
    {
        HelpName = "FILE",
        Description = "Take the weights of this safetensors file in place of the network's own, by their names",
    };

    private readonly Option<int?> _batchAxis = new("--batch-axis")
    {
        HelpName = "AXIS",
        Description = "Which dimension of the input and the output counts the examples, from 0; found by the file's names when left out",
    };

    private readonly Option<string[]> _fix = new("--fix")
    {
        HelpName = "NAME=NUMBER",
        Description = "Hold this input of the network at one number for all examples, in place of an array of the data; may be repeated",
    };

    private readonly Option<bool> _straightThrough = new("--straight-through")
    {
        Description = "Let derivatives pass straight through roundings and signs, as if they were the identity: the function's own are "
            + "zero there",
    };

    private readonly Option<bool> _trust = new(TrustName)
    {
        Description = "Run TorchScript (.pt), a program that can read your files: for files whose maker you know; ONNX needs no trust. It "
            + "runs in a process of its own, which writes no files where the kernel has Landlock",
    };

    /// <summary>Adds the options to a command.</summary>
    public FunctionOptions(Command command)
    {
        foreach (Option option in (Option[])[_input, _output, _position, _batchAxis, _fix, _weights, _straightThrough, _trust])
        {
            command.Add(option);
        }
    }

    /// <summary>The option that takes a position of outputs by position.</summary>
    public static Option<string> PositionOption()
    {
        Option<string> option = new("--position")
        {
            HelpName = "last|mean|INDEX",
            Description = "Of outputs by position (n × T × V: a token's logits), take one, or their mean; all when left out",
        };
        option.CompletionSources.Add("last", "mean");
        return option;
    }

    /// <summary>The function that the options ask for.</summary>
    /// <exception cref="OccamException">A position is none.</exception>
    public FunctionChoice Read(ParseResult arguments) => new()
    {
        Input = arguments.GetValue(_input),
        Output = arguments.GetValue(_output),
        BatchAxis = arguments.GetValue(_batchAxis),
        Fixed = Fixed(arguments.GetValue(_fix)),
        Position = arguments.GetValue(_position) is { } position ? PositionChoice.Parse(position) : null,
        Weights = arguments.GetValue(_weights),
        IsStraightThrough = arguments.GetValue(_straightThrough),
        IsTrusted = arguments.GetValue(_trust),
    };

    /// <summary>The numbers of an option like --fix, by the names of the inputs.</summary>
    /// <exception cref="OccamException">One is none.</exception>
    public static ImmutableDictionary<string, double> Fixed(IEnumerable<string>? texts)
    {
        var numbers = ImmutableDictionary.CreateBuilder<string, double>();
        foreach (var text in texts ?? [])
        {
            var at = text.LastIndexOf('=');
            if (at < 1 || !double.TryParse(text.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                throw new OccamException($"--fix '{text}' is not NAME=NUMBER: give the name of an input and its number, as in "
                    + "attention_mask=1");
            }

            numbers[text[..at]] = number;
        }

        return numbers.ToImmutable();
    }
}
