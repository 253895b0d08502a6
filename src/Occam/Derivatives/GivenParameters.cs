using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>A network run with other tensors in place of its parameters.</summary>
internal sealed class GivenParameters(Network network, Dictionary<string, Tensor> leaves) : IFunction
{
    public ImmutableArray<long?> ExampleShape => network.ExampleShape;

    public ScalarType Type => network.Type;

    public Device Device => network.Device;

    public static Tensor Logits(Tensor output) =>
        output.Dimensions == 2 ? output : output.Dimensions == 1 ? output.Unsqueeze(1) : output.Flatten(1);

    public Tensor Forward(Tensor input) => Logits(Run(input, [network.Output])[network.Output]);

    public IReadOnlyDictionary<string, Tensor> Run(Tensor input, IReadOnlyCollection<string> wanted) =>
        network.Run(new Dictionary<string, Tensor>(leaves) { [network.Graph.Input.Name] = input }, wanted);
}
