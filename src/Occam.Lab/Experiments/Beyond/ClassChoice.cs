using Occam.Data;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>Some classes of a data set, as many examples of each.</summary>
internal static class ClassChoice
{
    /// <summary>The first examples of each class in the order of the data, labelled by the class's place among those chosen.</summary>
    /// <param name="data">All classes.</param>
    /// <param name="classes">The classes chosen.</param>
    /// <param name="each">How many examples of each.</param>
    /// <param name="skipped">How many examples of each are passed over before.</param>
    /// <exception cref="OccamException">The data have fewer.</exception>
    public static DataSet Of(DataSet data, IReadOnlyList<int> classes, int each, int skipped = 0)
    {
        var labels = data.RequireLabels();
        int[] Examples(int label)
        {
            int[] found = [.. Enumerable.Range(0, data.Count).Where(i => labels[i] == label).Skip(skipped).Take(each)];
            return found.Length == each
                ? found
                : throw new OccamException($"{data.Name} has {found.Length} examples of class {label} behind the first {skipped}: "
                    + $"{each} are needed");
        }

        int[] chosen = [.. classes.SelectMany(Examples)];
        var x = new float[checked(chosen.Length * data.ExampleSize)];
        data.CopyInputs(chosen, x);
        return DataSet.FromArrays(
            $"{data.Name}, classes {string.Join(", ", classes)}", data.ExampleShape, x,
            [.. chosen.Select((_, place) => place / each)]);
    }
}
