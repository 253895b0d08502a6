using Occam.Data;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>The examples of data in float64.</summary>
internal static class ExampleRows
{
    /// <summary>An array an example.</summary>
    public static double[][] Of(DataSet data)
    {
        var all = new double[(long)data.Count * data.ExampleSize];
        data.CopyInputs(Enumerable.Range(0, data.Count).ToArray(), all);
        return [.. all.Chunk(data.ExampleSize)];
    }

    /// <summary>Some examples as a batch that the context's network takes.</summary>
    public static Tensor Batch(TheoryContext context, IReadOnlyCollection<double[]> examples) =>
        Tensor.FromArray([.. examples.SelectMany(x => x)], [examples.Count, .. context.Measures.ExampleShape]);
}
