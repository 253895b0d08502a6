using System.CommandLine;
using Occam.Networks.Loading;

namespace Occam.Cli.Options;

/// <summary>The options that say which function of a model is meant.</summary>
internal sealed class FunctionOptions
{
    private readonly Option<string> _input = new("--input")
    {
        HelpName = "NODE",
        Description = "Take the function of this input, node or value; when left out, of the first floating-point input, or of the word "
            + "embedding that token ids go into",
    };

    private readonly Option<string> _output =
        new("--output") { HelpName = "NODE", Description = "Take this node or value as the network's output; the logits when left out" };

    private readonly Option<string> _position = new("--position")
    {
        HelpName = "last|mean|INDEX",
        Description = "Of outputs by position (n × T × V: a token's logits), take one, or their mean; all when left out",
    };

    private readonly Option<string> _weights = new("--weights")
    {
        HelpName = "FILE",
        Description = "Take the weights of this safetensors file in place of the network's own, by their names",
    };

    /// <summary>Adds the options to a command.</summary>
    public FunctionOptions(Command command)
    {
        _position.CompletionSources.Add("last", "mean");
        foreach (Option option in (Option[])[_input, _output, _position, _weights])
        {
            command.Add(option);
        }
    }

    /// <summary>The function that the options ask for.</summary>
    /// <exception cref="OccamException">A position is none.</exception>
    public FunctionChoice Read(ParseResult arguments) => new()
    {
        Input = arguments.GetValue(_input),
        Output = arguments.GetValue(_output),
        Position = arguments.GetValue(_position) is { } position ? PositionChoice.Parse(position) : null,
        Weights = arguments.GetValue(_weights),
    };
}
