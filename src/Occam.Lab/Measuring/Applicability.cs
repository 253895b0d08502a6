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
        if (loaded.Function.ExampleShape.IsDefaultOrEmpty || loaded.Function.ExampleShape.Any(size => size is null))
        {
            return null;
        }

        // An example with a label stands for the data that a measure may need.
        int[] shape = [.. loaded.Function.ExampleShape.Select(size => (int)size!.Value)];
        var example =
            DataSet.FromArrays("an example of zeros", shape, new float[shape.Aggregate(1, (product, size) => product * size)], labels: [0]);
        var context = new MeasureContext(Subject.Of(loaded), example);
        return
        [
            .. from measure in MeasureCatalogue.All.Values
               let why = context.Missing(measure.Needs)
               where why is not null
               select (measure, why),
        ];
    }
}
