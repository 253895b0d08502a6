using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Lab.Runs.Networks;

/// <summary>What a network must suit.</summary>
/// <param name="ExampleShape">The sizes of one example.</param>
/// <param name="Outputs">How many outputs the data and the loss ask for.</param>
/// <param name="Generator">Where the first weights come from.</param>
/// <param name="Type">The type of the parameters.</param>
public sealed record NetworkRequirements(ImmutableArray<long> ExampleShape, long Outputs, Generator Generator, ScalarType Type)
{
    /// <summary>The inputs of one example, all dimensions together.</summary>
    public long Inputs => ExampleShape.Aggregate(1L, (product, size) => product * size);
}
