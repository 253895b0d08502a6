using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>The function of a network of which there is nothing but weights.</summary>
internal sealed class UnknownFunction : IFunction
{
    public ImmutableArray<long?> ExampleShape => default;

    public ScalarType Type => ScalarType.Float32;

    public Device Device => Device.Cpu;

    public Tensor Forward(Tensor input) => throw new OccamException("weights alone don't tell the function that they belong to");
}
