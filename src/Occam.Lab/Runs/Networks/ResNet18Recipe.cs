using Occam.Networks;
using Occam.Networks.Builders;

namespace Occam.Lab.Runs.Networks;

/// <summary>ResNet-18 for small images.</summary>
public sealed record ResNet18Recipe() : NetworkRecipe("resnet18")
{
    /// <summary>Channels of the first stage.</summary>
    public long Width { get; init; } = 64;

    /// <summary>How the weights start.</summary>
    public InitializationScheme Initialization { get; init; } = InitializationScheme.PyTorch;

    /// <inheritdoc/>
    public override Network Make(NetworkRequirements order) =>
        order.ExampleShape.Length == 3
            ? ResNet18.Build(Initialization, order.Generator, Width, order.Outputs, order.ExampleShape, order.Type)
            : throw new OccamException(
                $"ResNet-18 takes images of channels × height × width, and an example is of {string.Join("×", order.ExampleShape)}");
}
