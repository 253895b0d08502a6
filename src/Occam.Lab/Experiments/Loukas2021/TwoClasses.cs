using Occam.Data;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>Two classes of a data set, as 0 and 1.</summary>
internal static class TwoClasses
{
    /// <summary>The first examples of both, as many of each.</summary>
    /// <param name="data">All classes.</param>
    /// <param name="first">The class that becomes 0.</param>
    /// <param name="second">The class that becomes 1.</param>
    /// <param name="most">How many examples at most, of both together.</param>
    /// <exception cref="OccamException">The data have no such examples.</exception>
    public static DataSet Select(DataSet data, int first, int second, int most)
    {
        var labels = data.RequireLabels();
        int[] Indices(int label) => [.. Enumerable.Range(0, data.Count).Where(i => labels[i] == label)];
        var (ones, others) = (Indices(first), Indices(second));
        var each = Math.Min(most / 2, Math.Min(ones.Length, others.Length));
        if (each == 0)
        {
            throw new OccamException(
                $"{data.Name} has {ones.Length} examples of class {first} and {others.Length} of class {second}: both are needed");
        }

        int[] chosen = [.. ones.Take(each).Concat(others.Take(each)).Order()];
        var x = new float[checked(chosen.Length * data.ExampleSize)];
        data.CopyInputs(chosen, x);
        return DataSet.FromArrays(
            $"{data.Name}, classes {first} and {second}", data.ExampleShape, x, [.. chosen.Select(i => labels[i] == second ? 1 : 0)]);
    }
}
