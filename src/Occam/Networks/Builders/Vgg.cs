using Occam.Torch;

namespace Occam.Networks.Builders;

/// <summary>
/// The VGG of Neyshabur et al. 2017, "Exploring generalization in deep learning" (appendix A): stacks of two
/// 3×3 convolutions with 64, 128, 256 and 512 channels, batch normalization before each ReLU, 2×2 max-pooling and
/// dropout after each stack, 4×4 average pooling, a dense layer of 512, a linear layer. For 4×4 to be left of
/// 32×32, the last stack is followed by the average pooling in place of max-pooling: our choice, the paper
/// doesn't say. So is the dropout's probability.
/// </summary>
public static class Vgg
{
    private static readonly long[] s_channels = [64, 128, 256, 512];

    /// <summary>Builds the network for images of 32×32.</summary>
    /// <param name="scheme">How the weights start.</param>
    /// <param name="generator">Where random numbers come from.</param>
    /// <param name="width">What all channels and hidden units are multiplied by.</param>
    /// <param name="classes">How many outputs.</param>
    /// <param name="dropout">The probability with which an element is dropped; 0 leaves dropout out.</param>
    /// <param name="inputChannels">Channels of the images.</param>
    /// <param name="type">The type of the parameters.</param>
    public static Network Build(
        InitializationScheme scheme,
        Generator generator,
        double width = 1,
        long classes = 10,
        double dropout = 0.5,
        long inputChannels = 3,
        ScalarType type = ScalarType.Float32)
    {
        var builder = new NetworkBuilder("vgg", [inputChannels, 32, 32], scheme, generator, type);
        long Units(long full) => Math.Max(1, (long)Math.Round(full * width));
        for (var stack = 1; stack <= s_channels.Length; stack++)
        {
            for (var layer = 1; layer <= 2; layer++)
            {
                var name = $"stack{stack}.{layer}";
                builder.Convolution($"{name}.conv", Units(s_channels[stack - 1]), kernel: 3, padding: 1)
                    .BatchNorm($"{name}.bn")
                    .Activation($"{name}.relu", "relu");
            }

            if (stack < s_channels.Length)
            {
                builder.MaxPool($"stack{stack}.pool", 2, 2);
            }

            if (dropout > 0)
            {
                builder.Dropout($"stack{stack}.dropout", dropout);
            }
        }

        return builder
            .AveragePool("pool", 4, 4).Flatten("flatten")
            .Dense("hidden", Units(512)).Activation("hidden.relu", "relu")
            .Dense("output", classes)
            .Build();
    }
}
