using Occam.Torch;

namespace Occam.Networks.Builders;

/// <summary>
/// ResNet-18 (He et al. 2016) for small images: a 3×3 convolution in place of the 7×7 one and its pooling, then
/// four stages of two basic blocks with k, 2k, 4k and 8k channels, the mean over space, a linear layer.
/// With k = 64 and ten classes it has 11 173 962 parameters. Names are torchvision's.
/// </summary>
public static class ResNet18
{
    /// <summary>Builds the network.</summary>
    /// <param name="scheme">How the weights start.</param>
    /// <param name="generator">Where random numbers come from.</param>
    /// <param name="width">k, the channels of the first stage.</param>
    /// <param name="classes">How many outputs.</param>
    /// <param name="exampleShape">Channels × height × width; 3×32×32 when null.</param>
    /// <param name="type">The type of the parameters.</param>
    public static Network Build(
        InitializationScheme scheme,
        Generator generator,
        long width = 64,
        long classes = 10,
        IEnumerable<long>? exampleShape = null,
        ScalarType type = ScalarType.Float32)
    {
        var builder = new NetworkBuilder("resnet18", exampleShape ?? [3, 32, 32], scheme, generator, type)
            .Convolution("conv1", width, kernel: 3, padding: 1, bias: false).BatchNorm("bn1").Activation("relu", "relu");
        for (var stage = 1; stage <= 4; stage++)
        {
            var channels = width << (stage - 1);
            Block(builder, $"layer{stage}.0", channels, stride: stage == 1 ? 1 : 2);
            Block(builder, $"layer{stage}.1", channels, stride: 1);
        }

        return builder.GlobalAveragePool("avgpool").Flatten("flatten").Dense("fc", classes).Build();
    }

    private static void Block(NetworkBuilder builder, string name, long channels, long stride)
    {
        var start = builder.Here;
        if (stride != 1 || start.Shape[0] != channels)
        {
            builder.Convolution($"{name}.downsample.0", channels, kernel: 1, stride, bias: false).BatchNorm($"{name}.downsample.1");
        }

        var shortcut = builder.Here;
        builder.From(start)
            .Convolution($"{name}.conv1", channels, kernel: 3, stride, padding: 1, bias: false)
                .BatchNorm($"{name}.bn1")
                .Activation($"{name}.relu1", "relu")
                .Convolution($"{name}.conv2", channels, kernel: 3, padding: 1, bias: false).BatchNorm($"{name}.bn2")
                .Add($"{name}.add", shortcut).Activation($"{name}.relu2", "relu");
    }
}
