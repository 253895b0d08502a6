using Occam.Networks;
using Occam.Torch;

namespace Occam.Training.Engines;

/// <summary>Finds networks that are one chain of dense layers and functions of single elements.</summary>
internal static class DenseChain
{
    private const int Examples = 3;

    /// <summary>The stages of a network from its input on; null where it is anything else.</summary>
    /// <param name="network">The network, in single precision on the CPU.</param>
    /// <param name="settings">What is frozen.</param>
    /// <param name="exampleShape">The sizes of one example.</param>
    public static IReadOnlyList<DenseStage>? Of(Network network, TrainingSettings settings, long[] exampleShape)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var parameters = network.Parameters.ToDictionary(parameter => parameter.Name);
        Node[] nodes = [.. network.ActiveNodes];
        var uses = nodes.SelectMany(node => node.Inputs).CountBy(name => name).ToDictionary();
        var stages = new List<DenseStage>();
        var seen = new List<(string Value, long Size, Parameter? Bias)>();
        var value = network.Graph.Input.Name;
        var size = exampleShape.Aggregate(1L, (product, side) => product * side);
        if (size > int.MaxValue)
        {
            return null;
        }

        foreach (var node in nodes)
        {
            var operation = network.Operators[node];
            var at = node.Inputs.IndexOf(value);
            if (operation.DiffersInTraining || at < 0 || node.Inputs.Count(network.Graph.Varying.Contains) != 1)
            {
                return null;
            }

            // A parameter that other nodes use too would have to move for all of them.
            Parameter? Own(int input) =>
                node.HasInput(input) && uses[node.Inputs[input]] == 1 ? parameters.GetValueOrDefault(node.Inputs[input]) : null;
            Parameter? bias = null;
            if (operation.DenseForm(node) is { } form)
            {
                if (at != 0
                    || form.Scale != 1
                    || Own(1) is not { Value.Dimensions: 2 } weight
                    || weight.Value.Size(form.UnitsFirst ? 1 : 0) != size)
                {
                    return null;
                }

                var units = weight.Value.Size(form.UnitsFirst ? 0 : 1);
                bias = node.HasInput(2) ? Own(2) : null;
                if (node.HasInput(2) && (bias is null || form.OffsetScale != 1 || bias.Value.Elements != units))
                {
                    return null;
                }

                var isIdentity = settings.IsFrozen(weight.Name) && IsIdentity(weight.Value);
                stages.Add(new DenseStage((int)size, (int)units, isIdentity ? null : weight, form.UnitsFirst, bias, null));
                size = units;
            }
            else if (operation.ElementFunction(node) is { } function)
            {
                Extend(stages, (int)size, stage => stage.Function is null ? stage with { Function = function } : null);
            }
            else if (node.Inputs.Length == 2 && operation.IsBias(1 - at))
            {
                bias = Own(1 - at);
                if (bias is null || bias.Value.Elements != size)
                {
                    return null;
                }

                Extend(stages, (int)size, stage => stage is { Function: null, Bias: null } ? stage with { Bias = bias } : null);
            }
            else if (!operation.KeepsNumbersInOrder(node) || at != 0)
            {
                return null;
            }

            value = node.Output;
            seen.Add((value, size, bias));
        }

        return value == network.Output && stages.Count > 0 && KeepsExamplesApart(network, seen, exampleShape) ? stages : null;
    }

    // Where a part doesn't fit into the last stage, it makes one of its own.
    private static void Extend(List<DenseStage> stages, int size, Func<DenseStage, DenseStage?> with)
    {
        if (stages.Count > 0 && with(stages[^1]) is { } extended)
        {
            stages[^1] = extended;
        }
        else
        {
            stages.Add(with(new DenseStage(size, size, null, true, null, null))!);
        }
    }

    // That examples stay apart, and that biases are broadcast over them and over nothing else, shows in the values' sizes.
    private static bool KeepsExamplesApart(
        Network network, IReadOnlyList<(string Value, long Size, Parameter? Bias)> seen, long[] exampleShape)
    {
        var values = network.Run(Tensor.Zeros([Examples, .. exampleShape]), [.. seen.Select(part => part.Value)]);
        return seen.All(part =>
            values[part.Value] is { ScalarType: ScalarType.Float32, Dimensions: > 0 } value
            && value.Size(0) == Examples
            && value.Elements == Examples * part.Size
            && (part.Bias is null || part.Bias.Value.Dimensions < value.Dimensions || part.Bias.Value.Size(0) == 1));
    }

    private static bool IsIdentity(Tensor weight) =>
        weight.Size(0) == weight.Size(1) && (weight - Tensor.Eye(weight.Size(0), weight.ScalarType)).Abs().Sum().Item() == 0;
}
