using Occam.Data;
using Xunit;

namespace Occam.Tests.Data;

/// <summary>Reads bytes as a file of some name, and all inputs of a set.</summary>
internal static class Reading
{
    public static DataSet Read(string fileName, byte[] bytes, DataOptions? options = null) =>
        DataSource.ReadStream(new MemoryStream(bytes), fileName, options ?? new());

    public static double[] Inputs(DataSet set)
    {
        double[] inputs = new double[set.Count * set.ExampleSize];
        set.CopyInputs([.. Enumerable.Range(0, set.Count)], inputs);
        return inputs;
    }

    /// <summary>Checks that reading is refused in one line that holds the given words.</summary>
    public static void Refuses(string words, string fileName, byte[] bytes, DataOptions? options = null)
    {
        OccamException error = Assert.Throws<OccamException>(() => Read(fileName, bytes, options));
        Assert.Contains(words, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
