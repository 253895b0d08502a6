using System.Collections.Immutable;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>A function together with parameters that it can be differentiated by.</summary>
internal sealed class ParameterizedFunction
{
    private readonly Func<Tensor, Tensor> _forward;

    private ParameterizedFunction(ImmutableArray<string> names, Tensor[] parameters, Func<Tensor, Tensor> forward)
    {
        Names = names;
        Parameters = parameters;
        _forward = forward;
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
            return new ParameterizedFunction([.. leaves.Keys], [.. leaves.Values], x =>
            {
                var given = new Dictionary<string, Tensor>(leaves) { [network.Graph.Input.Name] = x };
                var output = network.Run(given, [network.Output])[network.Output];
                return output.Dimensions == 1 ? output.Unsqueeze(1) : output.Flatten(1);
            });
        }

        if (subject.Function is ScriptFunction { Parameters: { Length: > 0 } script } function)
        {
            Tensor[] leaves = [.. script.Select(parameter => parameter.RequireGrad())];
            return new ParameterizedFunction([.. leaves.Select((_, i) => $"parameter {i}")], leaves, function.Forward);
        }

        return null;
    }

    /// <summary>The function, recorded for its parameters.</summary>
    public Tensor Forward(Tensor x) => _forward(x);
}
