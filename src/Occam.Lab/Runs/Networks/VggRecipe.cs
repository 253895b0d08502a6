using Occam.Networks;
using Occam.Networks.Builders;

namespace Occam.Lab.Runs.Networks;

/// <summary>The VGG of Neyshabur et al. 2017, for images of 32×32.</summary>
public sealed record VggRecipe() : NetworkRecipe("vgg")
{
    /// <summary>What all channels and hidden units are multiplied by.</summary>
    public double Width { get; init; } = 1;

    /// <summary>The probability with which an element is dropped after each stack.</summary>
    public double Dropout { get; init; } = 0.5;

    /// <summary>How the weights start.</summary>
    public InitializationScheme Initialization { get; init; } = InitializationScheme.PyTorch;

    /// <inheritdoc/>
    public override Network Make(NetworkRequirements order)
    {
        Probability.Check(Dropout);
        return order.ExampleShape is [var channels, 32, 32]
            ? Vgg.Build(Initialization, order.Generator, Width, order.Outputs, Dropout, channels, order.Type)
            : throw new OccamException($"this VGG takes images of 32×32, and an example is of {string.Join("×", order.ExampleShape)}");
    }
}
