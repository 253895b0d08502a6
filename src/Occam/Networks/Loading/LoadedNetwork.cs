using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Loading;

/// <summary>A network out of a file, as measures take it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Function">The function from examples to logits, for any number of examples.</param>
/// <param name="Network">The graph behind it; null for TorchScript, whose operators are not accessible.</param>
/// <param name="FinalActivation">What the file has after the logits.</param>
/// <param name="FixedBatch">The number of examples that the graph takes at a time, where it takes no other; the function then runs it as
/// often as needed.</param>
/// <param name="Notes">What was done to the network to get there, a line each.</param>
public sealed record LoadedNetwork(
    string Path,
    IFunction Function,
    Network? Network,
    FinalActivation FinalActivation,
    long? FixedBatch,
    ImmutableArray<string> Notes)
{
    /// <summary>
    /// The graph with every node as the file has it, in its operator set: what is trained and written. In <see cref="Network"/> functions
    /// that the export took apart are one node each. Null where there is no graph.
    /// </summary>
    public Network? AsWritten { get; init; } = Network;

    /// <summary>
    /// Where the function's input is a value inside the model (a word embedding): the network that computes it from the model's
    /// inputs. Null where the function's input is one of the model's.
    /// </summary>
    public Network? Before { get; init; }

    /// <summary>The network from the model's inputs on; null where that is <see cref="Network"/>.</summary>
    public Network? Whole { get; init; }

    /// <summary>The position of the output that was chosen, if one was.</summary>
    public PositionChoice? Position { get; init; }

    /// <summary>Inputs that are held at one number for all examples, by name.</summary>
    public ImmutableDictionary<string, double> Fixed { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>The model's inputs, in its order.</summary>
    public ImmutableArray<ValueInfo> Inputs => (Whole ?? Network)?.Graph is { } graph ? [graph.Input, .. graph.Held] : [];

    /// <summary>How many numbers the parameters hold.</summary>
    public long ParameterCount =>
        (Whole ?? Network)?.ParameterCount ?? (Function as ScriptFunction)?.Parameters.Sum(tensor => tensor.Elements) ?? 0;

    /// <summary>The same computing in another precision or on another device.</summary>
    public LoadedNetwork To(ScalarType type, Device device)
    {
        if (Function is ScriptFunction script)
        {
            return this with { Function = script.To(type, device) };
        }

        var network = Network!.To(type, device);
        return this with
        {
            Network = network,
            Function = Function is BatchedFunction ? new BatchedFunction(network, FixedBatch!.Value) : network,
            Before = Before?.To(type, device),
            Whole = Whole?.To(type, device),
        };
    }
}
