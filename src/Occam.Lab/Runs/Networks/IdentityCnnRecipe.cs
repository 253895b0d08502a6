using Occam.Networks;
using Occam.Networks.Builders;

namespace Occam.Lab.Runs.Networks;

/// <summary>The convolutional network of Loukas et al. 2021 (Task 2), which starts with a trained shift of the input; one output.</summary>
public sealed record IdentityCnnRecipe() : NetworkRecipe("identity-cnn")
{
    /// <summary>Channels of the first convolution; the second and the dense layer have four times as many.</summary>
    public long Channels { get; init; } = 96;

    /// <summary>How the weights start.</summary>
    public InitializationScheme Initialization { get; init; } = InitializationScheme.PyTorch;

    /// <inheritdoc/>
    public override Network Make(NetworkRequirements order) =>
        IdentityCnn.Build(order.ExampleShape, Initialization, order.Generator, Channels, order.Type);
}
