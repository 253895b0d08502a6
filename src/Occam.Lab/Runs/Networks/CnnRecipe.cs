using System.Collections.Immutable;
using Occam.Networks;
using Occam.Networks.Builders;

namespace Occam.Lab.Runs.Networks;

/// <summary>
/// A plain convolutional network: for each number of channels a convolution `conv1`, `conv2`, … of the same size as
/// before it, an activation and 2×2 max-pooling; then dense layers.
/// </summary>
/// <param name="Channels">Channels of each convolution.</param>
public sealed record CnnRecipe(ImmutableArray<long> Channels) : NetworkRecipe("cnn")
{
    /// <summary>The side of the convolutions' windows, odd.</summary>
    public long Kernel { get; init; } = 3;

    /// <summary>Hidden units of the dense layers before the output.</summary>
    public ImmutableArray<long> Hidden { get; init; } = [];

    /// <summary>The activation: `relu`, `tanh`, `gelu`, ….</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>How the weights start.</summary>
    public InitializationScheme Initialization { get; init; } = InitializationScheme.PyTorch;

    /// <summary>Whether each convolution is followed by batch normalization.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>The probability with which a hidden unit is dropped.</summary>
    public double Dropout { get; init; }

    /// <inheritdoc/>
    internal override (string Key, string Why)? Problem() => Activations.Problem(Activation) is { } why ? ("activation", why) : null;

    /// <inheritdoc/>
    public override Network Make(NetworkRequirements order)
    {
        Probability.Check(Dropout);
        if (order.ExampleShape.Length != 3 || Kernel is < 1 || Kernel % 2 == 0)
        {
            throw new OccamException(order.ExampleShape.Length != 3
                ? "a convolutional network takes images of channels × height × width, and an example is of "
                    + $"{string.Join("×", order.ExampleShape)}"
                : $"a convolution can't have windows of {Kernel}×{Kernel}: give an odd number");
        }

        var builder = new NetworkBuilder("cnn", order.ExampleShape, Initialization, order.Generator, order.Type);
        for (var i = 1; i <= Channels.Length; i++)
        {
            builder.Convolution($"conv{i}", Channels[i - 1], Kernel, padding: Kernel / 2, bias: !BatchNorm);
            if (BatchNorm)
            {
                builder.BatchNorm($"norm{i}");
            }

            builder.Activation($"activation{i}", Activation).MaxPool($"pool{i}", 2, 2);
        }

        builder.Flatten("flatten");
        for (var i = 1; i <= Hidden.Length; i++)
        {
            builder.Dense($"dense{i}", Hidden[i - 1]).Activation($"activation{Channels.Length + i}", Activation);
            if (Dropout > 0)
            {
                builder.Dropout($"dropout{i}", Dropout);
            }
        }

        return builder.Dense("output", order.Outputs).Build();
    }
}
