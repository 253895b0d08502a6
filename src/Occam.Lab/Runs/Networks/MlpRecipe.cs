using System.Collections.Immutable;
using Occam.Networks;
using Occam.Networks.Builders;

namespace Occam.Lab.Runs.Networks;

/// <summary>A multi-layer perceptron: dense layers `layer1`, `layer2`, … with an activation between.</summary>
/// <param name="Hidden">Hidden units of each layer; with an identity or shift as first layer, of those after it.</param>
public sealed record MlpRecipe(ImmutableArray<long> Hidden) : NetworkRecipe("mlp")
{
    /// <summary>The activation: `relu`, `tanh`, `gelu`, ….</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>How the weights start.</summary>
    public InitializationScheme Initialization { get; init; } = InitializationScheme.PyTorch;

    /// <summary>How it begins: with a dense layer like the others, one whose weights start as the identity, or a trained shift.</summary>
    public FirstLayer FirstLayer { get; init; }

    /// <summary>Whether the layers have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>The probability with which a hidden unit is dropped.</summary>
    public double Dropout { get; init; }

    /// <inheritdoc/>
    internal override (string Key, string Why)? Problem() => Activations.Problem(Activation) is { } why ? ("activation", why) : null;

    /// <inheritdoc/>
    public override Network Make(NetworkRequirements order)
    {
        Probability.Check(Dropout);
        long[] sizes = [order.Inputs, .. FirstLayer == FirstLayer.Dense ? [] : new[] { order.Inputs }, .. Hidden, order.Outputs];
        return Mlp.Build(sizes, Activation, Initialization, order.Generator, Bias, FirstLayer, Dropout, order.Type);
    }
}
