using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>
/// A parameter that is one large matrix, such as the table of a vocabulary: its gradient is taken some rows at a time, from what the nodes
/// that use it take and the cotangents of what they give, and is never there as a whole.
/// </summary>
internal sealed class LargeMatrix
{
    private readonly Network _network;
    private readonly Parameter _parameter;
    private readonly ImmutableArray<(Node Node, int Input, bool IsTransposed)> _uses;
    private readonly GivenParameters _function;

    private LargeMatrix(Network network, Parameter parameter, ImmutableArray<(Node, int, bool)> uses)
    {
        (_network, _parameter, _uses) = (network, parameter, uses);
        _function = new GivenParameters(
            network, new Dictionary<string, Tensor> { [parameter.Name] = parameter.Value.Detach().RequireGrad() });
    }

    /// <summary>The parameter's name.</summary>
    public string Name => _parameter.Name;

    /// <summary>How many rows it has.</summary>
    public long Rows => _parameter.Value.Size(0);

    /// <summary>How many numbers a row has.</summary>
    public long Columns => _parameter.Value.Size(1);

    /// <summary>The large matrix that a parameter is; null where it is none, or a node that uses it has no rule for rows.</summary>
    public static LargeMatrix? Of(Network network, Parameter parameter)
    {
        if (parameter.Value.Dimensions != 2)
        {
            return null;
        }

        var active = network.ActiveNodes.ToHashSet(NodeIdentity.Comparer);
        var uses = ImmutableArray.CreateBuilder<(Node, int, bool)>();
        bool Find(string name, bool isTransposed)
        {
            foreach (var node in network.Graph.Consumers[name].Distinct(NodeIdentity.Comparer))
            {
                if (node is { OperatorType: "Transpose", Domain: "" } && !node.Outputs.Any(network.Graph.Varying.Contains))
                {
                    if (!Find(node.Output, !isTransposed))
                    {
                        return false;
                    }
                }
                else if (!node.Outputs.Any(network.Graph.Varying.Contains))
                {
                    return false;
                }
                else if (active.Contains(node))
                {
                    var input = node.Inputs.IndexOf(name);
                    if (node.Inputs.Count(other => other == name) != 1 || !network.Operators[node].HasGradientRows(node, input))
                    {
                        return false;
                    }

                    uses.Add((node, input, isTransposed));
                }
            }

            return true;
        }

        return Find(parameter.Name, false) && uses.Count > 0 ? new LargeMatrix(network, parameter, uses.ToImmutable()) : null;
    }

    /// <summary>What the rows of a gradient are computed of, for some examples together: values and cotangents at the uses.</summary>
    /// <param name="held">The examples' values of the network's other inputs.</param>
    /// <param name="x">The examples.</param>
    /// <param name="slope">The cotangents of the logits, from them.</param>
    public Recording Record(IReadOnlyDictionary<string, Tensor> held, Tensor x, Func<Tensor, Tensor> slope)
    {
        var function = held.Count > 0 ? _function.Holding(held) : _function;
        var network = function.Network;
        var varying = _uses.SelectMany(use => use.Node.Inputs)
            .Where(name => name != network.Graph.Input.Name && network.Graph.Varying.Contains(name) && !network.Held.ContainsKey(name));
        string[] wanted = [.. varying.Concat(_uses.Select(use => use.Node.Output)).Append(network.Output).Distinct()];
        Dictionary<string, Tensor> values = new(function.Run(x, wanted)) { [network.Graph.Input.Name] = x };
        foreach (var (name, value) in network.Held)
        {
            values.TryAdd(name, value);
        }

        var logits = values[network.Output].AsRows();
        Tensor[] outputs = [.. _uses.Select(use => values[use.Node.Output])];
        var cotangents = Autograd.Grad([logits], outputs, [slope(logits)]);
        return new Recording(this, network, values, cotangents);
    }

    /// <summary>Values and cotangents of some examples.</summary>
    internal sealed class Recording(
        LargeMatrix matrix, Network network, IReadOnlyDictionary<string, Tensor> values, Tensor?[] cotangents)
    {
        /// <summary>Rows of the examples' gradient, summed over them: count × columns.</summary>
        /// <param name="start">The first row.</param>
        /// <param name="count">How many rows.</param>
        public Tensor Rows(long start, long count)
        {
            using var grad = Libtorch.NoGrad();
            var sum = Tensor.Zeros([count, matrix.Columns], network.Type, network.Device);
            foreach (var (use, cotangent) in matrix._uses.Zip(cotangents))
            {
                using var scope = Libtorch.NewDisposeScope();
                if (cotangent is not null)
                {
                    var call = network.Call(use.Node, values);
                    sum.AddInPlace(network.Operators[use.Node].GradientRows(call, use.Input, cotangent, use.IsTransposed, start, count));
                }
            }

            return sum;
        }
    }
}
