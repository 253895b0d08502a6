using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>A network run with other tensors in place of its parameters.</summary>
internal sealed class GivenParameters(Network network, Dictionary<string, Tensor> leaves) : IFunction
{
    public Network Network => network;

    public ImmutableArray<long?> ExampleShape => network.ExampleShape;

    public ScalarType Type => network.Type;

    public Device Device => network.Device;

    public GivenParameters Holding(IReadOnlyDictionary<string, Tensor> held) => new(network.Holding(held), leaves);

    public Tensor Forward(Tensor input) => Run(input, [network.Output])[network.Output].AsRows();

    public IReadOnlyDictionary<string, Tensor> Run(Tensor input, IReadOnlyCollection<string> wanted) =>
        network.Run(new Dictionary<string, Tensor>(leaves) { [network.Graph.Input.Name] = input }, wanted);
}
