using Occam.Torch;

namespace Occam.Networks.Builders;

/// <summary>
/// The convolutional network of Loukas, Poiitis and Jegelka 2021, "What training reveals about neural network
/// complexity" (Task 2): an identity layer with trained biases, two convolutions 5×5 with max-pooling 3, a
/// dense layer, one output. It ends in the logit; the paper's sigmoid is part of the loss.
/// </summary>
public static class IdentityCnn
{
    /// <summary>Builds the network.</summary>
    /// <param name="exampleShape">Channels × height × width: 3×32×32 in the paper, 1×28×28 for its digits.</param>
    /// <param name="scheme">How the weights start; PyTorch's default in the paper.</param>
    /// <param name="generator">Where random numbers come from.</param>
    /// <param name="channels">Channels of the first convolution; the second and the dense layer have four times as many.</param>
    /// <param name="type">The type of the parameters.</param>
    public static Network Build(
        IEnumerable<long> exampleShape, InitializationScheme scheme, Generator generator, long channels = 96,
        ScalarType type = ScalarType.Float32) =>
        new NetworkBuilder("identity-cnn", exampleShape, scheme, generator, type)
            .Shift("identity").Activation("relu0", "relu")
            .Convolution("conv1", channels, kernel: 5).Activation("relu1", "relu").MaxPool("pool1", 3, 3)
            .Convolution("conv2", 4 * channels, kernel: 5).Activation("relu2", "relu").MaxPool("pool2", 3, 3)
            .Flatten("flatten")
            .Dense("dense1", 4 * channels).Activation("relu3", "relu")
            .Dense("dense2", 1)
            .Build();
}
