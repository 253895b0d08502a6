using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// How large a network's values can be, whatever its input is: normalizations, softmaxes and saturating activations bound theirs,
/// and layers and sums of those bound theirs in turn.
/// </summary>
internal sealed class ValueSizes
{
    private readonly Dictionary<string, ValueSize> _sizes = [];
    private readonly Dictionary<string, string> _origins = [];

    private ValueSizes()
    {
    }

    /// <summary>A value's bound; null where it can be of any size, or isn't known to be bounded.</summary>
    public ValueSize? this[string name] => _sizes.GetValueOrDefault(name);

    /// <summary>The node that first bounded what a value is made of.</summary>
    public string? Origin(string name) => _origins.GetValueOrDefault(name);

    /// <summary>Finds the bounds.</summary>
    /// <param name="network">The network.</param>
    /// <param name="values">All its values for examples of zeros.</param>
    /// <param name="unknown">The values that other inputs of the network, held fixed, decide.</param>
    public static ValueSizes Of(Network network, IReadOnlyDictionary<string, Tensor> values, IReadOnlySet<string> unknown)
    {
        using var grad = Libtorch.NoGrad();
        var all = new ValueSizes();
        foreach (var node in network.ActiveNodes.Where(node => node.Outputs.Any(network.DependsOnData.Contains)))
        {
            if (!node.Inputs.Where((name, i) => unknown.Contains(name) && network.Operators[node].SizesRead(i)).Any())
            {
                all.Add(network, node, values);
            }
        }

        return all;
    }

    private void Add(Network network, Node node, IReadOnlyDictionary<string, Tensor> values)
    {
        var op = network.Operators[node];
        ImmutableArray<bool> dependent = [.. node.Inputs.Select(network.DependsOnData.Contains)];
        var given = network.Call(node, values);
        var inputs = new Tensor?[given.Inputs.Length];
        var sizes = new ValueSize?[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (given.Inputs[i] is not { IsFloatingPoint: true } input)
            {
                inputs[i] = given.Inputs[i];
                continue;
            }

            var wide = ValueSize.Wide(input);
            sizes[i] = dependent[i] ? this[node.Inputs[i]] : ValueSize.OfConstant(wide);
            inputs[i] = !dependent[i] ? wide : sizes[i]?.Elements ?? Tensor.ZerosLike(wide);
        }

        var call = given with { Inputs = inputs, FloatType = ScalarType.Float64, Device = Device.Cpu };
        var outputs = op.OutputSizes(new SizeCall(call, dependent, [.. sizes]));
        var origin = node.Inputs.Select(Origin).FirstOrDefault(found => found is not null) ?? node.ToString();
        for (var i = 0; i < outputs.Length && i < node.Outputs.Length; i++)
        {
            if (outputs[i] is { } size && node.Outputs[i].Length > 0 && size.Elements.IsFinite().All().Item() != 0)
            {
                _sizes[node.Outputs[i]] = size;
                _origins[node.Outputs[i]] = origin;
            }
        }
    }
}
