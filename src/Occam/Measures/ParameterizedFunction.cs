using System.Collections.Immutable;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>A function together with parameters that it can be differentiated by.</summary>
internal sealed class ParameterizedFunction
{
    private readonly IFunction _function;
    private readonly Network? _network;
    private readonly ImmutableArray<ParameterUse>? _uses;

    private ParameterizedFunction(ImmutableArray<string> names, Tensor[] parameters, IFunction function, Network? network)
    {
        Names = names;
        Parameters = parameters;
        _function = function;
        _network = network;
        _uses = network is null ? null : ParameterUse.OfAll(network);
    }

    /// <summary>The parameters' names.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The parameters, as leaves that require a gradient.</summary>
    public Tensor[] Parameters { get; }

    /// <summary>The parameters of what is measured, as it was given (batch normalization not folded); null when it has none.</summary>
    public static ParameterizedFunction? Of(Subject subject)
    {
        if (subject.Network is { Parameters.Length: > 0 } network)
        {
            var leaves = network.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value.Detach().RequireGrad());
            var given = new GivenParameters(network, leaves);
            return subject.FixedBatch is { } batch
                ? new ParameterizedFunction([.. leaves.Keys], [.. leaves.Values], new BatchedFunction(given, batch), null)
                : new ParameterizedFunction([.. leaves.Keys], [.. leaves.Values], given, network);
        }

        if (subject.Function is ScriptFunction { Parameters: { Length: > 0 } script } function)
        {
            Tensor[] leaves = [.. script.Select(parameter => parameter.RequireGrad())];
            return new ParameterizedFunction([.. leaves.Select((_, i) => $"parameter {i}")], leaves, function, null);
        }

        return null;
    }

    /// <summary>The function, recorded for its parameters.</summary>
    public Tensor Forward(Tensor x) => _function.Forward(x);

    /// <summary>
    /// For a batch with the losses L_i: Σ ∂L_i/∂θ by parameter (null where nothing depends on it), and ‖∂L_i/∂θ‖² of
    /// each example over all parameters, from one reverse pass over the batch. Null where an operator has no rule
    /// for its part, or a parameter enters at several places.
    /// </summary>
    /// <param name="x">The examples, which the function must not mix.</param>
    /// <param name="slope">∂L_i/∂logits for the logits it is given, both batch × k.</param>
    public (Tensor?[] Sum, double[] Squares)? Together(Tensor x, Func<Tensor, Tensor> slope)
    {
        if (_network is not { } network || _uses is not { Length: > 0 } uses)
        {
            return null;
        }

        var nodes = uses.Select(use => use.Node).Distinct(NodeIdentity.Comparer).ToArray();
        var inner = nodes.SelectMany(node => node.Inputs).Where(name => name != network.Graph.Input.Name && network.Graph.Varying.Contains(name));
        string[] wanted = [.. nodes.Select(node => node.Output).Concat(inner).Append(network.Output).Distinct()];
        var values = ((GivenParameters)_function).Run(x, wanted);
        var logits = GivenParameters.Logits(values[network.Output]);
        var outputs = Array.ConvertAll(nodes, node => values[node.Output]);
        var gradients = Autograd.Grad([logits], [.. Parameters, .. outputs], [slope(logits)]);
        using var grad = Libtorch.NoGrad();
        var cotangents = nodes.Zip(gradients.Skip(Parameters.Length)).ToDictionary(pair => pair.First, pair => pair.Second, NodeIdentity.Comparer);
        var known = new Dictionary<string, Tensor>(values) { [network.Graph.Input.Name] = x };
        var squares = new double[x.Size(0)];
        foreach (var (node, input) in uses)
        {
            if (cotangents[node] is not { } cotangent)
            {
                continue;
            }

            if (cotangent.Dimensions < 2 || cotangent.Size(0) != x.Size(0)
                || network.Operators[node].SquaredGradientByExample(network.Call(node, known), input, cotangent) is not { } part)
            {
                return null;
            }

            var numbers = part.To(ScalarType.Float64).ToArray<double>();
            for (var i = 0; i < squares.Length; i++)
            {
                squares[i] += numbers[i];
            }
        }

        return (gradients[..Parameters.Length], squares);
    }
}
