using Occam.Torch;

namespace Occam.Networks.Builders;

/// <summary>Multi-layer perceptrons: dense layers <c>layer1</c>, <c>layer2</c>, … with an activation between.</summary>
public static class Mlp
{
    /// <summary>Builds a perceptron.</summary>
    /// <param name="sizes">Inputs, hidden units of each layer, outputs.</param>
    /// <param name="activation">A name in <see cref="Activations"/>.</param>
    /// <param name="scheme">How the weights start.</param>
    /// <param name="generator">Where random numbers come from.</param>
    /// <param name="bias">Whether the layers have biases.</param>
    /// <param name="firstLayer">How it begins. For an identity or a shift the first two sizes are equal.</param>
    /// <param name="dropout">The probability with which a hidden unit is dropped, after its activation; 0 leaves dropout out.</param>
    /// <param name="type">The type of the parameters.</param>
    /// <exception cref="OccamException">The sizes make no network, or the activation is unknown.</exception>
    public static Network Build(
        IReadOnlyList<long> sizes,
        string activation,
        InitializationScheme scheme,
        Generator generator,
        bool bias = true,
        FirstLayer firstLayer = FirstLayer.Dense,
        double dropout = 0,
        ScalarType type = ScalarType.Float32)
    {
        if (sizes.Count < 2 || (firstLayer != FirstLayer.Dense && sizes[0] != sizes[1]))
        {
            throw new OccamException($"a perceptron can't have the sizes {string.Join(", ", sizes)}: expected inputs, hidden units, "
                + "outputs, and as many units in an identity layer as inputs");
        }

        var builder = new NetworkBuilder("mlp", [sizes[0]], scheme, generator, type);
        for (var layer = 1; layer < sizes.Count; layer++)
        {
            _ = (layer, firstLayer) switch
            {
                (1, FirstLayer.Shift) => builder.Shift("layer1"),
                (1, FirstLayer.Identity) => builder.Dense("layer1", sizes[1], bias, Initializers.Identity),
                _ => builder.Dense($"layer{layer}", sizes[layer], bias),
            };
            if (layer < sizes.Count - 1)
            {
                builder.Activation($"activation{layer}", activation);
                if (dropout > 0)
                {
                    builder.Dropout($"dropout{layer}", dropout);
                }
            }
        }

        return builder.Build();
    }
}
