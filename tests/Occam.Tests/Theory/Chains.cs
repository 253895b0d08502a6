using Occam.Networks;
using Occam.Torch;

namespace Occam.Tests.Theory;

/// <summary>Networks of dense ReLU layers without biases.</summary>
internal static class Chains
{
    /// <summary>The network of weights.</summary>
    public static Network Of(params double[][,] weights)
    {
        long[] sizes = [weights[0].GetLength(1), .. weights.Select(W => (long)W.GetLength(0))];
        var network = Measures.Measuring.Perceptron("relu", sizes);
        var matrices = new Queue<double[,]>(weights);
        return network.WithInitializers(network.Parameters.Select(parameter => KeyValuePair.Create(
            parameter.Name,
            parameter.Value.Dimensions == 2
                ? Tensor.FromArray(matrices.Dequeue().Cast<double>().ToArray(), parameter.Value.Shape)
                : Tensor.ZerosLike(parameter.Value))).ToArray());
    }

    /// <summary>Layers with Gaussian weights.</summary>
    public static Network Random(ulong seed, params long[] sizes) => Of(RandomWeights((long)seed, sizes));

    public static double[][,] RandomWeights(long seed, params long[] sizes)
    {
        var random = new SeededRandom(seed);
        return
        [
            .. Enumerable.Range(1, sizes.Length - 1).Select(layer =>
            {
                var W = new double[sizes[layer], sizes[layer - 1]];
                for (var j = 0; j < W.GetLength(0); j++)
                {
                    for (var i = 0; i < W.GetLength(1); i++)
                    {
                        W[j, i] = random.NextGaussian();
                    }
                }

                return W;
            }),
        ];
    }
}
