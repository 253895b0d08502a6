using System.Collections.Immutable;
using Occam.Data;
using Occam.Measures;
using Occam.Networks.Loading;

namespace Occam.Lab.Measuring;

/// <summary>What can be measured of a network, whatever the data.</summary>
public static class Applicability
{
    /// <summary>
    /// The measures that no data would make possible, each with the reason; null where the network doesn't say what its input is.
    /// </summary>
    public static IReadOnlyList<(Measure Measure, string Why)>? Missing(LoadedNetwork loaded)
    {
        if (Example(loaded) is not { } example)
        {
            return null;
        }

        var context = new MeasureContext(Subject.Of(loaded), example);
        return
        [
            .. from measure in MeasureCatalogue.All.Values
               let why = context.WhyNot(measure)
               where why is not null
               select (measure, why),
        ];
    }

    // An example with a label stands for the data that a measure may need.
    private static DataSet? Example(LoadedNetwork loaded)
    {
        var arrays = loaded.Inputs.IsEmpty
            ? [Zeros("x", loaded.Function.ExampleShape)]
            : loaded.Inputs.Select(input => Zeros(input.Name, input.ExampleShape)).ToArray();
        return arrays.Any(array => array.Data is null)
            ? null
            : arrays[0].Data!.With(arrays[0].Name, arrays.Skip(1).ToDictionary(array => array.Name, array => array.Data!));
    }

    private static (string Name, DataSet? Data) Zeros(string name, ImmutableArray<long?> shape)
    {
        if (shape.IsDefaultOrEmpty || shape.Any(size => size is null))
        {
            return (name, null);
        }

        int[] sizes = [.. shape.Select(size => (int)size!.Value)];
        var numbers = new float[sizes.Aggregate(1, (product, size) => product * size)];
        return (name, DataSet.FromArrays("an example of zeros", sizes, numbers, labels: [0]));
    }
}
