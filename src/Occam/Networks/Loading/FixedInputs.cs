using System.Collections.Immutable;
using Occam.Data;
using Occam.Torch;

namespace Occam.Networks.Loading;

/// <summary>Inputs that are single numbers (a sample rate, a switch), stored in the graph at the number that they are fixed at.</summary>
internal static class FixedInputs
{
    /// <summary>The graph with those inputs as constants, so that what depends on them alone is known on loading.</summary>
    public static Graph Apply(Graph graph, ImmutableDictionary<string, double> numbers)
    {
        if (numbers.Keys.FirstOrDefault(name => !graph.IsInput(name)) is { } unknown)
        {
            throw new OccamException($"the network has no input '{Message.Clean(unknown)}' to fix: it takes "
                + string.Join(", ", graph.Held.Prepend(graph.Input).Select(input => input.Name)));
        }

        var single = graph.Held
            .Where(held => numbers.ContainsKey(held.Name) && held.Shape is { IsDefault: false, IsEmpty: true })
            .ToArray();
        return single.Length == 0
            ? graph
            : graph with
            {
                Held = [.. graph.Held.Except(single)],
                Initializers = graph.Initializers.AddRange(
                    single.Select(held => KeyValuePair.Create(held.Name, Stored(held, numbers[held.Name])))),
            };
    }

    private static Tensor Stored(ValueInfo held, double number) => held.IsFloatingPoint || number == Math.Floor(number)
        ? Tensor.Full([], number, held.IsFloatingPoint ? held.Type : ScalarType.Int64).DetachFromDisposeScope()
        : throw new OccamException($"the input '{held.Name}' takes a whole number, and {number} isn't one");
}
