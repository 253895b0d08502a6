using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>A network run with other tensors in place of its parameters, each made where a node takes it and let go after it.</summary>
/// <param name="network">The network.</param>
/// <param name="names">The names of the parameters that are replaced.</param>
/// <param name="make">Makes one, by name; null for what isn't among them.</param>
internal sealed class MadeParameters(Network network, IReadOnlyCollection<string> names, Func<string, Tensor?> make) : IFunction
{
    public ImmutableArray<long?> ExampleShape => network.ExampleShape;

    public ScalarType Type => network.Type;

    public Device Device => network.Device;

    public MadeParameters Holding(IReadOnlyDictionary<string, Tensor> held) => new(network.Holding(held), names, make);

    public Tensor Forward(Tensor input) => network.RunMaking(input, names, make, [network.Output])[network.Output].AsRows();
}
